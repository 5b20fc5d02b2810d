//! `/api/invites`

use crate::support::{Database, TestApp, on_both};
use parley_protocol::{
    ErrorCode, ServerMessage,
    limits::OWN_LINKS_MAX,
    people::{Conversation, ConversationStatus},
    rest::{Invite, InviteLink, NewConversation},
};
use std::time::Duration;

on_both!(a_person_has_a_limited_number_of_links_bug);

#[tokio::test]
async fn a_link_makes_an_accepted_conversation() {
    let test = TestApp::new().await;
    let (ana, ben) = (test.guest("Ana").await, test.guest("Ben").await);
    let mut tab = ana.device().await;
    let link: InviteLink = ana.post("/api/me/invite-link", &()).await.created();
    assert!(link.token.len() >= 22, "128 bits");
    let path = format!("/api/invites/{}", link.token);
    assert_eq!(test.get(&path).await.ok::<Invite>().from.display_name, "Ana");
    test.post(&path, &()).await.refused(401, ErrorCode::Unauthorized);
    ana.post(&path, &()).await.refused(409, ErrorCode::Conflict);
    let joined: Conversation = ben.post(&path, &()).await.ok();
    assert_eq!(joined.status, ConversationStatus::Accepted);
    let told = tab.until(|message| match message {
        ServerMessage::ConversationUpdated { conversation } => Some(conversation.clone()),
        _ => None,
    });
    assert_eq!(told.await.id, joined.id);
    assert_eq!(ben.post(&path, &()).await.ok::<Conversation>().id, joined.id);
}

#[tokio::test]
async fn a_link_accepts_a_pending_invitation() {
    let test = TestApp::new().await;
    let (ana, ben) = (test.guest("Ana").await, test.guest("Ben").await);
    let wish = NewConversation::direct(ana.id());
    let pending: Conversation = ben.post("/api/conversations", &wish).await.ok();
    assert_eq!(pending.status, ConversationStatus::Pending);
    let link: InviteLink = ana.post("/api/me/invite-link", &()).await.created();
    let joined: Conversation = ben.post(&format!("/api/invites/{}", link.token), &()).await.ok();
    assert_eq!((joined.id, joined.status), (pending.id, ConversationStatus::Accepted));
}

#[tokio::test]
async fn a_link_is_good_for_7_days() {
    const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);
    const MS: Duration = Duration::from_millis(1);
    let test = TestApp::new().await;
    let ana = test.guest("Ana").await;
    let link: InviteLink = ana.post("/api/me/invite-link", &()).await.created();
    assert_eq!(link.expires_at, test.now() + WEEK);
    let path = format!("/api/invites/{}", link.token);
    test.clock.advance(WEEK - MS);
    test.get(&path).await.ok::<Invite>();
    test.clock.advance(MS);
    test.get(&path).await.refused(404, ErrorCode::InviteInvalid);
    test.get("/api/invites/nonsense").await.refused(404, ErrorCode::InviteInvalid);
}

async fn a_person_has_a_limited_number_of_links_bug(database: Database) {
    let test = TestApp::on(database, |_| {}).await;
    let (ana, ben) = (test.guest("Ana").await, test.guest("Ben").await);
    for _ in 0..OWN_LINKS_MAX - 2 {
        ana.post("/api/me/invite-link", &()).await.created::<InviteLink>();
    }
    let making = futures_util::future::join_all((0..4).map(|_| ana.post("/api/me/invite-link", &()))).await;
    let refused: Vec<_> = making.into_iter().filter(|reply| reply.status != 201).collect();
    assert_eq!(refused.len(), 2);
    refused[0].refused(409, ErrorCode::LimitReached);
    ben.post("/api/me/invite-link", &()).await.created::<InviteLink>();
    test.clock.advance(test.app.config.invite_life());
    ana.post("/api/me/invite-link", &()).await.created::<InviteLink>();
}

#[tokio::test]
async fn a_link_that_is_not_utf8_is_refused_like_any_other_bug() {
    let test = TestApp::new().await;
    let ana = test.guest("Ana").await;
    for path in ["/api/invites/%ff", "/api/invites/%C3%28"] {
        test.get(path).await.refused(404, ErrorCode::InviteInvalid);
        ana.post(path, &()).await.refused(404, ErrorCode::InviteInvalid);
    }
    for path in ["/api/calls/%ff", "/api/conversations/%ff", "/api/conversations/%ff/messages"] {
        ana.get(path).await.refused(404, ErrorCode::NotFound);
    }
    for path in ["/api/users?query=%ff", "/api/users?query=a&query=b", "/api/calls/history?cursor=%ff"] {
        let reply = ana.get(path).await;
        assert!(reply.header("content-type").starts_with("application/json"), "{path}: {}", reply.text());
    }
}

#[tokio::test]
async fn a_repeated_link_request_with_one_key_makes_one_link_bug() {
    let test = TestApp::new().await;
    let ana = test.guest("Ana").await;
    let first: InviteLink = ana.post_once("/api/me/invite-link", &(), "k").await.created();
    let again: InviteLink = ana.post_once("/api/me/invite-link", &(), "k").await.created();
    assert_eq!(again.token, first.token);
    let other: InviteLink = ana.post_once("/api/me/invite-link", &(), "l").await.created();
    assert_ne!(other.token, first.token);
}

#[tokio::test]
async fn the_database_holds_no_readable_link() {
    let test = TestApp::new().await;
    let ana = test.guest("Ana").await;
    let link: InviteLink = ana.post_once("/api/me/invite-link", &(), "a key").await.created();
    let kept = test.texts("SELECT key || ' ' || answer FROM idempotency_keys").await;
    assert_eq!(kept.len(), 1);
    assert!(!kept[0].contains(&link.token) && !kept[0].contains("a key"), "{kept:?}");
}
