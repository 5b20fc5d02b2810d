//! `/api/users/{id}/block` and `/api/me/blocks`: a blocked person notices nothing.

use crate::support::{Device, Person, TestApp};
use parley_protocol::{
    ErrorCode, ServerMessage, UserId,
    call::CallStatus,
    limits,
    people::{Conversation, ConversationStatus, Message},
    rest::{Conversations, InviteLink, Messages, NewConversation, NewMessage, Users},
    ws::HandledHow,
};
use std::{fmt::Write, time::Duration};
use uuid::Uuid;

async fn block(by: &Person<'_>, of: &Person<'_>) {
    by.put(&format!("/api/users/{}/block", of.id())).await.is_empty();
}

async fn unblock(by: &Person<'_>, of: &Person<'_>) {
    by.delete(&format!("/api/users/{}/block", of.id())).await.is_empty();
}

async fn list(person: &Person<'_>) -> Vec<Conversation> {
    person.get("/api/conversations").await.ok::<Conversations>().items
}

fn saying(text: &str) -> NewMessage {
    NewMessage { text: text.to_owned() }
}

async fn texts(person: &Person<'_>, path: &str) -> usize {
    person.get(path).await.ok::<Messages>().items.len()
}

#[tokio::test]
async fn a_message_of_a_blocked_person_looks_delivered_and_is_never_seen() {
    let test = TestApp::new().await;
    let (ana, ben, direct) = test.friends().await;
    let path = format!("/api/conversations/{}/messages", direct.id);
    ben.post(&path, &saying("before")).await.created::<Message>();
    let (mut hers, mut his) = (ana.device().await, ben.device().await);
    block(&ana, &ben).await;
    assert_eq!(hers.next().await, ServerMessage::ConversationRemoved { conversation_id: direct.id });
    assert!(list(&ana).await.is_empty());

    let sent: Message = ben.post(&path, &saying("hello?")).await.created();
    assert_eq!(his.next().await, ServerMessage::MessageCreated { message: sent.clone() });
    assert_eq!(list(&ben).await[0].last_message.as_ref(), Some(&sent));
    assert_eq!((texts(&ben, &path).await, texts(&ana, &path).await), (2, 1));
    assert!(hers.drain().await.is_empty());
    ana.post(&path, &saying("go away")).await.refused(409, ErrorCode::Conflict);

    unblock(&ana, &ben).await;
    let back = list(&ana).await.remove(0);
    assert_eq!((back.unread, texts(&ana, &path).await), (1, 1), "a hidden message stays hidden");
    assert!(back.last_message.is_some_and(|last| last.id != sent.id));
    ben.post(&path, &saying("again")).await.created::<Message>();
    assert_eq!(list(&ana).await[0].unread, 2);
}

#[tokio::test]
async fn an_invitation_of_a_blocked_person_waits_unseen() {
    let test = TestApp::new().await;
    let (ana, ben) = (test.guest("Ana").await, test.guest("Ben").await);
    block(&ana, &ben).await;
    let mut hers = ana.device().await;
    let asked: Conversation = ben.post("/api/conversations", &NewConversation::direct(ana.id())).await.ok();
    assert_eq!(asked.status, ConversationStatus::Pending);
    let group = NewConversation::group("Us", vec![ana.id()]);
    let group: Conversation = ben.post("/api/conversations", &group).await.ok();
    assert_eq!(group.invited.len(), 1);
    assert!(hers.drain().await.is_empty() && list(&ana).await.is_empty());
    ana.get(&format!("/api/conversations/{}", group.id)).await.refused(404, ErrorCode::NotFound);
    let back = NewConversation::direct(ben.id());
    ana.post("/api/conversations", &back).await.refused(409, ErrorCode::Conflict);
    unblock(&ana, &ben).await;
    assert_eq!(list(&ana).await.len(), 2);
    let both: Conversation = ana.post("/api/conversations", &back).await.ok();
    assert_eq!(both.status, ConversationStatus::Accepted);
}

