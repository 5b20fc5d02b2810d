//! `GET /api/calls/active` and `/history`, and the live call of a conversation.

use crate::support::{Person, TestApp};
use parley_protocol::{
    ErrorCode,
    call::{CallStatus, CallType},
    people::Conversation,
    rest::{ActiveCalls, CallAccess, Calls, IceConfig, StartCall},
};
use std::time::Duration;

#[tokio::test]
async fn a_live_call_is_active_for_its_people() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let a = ana.device().await;
    let call = ana.start(conversation.id, &a).await;
    for person in [&ana, &ben] {
        let active: ActiveCalls = person.get("/api/calls/active").await.ok();
        assert_eq!(active.calls, std::slice::from_ref(&call));
        let seen: Conversation = person.get(&format!("/api/conversations/{}", conversation.id)).await.ok();
        assert_eq!(seen.live_call.as_ref(), Some(&call));
        assert!(person.get("/api/calls/history").await.ok::<Calls>().items.is_empty());
    }
    ana.finish("cancel", call.id, &a).await;
    for person in [&ana, &ben] {
        assert!(person.get("/api/calls/active").await.ok::<ActiveCalls>().calls.is_empty());
        let past: Calls = person.get("/api/calls/history").await.ok();
        assert_eq!(past.items[0].status, CallStatus::Canceled);
    }
    let stranger = test.guest("Cleo").await;
    assert!(stranger.get("/api/calls/history").await.ok::<Calls>().items.is_empty());
}

#[tokio::test]
async fn history_comes_in_pages_newest_first() {
    let test = TestApp::new().await;
    let (ana, _ben, conversation) = test.friends().await;
    let a = ana.device().await;
    let mut made = Vec::new();
    for _ in 0..3 {
        test.clock.advance(Duration::from_millis(1));
        let call = ana.start(conversation.id, &a).await;
        ana.finish("cancel", call.id, &a).await;
        made.insert(0, call.id);
    }
    let first: Calls = ana.get("/api/calls/history?limit=2").await.ok();
    let cursor = first.next_cursor.unwrap();
    let second: Calls = ana.get(&format!("/api/calls/history?limit=2&cursor={cursor}")).await.ok();
    assert_eq!(second.next_cursor, None);
    let ids: Vec<_> = first.items.iter().chain(&second.items).map(|call| call.id).collect();
    assert_eq!(ids, made);
}

#[tokio::test]
async fn a_new_name_shows_in_a_live_call() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let a = ana.device().await;
    let call = ana.start(conversation.id, &a).await;
    let body = Some(br#"{"display_name":"Benedict"}"#.to_vec());
    ben.send(axum::http::Method::PATCH, "/api/me", body, &[]).await;
    let b = ben.device().await;
    let seen = ben.accept(call.id, &b).await;
    assert_eq!(seen.participant(ben.id()).unwrap().user.display_name, "Benedict");
    assert!(ana.get("/api/ice-servers").await.ok::<IceConfig>().preconnect);
}

#[tokio::test]
async fn history_is_filtered_by_conversation_person_date_type_and_outcome() {
    let test = TestApp::new().await;
    let (ana, ben, with_ben) = test.friends().await;
    let cleo = test.guest("Cleo").await;
    let with_cleo = test.befriend(&ana, &cleo).await;
    let (a, b, c) = (ana.device().await, ben.device().await, cleo.device().await);
    let first = ana.start(with_ben.id, &a).await;
    ben.finish("decline", first.id, &b).await;
    test.clock.advance(Duration::from_secs(60));
    let between = test.now();
    let audio = StartCall { call_type: CallType::Audio, ..Person::start_body(with_cleo.id, a.id) };
    let second = ana.post("/api/calls/start", &audio).await.created::<CallAccess>().call;
    ana.finish("cancel", second.id, &a).await;
    drop(c);
    for (query, found) in [
        (String::new(), vec![second.id, first.id]),
        (format!("conversation_id={}", with_ben.id), vec![first.id]),
        (format!("user_id={}", cleo.id()), vec![second.id]),
        (format!("user_id={}", ana.id()), vec![second.id, first.id]),
        (format!("from={between}"), vec![second.id]),
        (format!("to={between}"), vec![first.id]),
        ("call_type=audio".to_owned(), vec![second.id]),
        ("outcome=declined".to_owned(), vec![first.id]),
        ("outcome=missed".to_owned(), vec![]),
        (format!("outcome=canceled&user_id={}", ben.id()), vec![]),
    ] {
        let page: Calls = ana.get(&format!("/api/calls/history?{query}")).await.ok();
        let ids: Vec<_> = page.items.iter().map(|call| call.id).collect();
        assert_eq!(ids, found, "{query}");
    }
    for wrong in [
        "outcome=ringing",
        "outcome=x",
        "from=yesterday",
        "call_type=smell",
        "user_id=7",
        "conversation_id=x",
    ] {
        ana.get(&format!("/api/calls/history?{wrong}")).await.refused(422, ErrorCode::InvalidInput);
    }
    let hers: Calls = cleo.get(&format!("/api/calls/history?user_id={}", ben.id())).await.ok();
    assert!(hers.items.is_empty(), "calls of others are not hers to find");
}
