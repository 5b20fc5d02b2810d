//! Rate limits as a client meets them.

use crate::support::{Device, Person, Reply, TestApp, app::request};
use axum::http::Method;
use parley_protocol::{
    ClientMessage, ErrorCode, ServerMessage,
    call::{Call, CallStatus, MediaChange, MediaState, OwnMedia},
    limits,
    people::Conversation,
    rest::{AddMembers, GuestSignIn, InviteToCall, NewConversation, UpdateParticipant},
};
use parley_server::{cluster::limits::Limited, config::Config};
use std::time::Duration;
use tokio_tungstenite::tungstenite::Message;

fn allow(what: Limited, rule: &'static str) -> impl FnOnce(&mut Config) {
    move |config| config.limits.set(what, rule).unwrap()
}

/// Checks that a request is refused by a rate limit, with the time to wait.
#[track_caller]
fn refused(reply: &Reply, seconds: u32) {
    let refusal = reply.refused(429, ErrorCode::RateLimited);
    assert_eq!(refusal.details.unwrap().retry_after_seconds, Some(seconds));
    assert_eq!(reply.header("retry-after"), seconds.to_string());
}

#[tokio::test]
async fn ten_calls_in_an_hour_may_go_unanswered() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let (a, b) = (ana.device().await, ben.device().await);
    for _ in 0..5 {
        let call = ana.start(conversation.id, &a).await;
        ana.finish("cancel", call.id, &a).await;
    }
    for _ in 0..3 {
        let call = ana.start(conversation.id, &a).await;
        ben.accept(call.id, &b).await;
        ana.finish("end", call.id, &a).await;
    }
    // A start that is refused because a call is live does not count.
    let call = ana.start(conversation.id, &a).await;
    for _ in 0..3 {
        ana.try_start(conversation.id, a.id).await;
    }
    ben.finish("decline", call.id, &b).await;
    for _ in 6..10 {
        let call = ana.start(conversation.id, &a).await;
        ana.finish("cancel", call.id, &a).await;
    }
    refused(&ana.try_start(conversation.id, a.id).await, 3_600);
    let call = ben.start(conversation.id, &b).await;
    ben.finish("cancel", call.id, &b).await;
    test.advance(Duration::from_secs(3_599)).await;
    refused(&ana.try_start(conversation.id, a.id).await, 1);
    test.advance(Duration::from_secs(1)).await;
    ana.start(conversation.id, &a).await;
}

#[tokio::test]
async fn a_caller_without_starts_left_still_answers_by_starting() {
    let test = TestApp::with(allow(Limited::CallStarts, "1/60")).await;
    let (ana, ben, conversation) = test.friends().await;
    let (a, b) = (ana.device().await, ben.device().await);
    let first = ana.start(conversation.id, &a).await;
    ana.finish("cancel", first.id, &a).await;
    ana.try_start(conversation.id, a.id).await.refused(429, ErrorCode::RateLimited);
    let his = ben.start(conversation.id, &b).await;
    let hers = ana.start(conversation.id, &a).await;
    assert_eq!((hers.id, hers.status), (his.id, CallStatus::Connecting));
    ana.finish("end", his.id, &a).await;
    ana.try_start(conversation.id, a.id).await.refused(429, ErrorCode::RateLimited);
}

#[tokio::test]
async fn a_start_that_is_repeated_counts_once() {
    let test = TestApp::with(allow(Limited::CallStarts, "1/60")).await;
    let (ana, _ben, conversation) = test.friends().await;
    let a = ana.device().await;
    let wish = Person::start_body(conversation.id, a.id);
    let first = ana.post_once("/api/calls/start", &wish, "k").await;
    let again = ana.post_once("/api/calls/start", &wish, "k").await;
    assert_eq!((first.status.as_u16(), first.body), (201, again.body));
}

/// Signs in as through a proxy that names the client's address.
async fn sign_in(test: &TestApp, from: &str) -> Reply {
    let body = serde_json::to_vec(&GuestSignIn { display_name: "Ana".to_owned() }).unwrap();
    let mut request = request(Method::POST, "/api/auth/guest", Some(body));
    request.headers_mut().insert("x-forwarded-for", from.parse().unwrap());
    test.send(request).await
}

#[tokio::test]
async fn sign_ins_are_counted_by_address() {
    let test = TestApp::with(|config| {
        config.trusted_hops = 1;
        config.limits.set(Limited::SignIns, "2/60").unwrap();
    })
    .await;
    for _ in 0..2 {
        assert_eq!(sign_in(&test, "192.0.2.1").await.status, 201);
    }
    refused(&sign_in(&test, "192.0.2.1").await, 60);
    refused(&sign_in(&test, "6.6.6.6, 192.0.2.1").await, 60);
    assert_eq!(sign_in(&test, "192.0.2.2").await.status, 201);
}