#[tokio::test]
async fn a_blocked_members_messages_are_hidden_from_the_blocker_alone() {
    let test = TestApp::new().await;
    let (ana, ben, cleo) = (test.guest("Ana").await, test.guest("Ben").await, test.guest("Cleo").await);
    let group = test.group("The band", &[&ana, &ben, &cleo]).await;
    let path = format!("/api/conversations/{}/messages", group.id);
    block(&ana, &ben).await;
    let (mut hers, mut his) = (ana.device().await, cleo.device().await);
    let from_cleo: Message = cleo.post(&path, &saying("one")).await.created();
    let from_ben: Message = ben.post(&path, &saying("two")).await.created();
    assert_eq!(hers.drain().await, [ServerMessage::MessageCreated { message: from_cleo.clone() }]);
    assert_eq!(his.drain().await.len(), 2);
    let seen = list(&ana).await.remove(0);
    assert_eq!((seen.unread, seen.last_message), (1, Some(from_cleo)));
    assert_eq!(list(&cleo).await[0].last_message, Some(from_ben));
    ana.post(&path, &saying("three")).await.created::<Message>();
    assert_eq!((texts(&ana, &path).await, texts(&ben, &path).await), (2, 3));
    let wish = NewConversation::group("Another", vec![ben.id(), cleo.id()]);
    ana.post("/api/conversations", &wish).await.refused(409, ErrorCode::Conflict);
}

#[tokio::test]
async fn blocker_and_blocked_do_not_find_each_other() {
    let test = TestApp::new().await;
    let (ana, ben) = (test.guest("Ana").await, test.guest("Ben").await);
    let found = async |by: &Person<'_>, name: &str| {
        by.get(&format!("/api/users?query={name}")).await.ok::<Users>().items.len()
    };
    assert_eq!((found(&ana, "ben").await, found(&ben, "ana").await), (1, 1));
    block(&ana, &ben).await;
    assert_eq!((found(&ana, "ben").await, found(&ben, "ana").await), (0, 0));
    unblock(&ana, &ben).await;
    assert_eq!((found(&ana, "ben").await, found(&ben, "ana").await), (1, 1));
}

#[tokio::test]
async fn a_blockers_link_does_not_reveal_the_block() {
    let test = TestApp::new().await;
    let (ana, ben) = (test.guest("Ana").await, test.guest("Ben").await);
    let link = async |of: &Person<'_>| {
        let link: InviteLink = of.post("/api/me/invite-link", &()).await.created();
        format!("/api/invites/{}", link.token)
    };
    let (hers, his) = (link(&ana).await, link(&ben).await);
    block(&ana, &ben).await;
    let mut tab = ana.device().await;
    let joined: Conversation = ben.post(&hers, &()).await.ok();
    assert_eq!(joined.status, ConversationStatus::Accepted);
    let his_tab = ben.device().await;
    let call = ben.start(joined.id, &his_tab).await;
    assert_eq!(call.status, CallStatus::Initiated, "as with somebody who is not there");
    ben.post(&format!("/api/conversations/{}/messages", joined.id), &saying("hello?"))
        .await
        .created::<Message>();
    ben.finish("cancel", call.id, &his_tab).await;
    assert!(tab.drain().await.is_empty() && list(&ana).await.is_empty());
    ana.post(&his, &()).await.refused(409, ErrorCode::Conflict);
}

