//! `POST /api/auth/logout`

use crate::support::TestApp;
use parley_protocol::{ErrorCode, ServerMessage, call::EndReason};

#[tokio::test]
async fn signing_out_ends_one_session_and_its_sockets() {
    let test = TestApp::new().await;
    let (ana, ben) = (test.guest("Ana").await, test.guest("Ben").await);
    let mut tab = ana.device().await;
    let mut other = ben.device().await;
    let reply = ana.post("/api/auth/logout", &()).await;
    reply.is_empty();
    assert!(reply.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(tab.next().await, ServerMessage::SessionRevoked {});
    assert_eq!(tab.closed().await, Some(4_003));
    ana.get("/api/me").await.refused(401, ErrorCode::Unauthorized);
    assert!(other.drain().await.is_empty());
}

#[tokio::test]
async fn signing_out_during_a_call_leaves_the_call() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let (a, mut b) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    ben.accept(call.id, &b).await;
    ana.post("/api/auth/logout", &()).await.is_empty();
    let ended = b.until(|message| match message {
        ServerMessage::CallEnded { call } => Some(call.clone()),
        _ => None,
    });
    assert_eq!(ended.await.end_reason, Some(EndReason::Completed));
}
