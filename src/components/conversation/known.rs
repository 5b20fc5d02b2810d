//! A frame for pages about one conversation: it shows the page at once if the inbox has the conversation,
//! else after the server has sent it.

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
                // Falls back to the first value while the conversation is being removed.
                show(id, Signal::derive(move || known.get().unwrap_or_else(|| first.clone())))
            }
            None if missing.get() => view! { <NotFound text=say(Word::NoSuchConversation) /> }.into_any(),
            None => view! { <div class="conversation" aria-busy="true"></div> }.into_any(),
        }
    }
}
