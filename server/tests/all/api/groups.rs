//! Groups: the rights of each role in `/api/conversations/{id}`.

mod links;
mod members;

use crate::support::{Device, Person, TestApp};
use parley_protocol::{
    ConversationId, ErrorCode, ServerMessage, UserId, limits,
    people::{Conversation, ConversationKind, ConversationStatus, MemberRole, Message},
    rest::{Conversations, Messages, NewConversation, NewMessage, UpdateConversation},
};

fn at(id: ConversationId, what: &str) -> String {
    format!("/api/conversations/{id}{what}")
}

async fn list(person: &Person<'_>) -> Vec<Conversation> {
    person.get("/api/conversations").await.ok::<Conversations>().items
}

fn members(group: &Conversation) -> Vec<UserId> {
    group.members.iter().map(|member| member.id).collect()
}

fn invited(group: &Conversation) -> Vec<UserId> {
    group.invited.iter().map(|member| member.id).collect()
}

fn role(group: &Conversation, of: &Person<'_>) -> MemberRole {
    let ranked = group.roles.iter().find(|ranked| ranked.user_id == of.id());
    ranked.map_or(MemberRole::Member, |ranked| ranked.role)
}

/// Waits for the next update of a conversation and returns it.
async fn changed(tab: &mut Device) -> Conversation {
    tab.until(|message| match message {
        ServerMessage::ConversationUpdated { conversation } => Some(conversation.clone()),
        _ => None,
    })
    .await
}

/// Waits until a conversation is removed and returns its id.
async fn removed(tab: &mut Device) -> ConversationId {
    tab.until(|message| match message {
        ServerMessage::ConversationRemoved { conversation_id } => Some(*conversation_id),
        _ => None,
    })
    .await
}

#[tokio::test]
async fn an_invited_person_joins_a_group_only_by_accepting() {
    let test = TestApp::new().await;
    let (ana, ben, cleo) = (test.guest("Ana").await, test.guest("Ben").await, test.guest("Cleo").await);
    let mut tab = ben.device().await;
    let wish = NewConversation::group(" The  band ", vec![ben.id(), cleo.id(), ben.id(), ana.id()]);
    let group: Conversation = ana.post("/api/conversations", &wish).await.ok();
    assert_eq!((group.kind, group.name.as_deref()), (ConversationKind::Group, Some("The band")));
    assert_eq!((group.status, role(&group, &ana)), (ConversationStatus::Accepted, MemberRole::Owner));
    assert_eq!((members(&group), invited(&group).len()), (vec![ana.id()], 2));

    ana.post(&at(group.id, "/messages"), &NewMessage { text: "first".into() }).await.created::<Message>();
    let told = changed(&mut tab).await;
    assert_eq!((told.status, told.started_by), (ConversationStatus::Pending, ana.id()));
    let seen = list(&ben).await.remove(0);
    assert_eq!((seen.last_message, seen.unread), (None, 0), "messages are for members");
    ben.get(&at(group.id, "/messages")).await.refused(409, ErrorCode::NotAccepted);
    ben.post(&at(group.id, "/messages"), &NewMessage { text: "hi".into() })
        .await
        .refused(409, ErrorCode::NotAccepted);
    ben.patch(&at(group.id, ""), &UpdateConversation { name: "Mine".into() })
        .await
        .refused(409, ErrorCode::NotAccepted);
    assert!(tab.heard().await.is_empty());

    let group: Conversation = ben.post(&at(group.id, "/accept"), &()).await.ok();
    assert_eq!((group.status, members(&group)), (ConversationStatus::Accepted, vec![ana.id(), ben.id()]));
    assert_eq!(ben.get(&at(group.id, "/messages")).await.ok::<Messages>().items.len(), 1);
    ben.post(&at(group.id, "/accept"), &()).await.ok::<Conversation>();
    ben.post(&at(group.id, "/decline"), &()).await.refused(409, ErrorCode::Conflict);

    let declined: Conversation = cleo.post(&at(group.id, "/decline"), &()).await.ok();
    assert_eq!(declined.status, ConversationStatus::Declined);
    cleo.get(&at(group.id, "")).await.refused(404, ErrorCode::NotFound);
    assert!(list(&cleo).await.is_empty());
    assert!(invited(&list(&ana).await[0]).is_empty());
}

