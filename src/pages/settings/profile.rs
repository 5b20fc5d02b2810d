//! The profile section: the avatar, the display name, and the sign-out button.

use crate::{
    api::account,
    components::{
        kit::{
            name_field::{NameField, NameForm},
            toasts::Toasts,
        },
        settings::{picture_choice::PictureChoice, sign_out::SignOut},
    },
    state::inbox::Inbox,
    words::{Word, say},
};
use leptos::{ev, prelude::*};
use parley_protocol::rest::UpdateMe;

#[component]
pub fn Profile() -> impl IntoView {
    let inbox = expect_context::<Inbox>();
    let toasts = expect_context::<Toasts>();
    let form = NameForm::new(Word::EnterAName);
    let save = move |event: ev::SubmitEvent| {
        let Some(name) = form.typed(&event) else { return };
        form.send(async move {
            let change = UpdateMe { display_name: Some(name), ..UpdateMe::default() };
            let profile = account::change_profile(&change).await.map_err(|failure| failure.sentence())?;
            inbox.rename(profile.display_name);
            toasts.say(say(Word::Saved));
            Ok(())
        });
    };
    view! {
        <form class="settings-group profile" novalidate on:submit=save>
            <PictureChoice />
            <NameField
                of=form
                id="profile-name"
                label=Word::YourName
                autocomplete="name"
                value=inbox.me().display_name
            />
            <button type="submit" class="button" data-tone="brand" aria-busy=form.busy()>
                {say(Word::Save)}
            </button>
        </form>
        <div class="settings-group">
            <SignOut />
        </div>
    }
}
