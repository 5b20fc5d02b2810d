//! The inbox: news of conversations from the socket, in any order.

use super::support::ana;
use leptos::prelude::*;
use parley::state::{inbox::Inbox, news::News};
use parley_protocol::{
    CallId, ConversationId, MessageId, ServerMessage, Timestamp, UserId,
    call::{Call, CallMode, CallStatus, CallType, Engine},
    people::{Conversation, ConversationKind, ConversationStatus, Message, MessageContent, UserSummary},
};
use uuid::Uuid;
use wasm_bindgen_test::wasm_bindgen_test;

pub fn me() -> UserSummary {
    UserSummary::named(UserId(Uuid::from_u128(9)), "Robin")
}

fn id() -> ConversationId {
    ConversationId(Uuid::from_u128(2))
}

pub fn conversation(live_call: Option<Call>) -> Conversation {
    Conversation {
        id: id(),
        kind: ConversationKind::Direct,
        name: None,
        status: ConversationStatus::Accepted,
        started_by: me().id,
        members: vec![me(), ana()],
        roles: Vec::new(),
        invited: Vec::new(),
        last_message: None,
        unread: 0,
        live_call,
        updated_at: Timestamp(0),
    }
}

fn message(n: u8, sender: UserId, content: MessageContent) -> Message {
    let created_at = Timestamp(i64::from(n));
    Message {
        id: MessageId(Uuid::from_u128(n.into())),
        conversation_id: id(),
        sender_id: sender,
        content,
        created_at,
    }
}

fn text(n: u8, sender: UserId) -> Message {
    message(n, sender, MessageContent::Text { text: n.to_string() })
}

fn ended(n: u8, status: CallStatus) -> Message {
    let (call_id, call_type) = (CallId(Uuid::from_u128(1)), CallType::Video);
    message(n, ana().id, MessageContent::Call { call_id, call_type, status, duration_seconds: None })
}

fn live() -> Call {
    Call {
        id: CallId(Uuid::from_u128(1)),
        conversation_id: id(),
        initiator_id: ana().id,
        call_type: CallType::Video,
        mode: CallMode::Direct,
        engine: Engine::P2p,
        status: CallStatus::Ringing,
        version: 1,
        created_at: Timestamp(0),
        ring_deadline: Timestamp(60_000),
        accepted_at: None,
        connected_at: None,
        ended_at: None,
        duration_seconds: None,
        end_reason: None,
        ends_at: None,
        limit: None,
        participants: Vec::new(),
    }
}

/// Runs `check` with an inbox of one conversation.
fn with_inbox(live_call: Option<Call>, check: impl FnOnce(Inbox)) {
    let owner = Owner::new();
    owner.with(|| {
        let inbox = Inbox::new(me());
        inbox.replace(vec![conversation(live_call)]);
        check(inbox);
    });
}

fn tell(inbox: Inbox, message: Message) {
    inbox.apply(News::Message(ServerMessage::MessageCreated { message }));
}

fn only(inbox: Inbox) -> Conversation {
    inbox.conversations().get_untracked().remove(0)
}

#[wasm_bindgen_test]
fn a_repeated_message_is_unread_once() {
    with_inbox(None, |inbox| {
        tell(inbox, text(1, ana().id));
        tell(inbox, text(1, ana().id));
        tell(inbox, text(2, me().id));
        assert_eq!(only(inbox).unread, 1);
        inbox.apply(News::Message(ServerMessage::ConversationRead { conversation_id: id() }));
        assert_eq!(only(inbox).unread, 0);
    });
}

#[wasm_bindgen_test]
fn a_missed_call_is_news_and_one_that_was_declined_is_not() {
    with_inbox(None, |inbox| {
        tell(inbox, ended(1, CallStatus::Declined));
        assert_eq!(only(inbox).unread, 0);
        tell(inbox, ended(2, CallStatus::Missed));
        assert_eq!(only(inbox).unread, 1);
    });
}

#[wasm_bindgen_test]
fn messages_are_in_order_and_without_repetition() {
    with_inbox(None, |inbox| {
        let thread = inbox.thread(id());
        for n in [3, 1, 2, 1, 3] {
            tell(inbox, text(n, ana().id));
        }
        let order: Vec<_> = thread.messages().get_untracked().iter().map(|m| m.created_at.0).collect();
        assert_eq!(order, [1, 2, 3]);
        assert_eq!(only(inbox).last_message, Some(text(3, ana().id)));
    });
}

#[wasm_bindgen_test]
fn a_call_that_has_ended_does_not_come_back_with_an_older_answer() {
    with_inbox(Some(live()), |inbox| {
        tell(inbox, ended(1, CallStatus::Ended));
        assert_eq!(only(inbox).live_call, None);
        inbox.put(conversation(Some(live())));
        assert_eq!(only(inbox).live_call, None);
        inbox.replace(vec![conversation(Some(live()))]);
        assert_eq!(only(inbox).live_call, None);
    });
}

#[wasm_bindgen_test]
async fn an_answer_that_was_overtaken_is_asked_for_again_bug() {
    let owner = Owner::new();
    owner.set();
    let inbox = Inbox::new(me());
    let asked = std::cell::Cell::new(0);
    let answer = inbox.fresh(async || {
        asked.set(asked.get() + 1);
        if asked.get() == 1 {
            // The invitation is accepted while the first answer is on its way.
            inbox.put(conversation(None));
        }
        Ok(asked.get())
    });
    assert_eq!(answer.await, Ok(2));
}