#[tokio::test]
async fn a_group_has_a_name_and_2_to_100_people() {
    let test = TestApp::new().await;
    let ana = test.guest("Ana").await;
    let mut others = Vec::new();
    for n in 0..limits::GROUP_MAX {
        others.push(test.guest(&format!("Guest {n}")).await.id());
    }
    let make = async |name: &str, people: &[UserId]| {
        ana.post("/api/conversations", &NewConversation::group(name, people.to_vec())).await
    };
    for (name, people, field) in [
        ("", &others[..1], "name"),
        (" \u{200B} ", &others[..1], "name"),
        (&"x".repeat(65), &others[..1], "name"),
        ("Alone", &[], "member_ids"),
        ("Alone", &[ana.id()], "member_ids"),
    ] {
        let error = make(name, people).await.refused(422, ErrorCode::InvalidInput);
        assert_eq!(error.details.unwrap().field.as_deref(), Some(field));
    }
    make("Too many", &others).await.refused(409, ErrorCode::LimitReached);
    make("Nobody", &[uuid::Uuid::now_v7().into()]).await.refused(404, ErrorCode::NotFound);
    assert!(list(&ana).await.is_empty(), "a refused request makes no group");
    let full: Conversation = make(&"x".repeat(64), &others[1..]).await.ok();
    assert_eq!(full.invited.len(), limits::GROUP_MAX - 1);
    let both =
        NewConversation { user_id: Some(others[0]), ..NewConversation::group("A", others[..1].into()) };
    ana.post("/api/conversations", &both).await.refused(422, ErrorCode::InvalidInput);
    ana.post("/api/conversations", &NewConversation::default()).await.refused(422, ErrorCode::InvalidInput);
}

#[tokio::test]
async fn a_group_is_made_once_for_one_key() {
    let test = TestApp::new().await;
    let (ana, ben) = (test.guest("Ana").await, test.guest("Ben").await);
    let wish = NewConversation::group("The band", vec![ben.id()]);
    let first: Conversation = ana.post_once("/api/conversations", &wish, "k").await.ok();
    let again: Conversation = ana.post_once("/api/conversations", &wish, "k").await.ok();
    assert_eq!((first.id, list(&ana).await.len()), (again.id, 1));
    assert_eq!(first.invited, again.invited);
    let other = NewConversation::group("Another", vec![ben.id()]);
    ana.post_once("/api/conversations", &other, "k").await.refused(409, ErrorCode::Conflict);
}

#[tokio::test]
async fn a_message_reaches_every_member_and_is_counted_for_each() {
    let test = TestApp::new().await;
    let (ana, ben, cleo) = (test.guest("Ana").await, test.guest("Ben").await, test.guest("Cleo").await);
    let group = test.group("The band", &[&ana, &ben, &cleo]).await;
    let (mut hers, mut his) = (ana.device().await, cleo.device().await);
    let path = at(group.id, "/messages");
    let sent: Message = ben.post(&path, &NewMessage { text: "hello".into() }).await.created();
    for tab in [&mut hers, &mut his] {
        assert_eq!(tab.next().await, ServerMessage::MessageCreated { message: sent.clone() });
    }
    ana.post(&path, &NewMessage { text: "hi".into() }).await.created::<Message>();
    let unread = async |person: &Person<'_>| list(person).await[0].unread;
    assert_eq!((unread(&ana).await, unread(&ben).await, unread(&cleo).await), (1, 1, 2));
    cleo.post(&at(group.id, "/read"), &()).await.is_empty();
    assert_eq!((unread(&ana).await, unread(&cleo).await), (1, 0));
}

#[tokio::test]
async fn a_direct_conversation_is_not_a_group() {
    let test = TestApp::new().await;
    let (ana, ben, direct) = test.friends().await;
    let cleo = test.guest("Cleo").await;
    let wish = parley_protocol::rest::AddMembers { user_ids: vec![cleo.id()] };
    ana.post(&at(direct.id, "/members"), &wish).await.refused(409, ErrorCode::Conflict);
    ana.delete(&at(direct.id, &format!("/members/{}", ben.id()))).await.refused(409, ErrorCode::Conflict);
    ana.patch(&at(direct.id, ""), &UpdateConversation { name: "Us".into() })
        .await
        .refused(409, ErrorCode::Conflict);
    let body = serde_json::json!({});
    ana.post(&at(direct.id, "/invite-links"), &body).await.refused(409, ErrorCode::Conflict);
    ana.get(&at(direct.id, "/invite-links")).await.refused(409, ErrorCode::Conflict);
}
