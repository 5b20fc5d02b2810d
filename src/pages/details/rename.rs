//! The group's name.

use super::super::new_group::sentence;
use crate::{
    api::groups,
    components::{each::text, toasts::Toasts},
    inbox::Inbox,
    words::{Word, say},
};
use leptos::{ev, html::Input, prelude::*, task::spawn_local};
use parley_protocol::{ConversationId, people::Conversation, text as rules};

#[component]
pub fn Rename(id: ConversationId, conversation: Signal<Conversation>) -> impl IntoView {
    let inbox = expect_context::<Inbox>();
    let toasts = expect_context::<Toasts>();
    let field = NodeRef::<Input>::new();
    let trouble = RwSignal::new(String::new());
    let save = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let typed = field.get_untracked().map(|field| field.value()).unwrap_or_default();
        match rules::display_name(&typed) {
            Err(error) => trouble.set(sentence(error)),
            Ok(name) => spawn_local(async move {
                match groups::rename(id, name).await {
                    Ok(group) => {
                        inbox.put(group);
                        toasts.say(say(Word::Saved));
                    }
                    Err(failure) => {
                        trouble.try_set(failure.sentence());
                    }
                }
            }),
        }
    };
    view! {
        <form class="details-part details-rename" novalidate on:submit=save>
            <div class="field">
                <label for="group-name">{say(Word::GroupName)}</label>
                <input
                    id="group-name"
                    class="input"
                    type="text"
                    autocomplete="off"
                    node_ref=field
                    prop:value=conversation.with_untracked(|c| c.name.clone().unwrap_or_default())
                    aria-describedby="group-name-trouble"
                    on:input=move |_| trouble.set(String::new())
                />
                <p id="group-name-trouble" class="field-trouble" role="alert">
                    {text(move || trouble.get())}
                </p>
            </div>
            <button type="submit" class="button">
                {say(Word::Save)}
            </button>
        </form>
    }
}
