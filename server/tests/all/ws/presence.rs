//! Presence, and the people who may see it.

use crate::support::{Device, Person, TestApp};
use axum::http::Method;
use parley_protocol::{PersonPresence, Presence, ServerNotice, UserId};
use std::time::Duration;

/// Starts a server that publishes presence almost at once.
async fn quick() -> TestApp {
    TestApp::with(|config| config.presence = Duration::from_millis(10)).await
}

/// Waits until the device learns of this presence.
async fn becomes(device: &mut Device, who: &Person<'_>, wanted: Presence) {
    let wanted = (who.id(), wanted);
    loop {
        if let ServerNotice::PresenceUpdated { user_id, presence } = device.notice().await
            && (user_id, presence) == wanted
        {
            return;
        }
    }
}

fn listed(user_id: UserId, presence: Presence) -> ServerNotice {
    ServerNotice::PresenceList { people: vec![PersonPresence { user_id, presence }] }
}

#[tokio::test]
async fn a_person_is_online_with_the_first_tab_and_offline_with_the_last() {
    let test = quick().await;
    let (ana, ben, _) = test.friends().await;
    let mut a = ana.device().await;
    let (one, two) = (ben.device().await, ben.device().await);
    becomes(&mut a, &ben, Presence::Online).await;
    assert_eq!(ana.device().await.notice().await, listed(ben.id(), Presence::Online));
    one.vanish();
    // If the loss of one tab were announced, that would arrive before the news of Cleo.
    let cleo = test.guest("Cleo").await;
    test.befriend(&cleo, &ana).await;
    let _c = cleo.device().await;
    becomes(&mut a, &cleo, Presence::Online).await;
    assert!(
        !a.has_noticed(&ServerNotice::PresenceUpdated { user_id: ben.id(), presence: Presence::Offline })
    );
    two.vanish();
    becomes(&mut a, &ben, Presence::Offline).await;
}

#[tokio::test]
async fn an_unanswered_invitation_reveals_no_presence() {
    let test = quick().await;
    let (ana, ben) = (test.guest("Ana").await, test.guest("Ben").await);
    let (mut a, _b) = (ana.device().await, ben.device().await);
    let wish = serde_json::json!({"user_id": ben.id()});
    assert_eq!(ana.post("/api/conversations", &wish).await.status, 200);
    let _more = ben.device().await;
    a.drain().await;
    assert!(a.no_notice());
    let mut late = ana.device().await;
    late.drain().await;
    assert!(late.no_notice());
}

#[tokio::test]
async fn new_contacts_see_each_other_online_at_once() {
    let test = quick().await;
    let (ana, ben, cleo) = (test.guest("Ana").await, test.guest("Ben").await, test.guest("Cleo").await);
    test.befriend(&cleo, &ana).await;
    test.befriend(&cleo, &ben).await;
    let mut c = cleo.device().await;
    let (mut a, mut b) = (ana.device().await, ben.device().await);
    // The two may come online in either order.
    let mut unseen = vec![ana.id(), ben.id()];
    while !unseen.is_empty() {
        if let ServerNotice::PresenceUpdated { user_id, presence: Presence::Online } = c.notice().await {
            unseen.retain(|id| *id != user_id);
        }
    }
    // From here on nothing changes but that the two become acquainted.
    test.befriend(&ana, &ben).await;
    becomes(&mut a, &ben, Presence::Online).await;
    becomes(&mut b, &ana, Presence::Online).await;
}

#[tokio::test]
async fn blocker_and_blocked_are_offline_to_each_other() {
    let test = quick().await;
    let (ana, ben, _) = test.friends().await;
    let (mut a, mut b) = (ana.device().await, ben.device().await);
    becomes(&mut a, &ben, Presence::Online).await;
    let path = format!("/api/users/{}/block", ana.id());
    assert_eq!(ben.send(Method::PUT, &path, None, &[]).await.status, 204);
    becomes(&mut a, &ben, Presence::Offline).await;
    becomes(&mut b, &ana, Presence::Offline).await;
    let mut late = ana.device().await;
    late.drain().await;
    assert!(late.no_notice(), "nobody is there");
    assert_eq!(ben.send(Method::DELETE, &path, None, &[]).await.status, 204);
    becomes(&mut a, &ben, Presence::Online).await;
    becomes(&mut b, &ana, Presence::Online).await;
}

#[tokio::test]
async fn a_person_not_to_be_disturbed_is_shown_as_such() {
    let test = quick().await;
    let (ana, ben, _) = test.friends().await;
    let (mut a, _b) = (ana.device().await, ben.device().await);
    becomes(&mut a, &ben, Presence::Online).await;
    for (wanted, presence) in [(true, Presence::DoNotDisturb), (false, Presence::Online)] {
        let wish = serde_json::to_vec(&serde_json::json!({ "do_not_disturb": wanted })).unwrap();
        assert_eq!(ben.send(Method::PATCH, "/api/me", Some(wish), &[]).await.status, 200);
        becomes(&mut a, &ben, presence).await;
    }
}
