//! The form that renames a group.

use crate::{
    api::groups,
    components::kit::{
        name_field::{NameField, NameForm},
        toasts::Toasts,
    },
    state::inbox::Inbox,
    words::{Word, say},
};
use leptos::{ev, prelude::*};
use parley_protocol::{ConversationId, people::Conversation};

#[component]
pub fn Rename(id: ConversationId, conversation: Signal<Conversation>) -> impl IntoView {
    let inbox = expect_context::<Inbox>();
    let toasts = expect_context::<Toasts>();
    let form = NameForm::new(Word::GroupNeedsName);
    let save = move |event: ev::SubmitEvent| {
        let Some(name) = form.typed(&event) else { return };
        form.send(async move {
            inbox.put(groups::rename(id, name).await.map_err(|failure| failure.sentence())?);
            toasts.say(say(Word::Saved));
            Ok(())
        });
    };
    let value = conversation.with_untracked(|c| c.name.clone().unwrap_or_default());
    view! {
        <form class="details-part details-rename" novalidate on:submit=save>
            <NameField of=form id="group-name" label=Word::GroupName value />
            <button type="submit" class="button" aria-busy=form.busy()>
                {say(Word::Save)}
            </button>
        </form>
    }
}
