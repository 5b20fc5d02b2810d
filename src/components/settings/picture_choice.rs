//! The choice of the person's own avatar: a picture from a file, or their initials.

use crate::components::kit::{
    avatar::{Avatar, AvatarSize},
    each::{flag, press},
    icon::{Glyph, Icon},
    toasts::Toasts,
};
use crate::{
    api::{Failure, account},
    platform::{self, Unfit},
    state::inbox::Inbox,
    words::{Word, say},
};
use leptos::{html::Input, prelude::*, task::spawn_local};
use parley_protocol::people::Profile;

#[component]
pub fn PictureChoice() -> impl IntoView {
    let inbox = expect_context::<Inbox>();
    let toasts = expect_context::<Toasts>();
    let field = NodeRef::<Input>::new();
    let busy = RwSignal::new(false);
    let has_one = Memo::new(move |_| inbox.owner().with(|me| me.picture.is_some()));
    let done = move |answer: Result<Profile, Failure>| {
        match answer {
            Ok(profile) => inbox.look_like(profile.picture),
            Err(failure) => toasts.fail(failure.sentence()),
        }
        busy.try_set(false);
    };
    let choose = move |_| {
        busy.set(true);
        spawn_local(async move {
            match platform::chosen_picture(field).await {
                Some(Ok(picture)) => done(account::set_picture(picture).await),
                Some(Err(unfit)) => {
                    toasts.fail(say(match unfit {
                        Unfit::TooLarge => Word::PictureTooLarge,
                        Unfit::NoPicture => Word::NoPicture,
                    }));
                    busy.try_set(false);
                }
                None => drop(busy.try_set(false)),
            }
        });
    };
    let remove = move || {
        busy.set(true);
        spawn_local(async move { done(account::remove_picture().await) });
    };
    view! {
        <div class="picture-choice" aria-busy=flag(move || busy.get())>
            <Avatar of=inbox.owner() size=AvatarSize::Huge />
            <div class="picture-choice-ways">
                <label class="button">
                    <input
                        class="visually-hidden"
                        type="file"
                        accept="image/png,image/jpeg,image/webp,image/gif,image/avif"
                        node_ref=field
                        prop:disabled=busy
                        on:change=choose
                    />
                    <Icon of=Glyph::User />
                    {say(Word::ChoosePicture)}
                </label>
                <Show when=move || has_one.get()>
                    <button type="button" class="text-button" on:click=press(remove)>
                        {say(Word::RemovePicture)}
                    </button>
                </Show>
            </div>
        </div>
    }
}
