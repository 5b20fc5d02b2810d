//! Reports of a media engine about its rooms.

use crate::support::TestApp;
use parley_protocol::call::CallStatus;
use parley_server::{calls::reports::apply, media::EngineReport};

#[tokio::test]
async fn a_call_hears_what_its_engine_reports() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let (a, b) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await.id;
    ben.accept(call, &b).await;
    let status = async || ana.details(call).await.call.status;
    for (user, device) in [(ana.id(), a.id), (ben.id(), b.id)] {
        assert_eq!(status().await, CallStatus::Connecting);
        apply(&test.app, EngineReport::Connected { call, user, device }).await.unwrap();
    }
    assert_eq!(status().await, CallStatus::Connected);
    apply(&test.app, EngineReport::Lost { call, user: ben.id(), device: b.id }).await.unwrap();
    assert_eq!(status().await, CallStatus::Reconnecting);
    apply(&test.app, EngineReport::Connected { call, user: ben.id(), device: b.id }).await.unwrap();
    assert_eq!(status().await, CallStatus::Connected);
    apply(&test.app, EngineReport::Closed { call }).await.unwrap();
    assert_eq!(status().await, CallStatus::Reconnecting);
    test.advance(test.app.config.rules.reconnect).await;
    assert_eq!(status().await, CallStatus::Failed);
    apply(&test.app, EngineReport::Closed { call }).await.unwrap();
}
