//! `/api/conversations/{id}/invite-links`, and joining by a link.

use super::{at, list, members};
use crate::support::{Database, Person, TestApp, on_both};
use parley_protocol::{
    ConversationId, ErrorCode, limits,
    people::Conversation,
    rest::{GroupLink, GroupLinks, Invite, NewConversation, NewGroupLink},
};
use std::time::Duration;

on_both!(a_link_lets_in_as_many_as_it_says);

async fn make(by: &Person<'_>, group: ConversationId, wish: NewGroupLink) -> GroupLink {
    by.post(&at(group, "/invite-links"), &wish).await.created()
}

fn follow(link: &GroupLink) -> String {
    format!("/api/invites/{}", link.token.as_deref().unwrap())
}

#[tokio::test]
async fn a_link_lets_a_guest_in_until_it_expires() {
    let test = TestApp::new().await;
    let (ana, ben, cleo) = (test.guest("Ana").await, test.guest("Ben").await, test.guest("Cleo").await);
    let group = test.group("The band", &[&ana, &ben]).await;
    let wish = NewGroupLink { expires_in_hours: Some(1), max_uses: None };
    let link = make(&ana, group.id, wish).await;
    assert!(link.token.as_ref().unwrap().len() >= 22, "128 bits and more");
    let invite: Invite = test.get(&follow(&link)).await.ok();
    assert_eq!((invite.from.id, invite.group.as_deref()), (ana.id(), Some("The band")));
    let joined: Conversation = cleo.post(&follow(&link), &()).await.ok();
    assert_eq!(members(&joined), [ana.id(), ben.id(), cleo.id()]);
    cleo.post(&follow(&link), &()).await.ok::<Conversation>();
    let listed: GroupLinks = ana.get(&at(group.id, "/invite-links")).await.ok();
    assert_eq!(listed.items, [GroupLink { token: None, uses: 1, ..link.clone() }], "it is shown once");
    let dora = test.guest("Dora").await;
    test.clock.advance(Duration::from_millis(60 * 60 * 1_000 - 1));
    assert!(dora.get(&follow(&link)).await.status.is_success());
    test.clock.advance(Duration::from_millis(1));
    dora.post(&follow(&link), &()).await.refused(404, ErrorCode::InviteInvalid);
    dora.get(&follow(&link)).await.refused(404, ErrorCode::InviteInvalid);
    assert!(ana.get(&at(group.id, "/invite-links")).await.ok::<GroupLinks>().items.is_empty());
}

#[tokio::test]
async fn a_repeated_link_request_with_one_key_makes_one_link_bug() {
    let test = TestApp::new().await;
    let (ana, ben) = (test.guest("Ana").await, test.guest("Ben").await);
    let group = test.group("The band", &[&ana, &ben]).await;
    let path = at(group.id, "/invite-links");
    let first: GroupLink = ana.post_once(&path, &NewGroupLink::default(), "k").await.created();
    let again: GroupLink = ana.post_once(&path, &NewGroupLink::default(), "k").await.created();
    assert_eq!(again, first);
    assert_eq!(ana.get(&path).await.ok::<GroupLinks>().items.len(), 1);
    let other = NewGroupLink { max_uses: Some(1), ..NewGroupLink::default() };
    ana.post_once(&path, &other, "k").await.refused(409, ErrorCode::Conflict);
}

async fn a_link_lets_in_as_many_as_it_says(database: Database) {
    let test = TestApp::on(database, |_| {}).await;
    let (ana, ben) = (test.guest("Ana").await, test.guest("Ben").await);
    let group = test.group("The band", &[&ana, &ben]).await;
    let link = make(&ana, group.id, NewGroupLink { expires_in_hours: None, max_uses: Some(2) }).await;
    let (c, d, e) = (test.guest("C").await, test.guest("D").await, test.guest("E").await);
    let path = follow(&link);
    let (one, two, three) = tokio::join!(c.post(&path, &()), d.post(&path, &()), e.post(&path, &()));
    let refused: Vec<_> = [one, two, three].into_iter().filter(|reply| !reply.status.is_success()).collect();
    assert_eq!(refused.len(), 1);
    refused[0].refused(404, ErrorCode::InviteInvalid);
    assert_eq!(list(&ana).await[0].members.len(), 4);
}

