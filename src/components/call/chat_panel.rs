//! The chat panel of a call, and its button with the number of unread messages.

use super::{
    room_panel::{Panel, Panels},
    shortcuts::with_key,
};
use crate::components::{
    conversation::{composer::Composer, message_list::MessageList},
    kit::{
        each::{flag, press, text},
        icon::{Glyph, Icon},
    },
};
use crate::{
    call::view::Room,
    platform,
    state::inbox::Inbox,
    words::{Word, count, say},
};
use leptos::prelude::*;
use parley_protocol::ConversationId;

#[component]
pub fn ChatButton(room: Signal<Room>) -> impl IntoView {
    let panels = expect_context::<Panels>();
    let id = room.with_untracked(|room| room.conversation_id);
    let unread = use_context::<Inbox>().map(|inbox| {
        let known = inbox.conversation(id);
        Memo::new(move |_| known.with(|known| known.as_ref().map_or(0, |known| known.unread)))
    });
    let unread = move || unread.map_or(0, |unread| unread.get());
    let name = text(move || match unread() {
        0 => say(Word::Chat).to_owned(),
        n => count(Word::ChatUnread, n, &[]),
    });
    view! {
        <button
            type="button"
            class="call-control"
            aria-label=name
            title=text(move || with_key(&name.get(), Word::KeyC))
            aria-expanded=flag(move || panels.shows(Panel::Chat))
            on:click=press(move || panels.toggle(Panel::Chat))
        >
            <Icon of=Glyph::MessageCircle />
            <Show when=move || { unread() > 0 }>
                <span class="badge call-control-badge" aria-hidden="true">
                    {move || unread().min(99)}
                </span>
            </Show>
        </button>
    }
}

#[component]
pub fn ChatPanel(id: ConversationId) -> impl IntoView {
    let Some(inbox) = use_context::<Inbox>() else { return ().into_any() };
    let thread = inbox.thread(id);
    // The page below the call may show the same conversation: closing the panel restores its state.
    let was_open = thread.is_open();
    thread.set_open(true);
    thread.load();
    let closing = thread.clone();
    on_cleanup(move || closing.set_open(was_open));
    let known = inbox.conversation(id);
    let me = inbox.me().id;
    Effect::new(move |_| {
        let unread = known.with(|known| known.as_ref().is_some_and(|known| known.unread > 0));
        if unread && platform::is_visible() {
            inbox.mark_read(id);
        }
    });
    let Some(first) = known.get_untracked() else { return ().into_any() };
    // Falls back to the first value while the conversation is being removed.
    let conversation = Signal::derive(move || known.get().unwrap_or_else(|| first.clone()));
    Effect::new(move |_| platform::focus_on(".chat-panel textarea"));
    view! {
        <div class="chat-panel">
            <MessageList thread=thread.clone() me conversation />
            <Composer thread />
        </div>
    }
    .into_any()
}