#[tokio::test]
async fn a_forged_proxy_header_does_not_evade_the_limit() {
    let test = TestApp::with(allow(Limited::SignIns, "1/60")).await;
    assert_eq!(sign_in(&test, "192.0.2.1").await.status, 201);
    refused(&sign_in(&test, "192.0.2.2").await, 60);
}

#[tokio::test]
async fn messages_searches_and_invitations_are_counted_by_person() {
    let test = TestApp::with(|config| {
        for what in [Limited::Messages, Limited::Searches, Limited::Invitations] {
            config.limits.set(what, "2/60").unwrap();
        }
    })
    .await;
    let (ana, ben, conversation) = test.friends().await;
    let path = format!("/api/conversations/{}/messages", conversation.id);
    let hello = serde_json::json!({"text": "hello"});
    for _ in 0..2 {
        assert_eq!(ana.post(&path, &hello).await.status, 201);
        assert_eq!(ana.get("/api/users?query=ben").await.status, 200);
    }
    refused(&ana.post(&path, &hello).await, 60);
    refused(&ana.get("/api/users?query=ben").await, 60);
    assert_eq!(ben.post(&path, &hello).await.status, 201);
    // Befriending Ben was the first of the two invitations.
    let wish = serde_json::json!({"user_id": ben.id()});
    assert_eq!(ana.post("/api/conversations", &wish).await.status, 200);
    refused(&ana.post("/api/conversations", &wish).await, 60);
}

