//! Ten thousand random and mutated frames and bodies. The server answers afterwards, and nothing panicked.
//!
//! The seed is printed; `PARLEY_TEST_SEED` repeats a run.

use crate::support::{Device, Person, TestApp};
use axum::http::{Method, header};
use parley_protocol::{ClientMessage, DeviceId, call::CallStatus, people::Conversation};
use rand::{Rng, RngExt, SeedableRng, rngs::StdRng};
use std::{
    panic,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

const FRAMES: usize = 5_000;
const BODIES: usize = 5_000;

fn seed() -> u64 {
    let given = std::env::var("PARLEY_TEST_SEED").ok().and_then(|text| text.parse().ok());
    given.unwrap_or_else(rand::random)
}

/// Counts panics in threads of this test; assertions of other tests are their own business.
fn count_panics() -> Arc<AtomicUsize> {
    let count = Arc::new(AtomicUsize::new(0));
    let seen = count.clone();
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let ours = info.location().is_some_and(|at| !at.file().contains("tests/all"));
        if ours {
            seen.fetch_add(1, Ordering::SeqCst);
        }
        before(info);
    }));
    count
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_is_sent_panics_the_server() {
    let seed = seed();
    println!("PARLEY_TEST_SEED={seed}");
    let mut rng = StdRng::seed_from_u64(seed);
    let panics = count_panics();
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let mallory = test.guest("Mallory").await;
    let (mut a, b) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    ben.accept(call.id, &b).await;
    let ids = [call.id.0, conversation.id.0, a.id.0, b.id.0, ana.id().0, ben.id().0, Uuid::nil()];

    frames(&mut rng, &mallory, &ids).await;
    bodies(&mut rng, &mallory, &conversation, &ids).await;

    a.drain().await;
    assert_eq!(ana.details(call.id).await.call.status, CallStatus::Connecting, "nothing has changed");
    ana.finish("end", call.id, &a).await;
    assert_eq!(panics.load(Ordering::SeqCst), 0, "PARLEY_TEST_SEED={seed}");
}

async fn frames(rng: &mut StdRng, mallory: &Person<'_>, ids: &[Uuid]) {
    let mut tab = mallory.device().await;
    for n in 0..FRAMES {
        let message = match rng.random_range(0..10) {
            0 => Message::binary(noise(rng, 200)),
            1 => Message::text(words(rng)),
            2 => Message::text("[{\"".repeat(rng.random_range(1..3_000))),
            _ => {
                let frame = pick(rng, FRAME_SHAPES).to_owned();
                let filled = fill(rng, &frame, ids);
                Message::text(mutate(rng, &filled))
            }
        };
        if tab.send_raw(message).await.is_err() {
            tab = mallory.device().await;
        }
        // The queue of a socket is bounded, and whoever does not read is dropped.
        if n % 50 == 0 && !still_there(&mut tab).await {
            tab = mallory.device().await;
        }
    }
}

async fn still_there(tab: &mut Device) -> bool {
    let ping = serde_json::to_string(&ClientMessage::Ping).unwrap();
    if tab.send_raw(Message::text(ping)).await.is_err() {
        return false;
    }
    loop {
        match tab.next_frame().await {
            Some(Message::Text(text)) if text.contains("\"pong\"") => return true,
            Some(Message::Close(_)) | None => return false,
            Some(_) => {}
        }
    }
}

async fn bodies(rng: &mut StdRng, mallory: &Person<'_>, conversation: &Conversation, ids: &[Uuid]) {
    for _ in 0..BODIES {
        let shape = ROUTES[rng.random_range(0..ROUTES.len())];
        let path = fill(rng, shape.1, ids);
        let body = fill(rng, shape.2, ids);
        let body = match rng.random_range(0..8) {
            0 => noise(rng, 300),
            1 => words(rng).into_bytes(),
            2 => "[".repeat(rng.random_range(1..70_000)).into_bytes(),
            3 => body.into_bytes(),
            _ => mutate(rng, &body).into_bytes(),
        };
        let method = if shape.0 == "GET" { Method::GET } else { Method::POST };
        let kind =
            pick(rng, &["application/json", "application/json", "application/json", "text/plain", "x"]);
        let reply = mallory.send(method, &path, Some(body), &[(header::CONTENT_TYPE, kind)]).await;
        assert!(reply.status.as_u16() < 500, "{path}: {}", reply.text());
    }
    // A stranger's ids open nothing, however they are dressed.
    let path = format!("/api/conversations/{}", conversation.id);
    assert_eq!(mallory.get(&path).await.status, 404);
}

