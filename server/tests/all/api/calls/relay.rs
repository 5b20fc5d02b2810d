//! The ICE configuration that a device receives: a person may choose to be reached through a relay alone.

use crate::support::{Person, TestApp};
use parley_protocol::{
    CallId, ServerMessage,
    rest::{ByDevice, CallAccess, CallToken, IceConfig, UpdateMe},
};

/// Chooses whether the person is reached through a relay alone.
async fn relayed(person: &Person<'_>, always_relay: bool) {
    let wish = UpdateMe { always_relay: Some(always_relay), ..UpdateMe::default() };
    person.patch("/api/me", &wish).await.ok::<serde_json::Value>();
}

async fn token(person: &Person<'_>, call: CallId, device: parley_protocol::DeviceId) -> CallToken {
    person.post(&format!("/api/calls/{call}/token"), &ByDevice { device_id: device }).await.ok()
}

#[tokio::test]
async fn a_person_who_always_relays_reveals_no_address() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let (a, mut b) = (ana.device().await, ben.device().await);
    relayed(&ben, true).await;
    assert!(ben.get("/api/ice-servers").await.ok::<IceConfig>().relay_only);
    assert!(!ana.get("/api/ice-servers").await.ok::<IceConfig>().relay_only);

    let access: CallAccess = ana.try_start(conversation.id, a.id).await.created();
    assert!(!access.ice.relay_only, "the other person's choice does not apply to her");
    let call = access.call.id;
    let rings = b.until(|message| match message {
        ServerMessage::CallIncoming { ice, .. } => Some(ice.clone()),
        _ => None,
    });
    assert!(rings.await.relay_only);
    let answered: CallAccess = ben.try_accept(call, b.id).await.ok();
    assert!(answered.ice.relay_only);

    relayed(&ben, false).await;
    relayed(&ana, true).await;
    assert!(!token(&ben, call, b.id).await.ice.relay_only, "from the next credentials on");
    assert!(token(&ana, call, a.id).await.ice.relay_only);
}

#[tokio::test]
async fn caller_and_callee_receive_the_pass_of_the_engine() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let (a, b) = (ana.device().await, ben.device().await);
    let started: CallAccess = ana.try_start(conversation.id, a.id).await.created();
    let answered: CallAccess = ben.try_accept(started.call.id, b.id).await.ok();
    assert_eq!(started.pass, answered.pass, "the clock stands still");
    assert_eq!(started.pass, token(&ana, started.call.id, a.id).await.pass);
    assert!(started.pass.expires_at > test.now());
}