#[tokio::test]
async fn every_person_invited_to_a_group_or_a_call_counts_bug() {
    let test = TestApp::with(allow(Limited::Invitations, "3/10")).await;
    let (ana, ben, cleo) = (test.guest("Ana").await, test.guest("Ben").await, test.guest("Cleo").await);
    let (dan, eve) = (test.guest("Dan").await, test.guest("Eve").await);
    let group = test.group("Choir", &[&ana, &ben, &cleo]).await;
    let members = format!("/api/conversations/{}/members", group.id);
    let adding =
        |people: &[&Person<'_>]| AddMembers { user_ids: people.iter().map(|person| person.id()).collect() };
    ana.post(&members, &adding(&[&dan])).await.ok::<Conversation>();
    refused(&ana.post(&members, &adding(&[&dan, &eve])).await, 10);
    ana.post(&members, &adding(&[&eve, &eve, &ana])).await.ok::<Conversation>();
    refused(&ana.post(&members, &adding(&[&eve])).await, 10);

    let (b, mut c) = (ben.device().await, cleo.device().await);
    let call = ben.start(group.id, &b).await;
    cleo.finish("decline", call.id, &c).await;
    c.drain().await;
    for _ in 0..3 {
        ben.invite(call.id, &[&cleo]).await.ok::<Call>();
        cleo.finish("decline", call.id, &c).await;
    }
    c.drain().await;
    refused(&ben.invite(call.id, &[&cleo]).await, 10);
    assert!(c.drain().await.is_empty(), "it does not ring again");
    test.clock.advance(Duration::from_secs(10));
    let wish = InviteToCall { user_ids: vec![cleo.id(); 3] };
    let path = format!("/api/calls/{}/invite", call.id);
    for _ in 0..5 {
        ben.post_once(&path, &wish, "k").await.ok::<Call>();
    }
}

/// Checks a request for more permits than the limit has, as for a large group: it waits until all of them are
/// free and takes all.
#[tokio::test]
async fn an_invitation_larger_than_the_limit_takes_all_of_it() {
    let test = TestApp::with(allow(Limited::Invitations, "2/60")).await;
    let (ana, ben, cleo) = (test.guest("Ana").await, test.guest("Ben").await, test.guest("Cleo").await);
    let (dan, eve) = (test.guest("Dan").await, test.guest("Eve").await);
    let group = test.group("Choir", &[&ana, &ben]).await;
    let members = format!("/api/conversations/{}/members", group.id);
    let wish = AddMembers { user_ids: vec![cleo.id(), dan.id(), eve.id()] };
    refused(&ana.post(&members, &wish).await, 60);
    test.clock.advance(Duration::from_secs(60));
    ana.post(&members, &wish).await.ok::<Conversation>();
    refused(&ana.post(&members, &wish).await, 60);
}

#[tokio::test]
async fn a_group_that_is_made_again_counts_once_bug() {
    let test = TestApp::with(allow(Limited::Invitations, "1/60")).await;
    let (ana, ben) = (test.guest("Ana").await, test.guest("Ben").await);
    let wish = NewConversation::group("Choir", vec![ben.id()]);
    let first: Conversation = ana.post_once("/api/conversations", &wish, "k").await.ok();
    assert_eq!(ana.post_once("/api/conversations", &wish, "k").await.ok::<Conversation>().id, first.id);
}

/// Guards against floods of changes, each of which is written to the database and sent to everyone in the
/// call.
#[tokio::test]
async fn changes_in_calls_are_counted_by_person_bug() {
    let test = TestApp::with(allow(Limited::CallChanges, "4/60")).await;
    let (ana, ben, conversation) = test.friends().await;
    let (mut a, mut b) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    ben.accept(call.id, &b).await;
    a.media(call.id, MediaState::Connected).await;
    b.media(call.id, MediaState::Connected).await;
    let path = format!("/api/calls/{}/participant", call.id);
    let wish = |device: &Device, hand| {
        let media = MediaChange { hand: Some(hand), ..MediaChange::default() };
        UpdateParticipant { device_id: device.id, media }
    };
    ana.patch(&path, &wish(&a, true)).await.ok::<Call>();
    let media = |muted| OwnMedia { muted, ..OwnMedia::default() };
    for muted in [true, false] {
        a.send(&ClientMessage::ParticipantUpdate { call_id: call.id, media: media(muted) }).await;
    }
    a.drain().await;
    let log = ana.details(call.id).await.events.len();
    refused(&ana.patch(&path, &wish(&a, true)).await, 60);
    a.send(&ClientMessage::ParticipantUpdate { call_id: call.id, media: media(true) }).await;
    assert_eq!(a.refused().await, ErrorCode::RateLimited);
    a.send(&ClientMessage::MediaState { call_id: call.id, state: MediaState::Lost }).await;
    assert_eq!(a.refused().await, ErrorCode::RateLimited);
    assert_eq!(ana.details(call.id).await.events.len(), log, "nothing was written");
    ben.patch(&path, &wish(&b, true)).await.ok::<Call>();
    test.clock.advance(Duration::from_secs(60));
    ana.patch(&path, &wish(&a, true)).await.ok::<Call>();
}

#[tokio::test]
async fn guesses_of_links_are_limited() {
    let test = TestApp::with(allow(Limited::InviteTries, "3/60")).await;
    let ana = test.guest("Ana").await;
    for _ in 0..2 {
        test.get("/api/invites/wrong").await.refused(404, ErrorCode::InviteInvalid);
    }
    ana.post("/api/invites/wrong", &()).await.refused(404, ErrorCode::InviteInvalid);
    refused(&test.get("/api/invites/wrong").await, 60);
    refused(&ana.post("/api/invites/wrong", &()).await, 60);
}

/// Checks that HEAD, which every GET route answers as well, does not evade the limit.
#[tokio::test]
async fn a_head_request_counts_like_a_get_bug() {
    let test = TestApp::with(|config| {
        for what in [Limited::InviteTries, Limited::SignIns] {
            config.limits.set(what, "2/60").unwrap();
        }
    })
    .await;
    for path in ["/api/invites/wrong", "/api/auth/oidc/login"] {
        for _ in 0..2 {
            assert_ne!(test.send(request(Method::HEAD, path, None)).await.status, 429, "{path}");
        }
        assert_eq!(test.send(request(Method::HEAD, path, None)).await.status, 429, "{path}");
        refused(&test.get(path).await, 60);
    }
}

#[tokio::test]
async fn sockets_are_counted_by_person_and_by_address() {
    let test = TestApp::with(|config| {
        config.limits.set(Limited::UserSockets, "2/60").unwrap();
        config.limits.set(Limited::AddressSockets, "4/60").unwrap();
    })
    .await;
    let (ana, ben) = (test.guest("Ana").await, test.guest("Ben").await);
    for _ in 0..2 {
        ana.device().await;
    }
    assert_eq!(ana.socket_status().await, 429);
    ben.device().await;
    assert_eq!(ben.socket_status().await, 429, "the fifth from here");
}

#[tokio::test]
async fn a_flood_of_frames_closes_its_own_socket_and_no_other() {
    let test = TestApp::with(allow(Limited::Frames, "5/3600")).await;
    let (ana, ben) = (test.guest("Ana").await, test.guest("Ben").await);
    // `device` has already sent a ping, which counts.
    let (mut a, mut b) = (ana.device().await, ben.device().await);
    for _ in 1..5 {
        a.drain().await;
    }
    a.send(&ClientMessage::Ping).await;
    assert_eq!(a.refused().await, ErrorCode::RateLimited);
    for _ in 6..20 {
        a.send(&ClientMessage::Ping).await;
        assert!(matches!(a.next().await, ServerMessage::Error { .. }));
    }
    a.send(&ClientMessage::Ping).await;
    assert_eq!(a.closed().await, Some(1_008));
    assert!(b.drain().await.is_empty());
}

/// Checks that frames of every kind count, before hello as well: binary ones, pings, and those over the size
/// limit.
#[tokio::test]
async fn frames_of_every_kind_count_bug() {
    let test = TestApp::with(allow(Limited::Frames, "5/3600")).await;
    let ana = test.guest("Ana").await;
    let kinds = [
        Message::Binary(vec![0; 9].into()),
        Message::Ping(vec![0; 9].into()),
        Message::text("x".repeat(limits::FRAME_MAX_BYTES + 1)),
        Message::text("nonsense"),
    ];
    for kind in kinds {
        for mut device in [ana.device().await, Device::silent(&ana).await] {
            for _ in 0..21 {
                // The server may have closed the socket already.
                _ = device.send_raw(kind.clone()).await;
            }
            // A socket that is closed while frames still arrive may be reset before its code is read.
            let code = device.closed().await;
            assert!(matches!(code, Some(1_008) | None), "{code:?}");
        }
    }
}

/// Checks every route that changes something: it counts towards the general limit, or it is one of those with
/// a limit of their own or without one.
#[tokio::test]
async fn every_change_counts_unless_it_is_excepted() {
    const EXCEPT: [&str; 14] = [
        "post /api/conversations",
        "post /api/conversations/{id}/members",
        "post /api/conversations/{id}/messages",
        "post /api/calls/start",
        "post /api/calls/{id}/invite",
        "patch /api/calls/{id}/participant",
        "post /api/calls/{id}/stats",
        "post /api/calls/{id}/decline",
        "post /api/calls/{id}/cancel",
        "post /api/calls/{id}/leave",
        "post /api/calls/{id}/end",
        "post /api/calls/{id}/token",
        "post /api/conversations/{id}/read",
        "post /api/auth/logout",
    ];
    let test = TestApp::with(allow(Limited::Changes, "1/60")).await;
    let document: serde_json::Value = test.get("/api/openapi.json").await.ok();
    let mut counted = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            let is_open = ["/api/auth/guest", "/api/auth/oidc"].contains(&path.as_str());
            if method == "get" || is_open || !path.starts_with("/api/") {
                continue;
            }
            let ana = test.guest("Ana").await;
            ana.post("/api/calls/seen", &serde_json::json!({})).await.is_empty();
            let id = uuid::Uuid::now_v7().to_string();
            let asked: String = path
                .split('/')
                .map(|part| if part.starts_with('{') { id.as_str() } else { part })
                .collect::<Vec<_>>()
                .join("/");
            let method_name = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let reply = ana.send(method_name, &asked, None, &[]).await;
            if reply.status == 429 {
                refused(&reply, 60);
                counted.push(format!("{method} {path}"));
            } else {
                assert!(
                    EXCEPT.contains(&format!("{method} {path}").as_str()),
                    "{method} {path}: {}",
                    reply.status
                );
            }
        }
    }
    assert!(counted.len() > 20, "{counted:?}");
    assert!(counted.iter().all(|route| !EXCEPT.contains(&route.as_str())), "{counted:?}");
}

/// Checks that a flood of quality reports is refused, and that a device in a call of eight is not.
#[tokio::test]
async fn quality_reports_have_a_limit_in_rows() {
    let test = TestApp::with(allow(Limited::QualityRows, "300/60")).await;
    let (ana, ben, conversation) = test.friends().await;
    let (a, b) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    ben.accept(call.id, &b).await;
    let path = format!("/api/calls/{}/stats", call.id);
    let report = |samples: usize| {
        let sample = serde_json::json!({ "captured_at": test.now(), "score": "good" });
        serde_json::json!({ "device_id": b.id, "samples": vec![sample; samples] })
    };
    // Seven others, each sampled every two seconds, and a report every five.
    for _ in 0..12 {
        ben.post(&path, &report(18)).await.is_empty();
    }
    ben.post(&path, &report(64)).await.is_empty();
    refused(&ben.post(&path, &report(64)).await, 60);
    test.advance(Duration::from_secs(60)).await;
    ben.post(&path, &report(64)).await.is_empty();
}