const FRAME_SHAPES: &[&str] = &[
    r#"{"type":"hello","device_id":"ID"}"#,
    r#"{"type":"call.ring_ack","call_id":"ID"}"#,
    r#"{"type":"call.signal","call_id":"ID","to_user":"ID","to_device":"ID","signal":{"seq":1,"ack":0,"payload":{"kind":"offer","sdp":"v=0"}}}"#,
    r#"{"type":"call.signal","call_id":"ID","to_user":"ID","to_device":"ID","signal":{"seq":NUM,"ack":NUM,"payload":{"kind":"candidates","candidates":[{"candidate":"TEXT","sdp_mid":"0","sdp_m_line_index":NUM}]}}}"#,
    r#"{"type":"call.media_state","call_id":"ID","state":"connected"}"#,
    r#"{"type":"participant.update","call_id":"ID","media":{"muted":true,"video":false}}"#,
    r#"{"type":"ping"}"#,
];

const ROUTES: &[(&str, &str, &str)] = &[
    ("POST", "/api/auth/guest", r#"{"display_name":"TEXT"}"#),
    ("POST", "/api/conversations", r#"{"user_id":"ID"}"#),
    ("POST", "/api/conversations/ID/accept", ""),
    ("POST", "/api/conversations/ID/messages", r#"{"text":"TEXT"}"#),
    ("GET", "/api/conversations/ID/messages?limit=NUM&cursor=NUM.ID", ""),
    ("GET", "/api/conversations?limit=NUM&cursor=NUM.ID", ""),
    ("GET", "/api/calls/history?cursor=NUM.ID", ""),
    ("GET", "/api/users?query=ID%25", ""),
    ("POST", "/api/conversations/ID/read", ""),
    ("POST", "/api/calls/start", r#"{"conversation_id":"ID","call_type":"video","device_id":"ID"}"#),
    ("POST", "/api/calls/ID/accept", r#"{"device_id":"ID","media":{"muted":false,"video":true}}"#),
    ("POST", "/api/calls/ID/decline", r#"{"device_id":"ID"}"#),
    ("POST", "/api/calls/ID/cancel", r#"{"device_id":"ID"}"#),
    ("POST", "/api/calls/ID/leave", r#"{"device_id":"ID"}"#),
    ("POST", "/api/calls/ID/end", r#"{"device_id":"ID"}"#),
    ("POST", "/api/invites/ID", ""),
    ("GET", "/api/calls/ID", ""),
];

fn pick<'a, T: ?Sized>(rng: &mut StdRng, from: &'a [&'a T]) -> &'a T {
    from[rng.random_range(0..from.len())]
}

/// Puts ids, numbers and text into the places that a shape leaves for them.
fn fill(rng: &mut StdRng, shape: &str, ids: &[Uuid]) -> String {
    let mut filled = shape.to_owned();
    while filled.contains("ID") {
        let known = ids[rng.random_range(0..ids.len())];
        let id = if rng.random_bool(0.9) { known } else { DeviceId(Uuid::now_v7()).0 };
        filled = filled.replacen("ID", &id.to_string(), 1);
    }
    while filled.contains("NUM") {
        let numbers =
            ["0", "1", "-1", "100", "4294967296", "9223372036854775807", "-9223372036854775808", "1e309"];
        filled = filled.replacen("NUM", pick(rng, &numbers), 1);
    }
    let text = "\\u0000\\uFFFE😀é".repeat(rng.random_range(0..40));
    filled.replace("TEXT", &text)
}

/// Cuts, repeats, swaps and replaces.
fn mutate(rng: &mut StdRng, text: &str) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..rng.random_range(0..6) {
        if chars.is_empty() {
            break;
        }
        let at = rng.random_range(0..chars.len());
        match rng.random_range(0..5) {
            0 => chars.truncate(at),
            1 => {
                let odd = ['{', '}', '"', '\\', '0', '\u{0}', 'é', '😀', ':', '-'];
                chars[at] = odd[rng.random_range(0..odd.len())];
            }
            2 => _ = chars.remove(at),
            3 => {
                let other = rng.random_range(0..chars.len());
                chars.swap(at, other);
            }
            _ => {
                let again: Vec<char> = chars[at..].to_vec();
                chars.extend(again);
            }
        }
    }
    chars.into_iter().collect()
}

fn words(rng: &mut StdRng) -> String {
    (0..rng.random_range(0..60))
        .map(|_| char::from_u32(rng.random_range(0..0x11_0000)).unwrap_or('\u{FFFD}'))
        .collect()
}

fn noise(rng: &mut StdRng, most: usize) -> Vec<u8> {
    let mut bytes = vec![0; rng.random_range(0..most)];
    rng.fill_bytes(&mut bytes);
    bytes
}