#[tokio::test]
async fn a_revoked_link_lets_nobody_in() {
    let test = TestApp::new().await;
    let (ana, ben, cleo) = (test.guest("Ana").await, test.guest("Ben").await, test.guest("Cleo").await);
    let group = test.group("The band", &[&ana, &ben]).await;
    let other = test.group("Another", &[&ana, &ben]).await;
    let link = make(&ana, group.id, NewGroupLink::default()).await;
    let revoke = |id: ConversationId| at(id, &format!("/invite-links/{}", link.id));
    ana.delete(&revoke(other.id)).await.refused(404, ErrorCode::NotFound);
    ben.delete(&revoke(group.id)).await.refused(403, ErrorCode::NotAllowed);
    cleo.delete(&revoke(group.id)).await.refused(404, ErrorCode::NotFound);
    ana.delete(&revoke(group.id)).await.is_empty();
    cleo.post(&follow(&link), &()).await.refused(404, ErrorCode::InviteInvalid);
    ana.delete(&revoke(group.id)).await.refused(404, ErrorCode::NotFound);
}

#[tokio::test]
async fn links_have_their_limits() {
    let test = TestApp::new().await;
    let (ana, ben) = (test.guest("Ana").await, test.guest("Ben").await);
    let group = test.group("The band", &[&ana, &ben]).await;
    for (hours, uses, field) in [
        (Some(0), None, "expires_in_hours"),
        (Some(limits::LINK_MAX_HOURS + 1), None, "expires_in_hours"),
        (None, Some(0), "max_uses"),
        (None, Some(limits::LINK_MAX_USES + 1), "max_uses"),
    ] {
        let wish = NewGroupLink { expires_in_hours: hours, max_uses: uses };
        let reply = ana.post(&at(group.id, "/invite-links"), &wish).await;
        let error = reply.refused(422, ErrorCode::InvalidInput);
        assert_eq!(error.details.unwrap().field.as_deref(), Some(field));
    }
    let (hours, uses) = (Some(limits::LINK_MAX_HOURS), Some(limits::LINK_MAX_USES));
    for _ in 0..limits::LINKS_MAX {
        make(&ana, group.id, NewGroupLink { expires_in_hours: hours, max_uses: uses }).await;
    }
    let more = ana.post(&at(group.id, "/invite-links"), &NewGroupLink::default()).await;
    more.refused(409, ErrorCode::LimitReached);
}

/// Guards against a deadlock: each request holds a connection while it waits for its lock, so none may need a
/// second one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_made_at_once_need_few_connections_bug() {
    let Some(database) = Database::postgres().await else { return };
    let test = TestApp::on(database, |config| config.pool.connections = 2).await;
    let (ana, ben) = (test.guest("Ana").await, test.guest("Ben").await);
    let group = test.group("The band", &[&ana, &ben]).await;
    let making = (0..8).map(|_| make(&ana, group.id, NewGroupLink::default()));
    assert_eq!(futures_util::future::join_all(making).await.len(), 8);
}

#[tokio::test]
async fn a_full_group_lets_nobody_in() {
    let test = TestApp::new().await;
    let ana = test.guest("Ana").await;
    let mut others = Vec::new();
    for n in 1..limits::GROUP_MAX {
        others.push(test.guest(&format!("Guest {n}")).await);
    }
    let wish = NewConversation::group("The band", others.iter().map(Person::id).collect());
    let group: Conversation = ana.post("/api/conversations", &wish).await.ok();
    let link = make(&ana, group.id, NewGroupLink { expires_in_hours: None, max_uses: Some(2) }).await;
    let late = test.guest("Late").await;
    late.post(&follow(&link), &()).await.refused(409, ErrorCode::LimitReached);
    others[0].post(&follow(&link), &()).await.ok::<Conversation>();
    let listed: GroupLinks = ana.get(&at(group.id, "/invite-links")).await.ok();
    assert_eq!(listed.items[0].uses, 1, "a refused person does not count");
}
