//! One conversation: its people, its messages, and calls from it.

use crate::words::{Word, say};
use crate::{
    call::handle::CallHandle,
    components::{
        call::screen::covers_page,
        conversation::{
            composer::Composer, header::ConversationHeader, invitation::Invitation, known::KnownConversation,
            message_list::MessageList, notice_offer::NoticeOffer,
        },
    },
    platform,
    state::inbox::{Inbox, Standing, partner, standing},
};
use leptos::{ev, prelude::*};
use parley_protocol::{
    ConversationId,
    people::{Conversation, ConversationKind},
};

#[component]
pub fn ConversationPage(id: ConversationId) -> impl IntoView {
    let inbox = expect_context::<Inbox>();
    let known = inbox.conversation(id);
    keep_open(inbox, id);
    mark_read_while_seen(inbox, id, known);
    let show = |id, conversation| view! { <Shown id conversation /> }.into_any();
    view! { <KnownConversation id show /> }
}

#[component]
fn Shown(id: ConversationId, conversation: Signal<Conversation>) -> impl IntoView {
    let inbox = expect_context::<Inbox>();
    let me = inbox.me().id;
    let open = Memo::new(move |_| conversation.with(|c| standing(c, me) == Standing::Open));
    view! {
        <div class="conversation">
            <ConversationHeader id conversation />
            {move || {
                if open.get() {
                    let thread = inbox.thread(id);
                    thread.load();
                    view! {
                        <NoticeOffer />
                        <MessageList thread=thread.clone() me conversation />
                        <Composer thread />
                    }
                        .into_any()
                } else {
                    let with = conversation.with_untracked(|c| partner(c, me));
                    let standing = conversation.with(|c| standing(c, me));
                    let into_group = conversation.with_untracked(inviter);
                    view! { <Invitation id with standing into_group /> }.into_any()
                }
            }}
        </div>
    }
}

/// Returns the name of the person who started the group; none for a direct conversation.
fn inviter(conversation: &Conversation) -> Option<String> {
    let group = conversation.kind == ConversationKind::Group;
    let who = conversation.members.iter().find(|member| member.id == conversation.started_by);
    let name = who.map_or_else(|| say(Word::SomebodyLeft).to_owned(), |who| who.display_name.clone());
    group.then_some(name)
}

/// Tells the inbox that the conversation is on the screen, for as long as the page is mounted.
fn keep_open(inbox: Inbox, id: ConversationId) {
    let thread = inbox.thread(id);
    thread.set_open(true);
    on_cleanup(move || thread.set_open(false));
}

/// Marks the conversation as read while the page is visible and not covered, and when the person returns to
/// the window.
fn mark_read_while_seen(inbox: Inbox, id: ConversationId, known: Memo<Option<Conversation>>) {
    let unread = Memo::new(move |_| known.with(|known| known.as_ref().map_or(0, |c| c.unread)));
    let returned = RwSignal::new(());
    let covered = covers_page(expect_context::<CallHandle>());
    let listener = window_event_listener(ev::focus, move |_| returned.set(()));
    on_cleanup(move || listener.remove());
    Effect::new(move |_| {
        returned.track();
        if unread.get() > 0 && !covered.get() && platform::is_visible() {
            inbox.mark_read(id);
        }
    });
}
