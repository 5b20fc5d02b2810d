//! A page about one conversation: at once if it is known here, else as soon as the server has told of it.

use crate::{
    components::kit::not_found::NotFound,
    state::inbox::Inbox,
    words::{Word, say},
};
use leptos::{prelude::*, task::spawn_local};
use parley_protocol::{ConversationId, people::Conversation};

#[component]
pub fn KnownConversation(
    id: ConversationId,
    show: fn(ConversationId, Signal<Conversation>) -> AnyView,
) -> impl IntoView {
    let inbox = expect_context::<Inbox>();
    let known = inbox.conversation(id);
    let missing = RwSignal::new(false);
    spawn_local(async move {
        let refused = inbox.refresh(id).await.is_err_and(|failure| failure.code().is_some());
        if refused {
            missing.try_set(true);
        }
    });
    let is_known = Memo::new(move |_| known.with(Option::is_some));
    move || {
        let first = is_known.get().then(|| known.get_untracked()).flatten();
        match first {
            Some(first) => {
                // What was known first, while the conversation goes away.
                show(id, Signal::derive(move || known.get().unwrap_or_else(|| first.clone())))
            }
            None if missing.get() => view! { <NotFound text=say(Word::NoSuchConversation) /> }.into_any(),
            None => view! { <div class="conversation" aria-busy="true"></div> }.into_any(),
        }
    }
}