#[tokio::test]
async fn a_ringing_call_stops_when_its_caller_is_blocked_bug() {
    let test = TestApp::new().await;
    let (ana, ben, direct) = test.friends().await;
    let cleo = test.guest("Cleo").await;
    let group = test.group("The band", &[&cleo, &ana, &ben]).await;
    let (mut one, mut two, mut his) = (ana.device().await, ana.device().await, ben.device().await);
    let call = ben.start(direct.id, &his).await;
    for tab in [&mut one, &mut two] {
        assert_eq!(tab.incoming().await.id, call.id);
        tab.ring(call.id).await;
    }
    his.drain().await;
    let seen = ben.details(call.id).await;

    block(&ana, &ben).await;
    for tab in [&mut one, &mut two] {
        let how = tab.until(|message| match message {
            ServerMessage::CallHandledElsewhere { how, .. } => Some(*how),
            _ => None,
        });
        assert_eq!(how.await, HandledHow::Silenced);
        assert!(tab.heard().await.is_empty());
    }
    let mut late = Device::hello(&ana, None).await;
    assert!(late.heard().await.iter().all(|kind| !kind.starts_with("call.")));
    ana.get(&format!("/api/calls/{}", call.id)).await.refused(404, ErrorCode::NotFound);
    assert!(his.heard().await.is_empty(), "he learns nothing of the block");
    let now = ben.details(call.id).await;
    assert_eq!((now.call.status, now.call.participants), (seen.call.status, seen.call.participants));
    assert_eq!(now.events, seen.events);

    // A call that is silenced for her does not make her busy.
    let theirs = cleo.device().await;
    let of_group = cleo.start(group.id, &theirs).await;
    assert_eq!(one.incoming().await.id, of_group.id);
    cleo.finish("cancel", of_group.id, &theirs).await;
    for tab in [&mut one, &mut his] {
        tab.drain().await;
    }

    test.advance(Duration::from_secs(60)).await;
    assert_eq!(his.heard().await, ["call.timed_out"]);
    assert!(one.drain().await.is_empty());
    let events: Vec<_> = ben.details(call.id).await.events.into_iter().map(|line| line.event).collect();
    assert_eq!(events, ["started", "ringing", "ringing", "missed", "over"]);
}

#[tokio::test]
async fn the_list_of_blocks_is_private_and_comes_in_pages() {
    let test = TestApp::new().await;
    let ana = test.guest("Ana").await;
    let mut blocked = Vec::new();
    for name in ["B", "C", "D"] {
        let one = test.guest(name).await;
        block(&ana, &one).await;
        block(&ana, &one).await;
        blocked.insert(0, one.id());
        test.clock.advance(Duration::from_millis(1));
    }
    let ids = |users: &Users| users.items.iter().map(|user| user.id).collect::<Vec<_>>();
    let first: Users = ana.get("/api/me/blocks?limit=2").await.ok();
    assert_eq!(ids(&first), blocked[..2]);
    let path = format!("/api/me/blocks?limit=2&cursor={}", first.next_cursor.unwrap());
    let rest: Users = ana.get(&path).await.ok();
    assert_eq!((ids(&rest), rest.next_cursor), (blocked[2..].to_vec(), None));
    let nobody = UserId(Uuid::now_v7());
    ana.put(&format!("/api/users/{nobody}/block")).await.refused(404, ErrorCode::NotFound);
    ana.delete(&format!("/api/users/{nobody}/block")).await.refused(404, ErrorCode::NotFound);
    ana.put(&format!("/api/users/{}/block", ana.id())).await.refused(409, ErrorCode::Conflict);
    ana.delete(&format!("/api/users/{}/block", ana.id())).await.is_empty();
}

#[tokio::test]
async fn a_person_blocks_at_most_1000_people() {
    let test = TestApp::new().await;
    let ana = test.guest("Ana").await;
    let (last, late) = (test.guest("Last").await, test.guest("Late").await);
    let me = test.id_in_sql(ana.id().0);
    let mut others = String::new();
    for n in 1..limits::BLOCKS_MAX {
        let id = test.id_in_sql(Uuid::now_v7());
        _ = write!(
            others,
            "INSERT INTO users (id, display_name, name_key, created_at) VALUES ({id}, 'x', 'x', 0);
             INSERT INTO blocks (user_id, blocked_id, created_at) VALUES ({me}, {id}, {n});"
        );
    }
    test.sql(&format!("BEGIN; {others} COMMIT;")).await;
    block(&ana, &last).await;
    block(&ana, &last).await;
    ana.put(&format!("/api/users/{}/block", late.id())).await.refused(409, ErrorCode::LimitReached);
    unblock(&ana, &last).await;
    block(&ana, &late).await;
}
