//! The log: it has the id of each request, and no names, addresses, messages or tokens.

use crate::support::TestApp;
use axum::http::{Method, header};
use parley_protocol::{
    people::Conversation,
    rest::{InviteLink, NewMessage},
};
use serde_json::json;
use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

/// A log writer that keeps everything in memory.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Kept {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

const NAMES: [&str; 2] = ["Anastasia", "Benedikt"];
const TEXT: &str = "the moon is a harsh mistress";
const CANDIDATE: &str = "candidate:1 1 udp 1 198.51.100.7 9 typ host";
const METRICS: &str = "a token of many characters";

/// Logs at every level of ours while people sign in, talk, call and are refused, all on this thread.
#[tokio::test]
async fn the_log_contains_no_names_and_no_secrets() {
    let kept = Kept::default();
    // The threads of sqlx do not use this thread's subscriber, so their lines are switched off.
    let filter = EnvFilter::new("debug,parley_server=trace,sqlx=off");
    let lines = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(kept.clone()).finish();
    let _guard = tracing::subscriber::set_default(lines);
    let test = TestApp::with(|config| config.metrics_token = Some(METRICS.to_owned())).await;
    let (ana, ben) = (test.guest(NAMES[0]).await, test.guest(NAMES[1]).await);
    let link: InviteLink = ana.post("/api/me/invite-link", &()).await.created();
    let conversation: Conversation = ben.post(&format!("/api/invites/{}", link.token), &()).await.ok();
    let messages = format!("/api/conversations/{}/messages", conversation.id);
    let reply = ana.post_once(&messages, &NewMessage { text: TEXT.to_owned() }, "the-key-of-this").await;
    let (mut tab, mut other) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &tab).await;
    other.ring(call.id).await;
    ben.accept(call.id, &other).await;
    let payload = json!({ "kind": "candidates", "candidates": [{ "candidate": CANDIDATE }] });
    let signal = json!({
        "type": "call.signal", "call_id": call.id, "to_user": ben.id(), "to_device": other.id,
        "signal": { "seq": 1, "ack": 0, "payload": payload },
    });
    tab.send_text(signal.to_string()).await;
    tab.send_text(json!({ "type": TEXT }).to_string()).await;
    tab.drain().await;
    ana.finish("end", call.id, &tab).await;
    ana.get(&format!("/api/users?query={}", NAMES[1])).await;
    ana.send(Method::POST, &messages, Some(format!("{{\"text\":\"{TEXT}\"").into_bytes()), &[]).await;
    let bearer = format!("Bearer {METRICS}");
    ana.send(Method::GET, "/metrics", None, &[(header::AUTHORIZATION, &bearer)]).await;
    test.get("/api/invites/guess-of-a-token").await;
    ben.post("/api/auth/logout", &()).await.is_empty();

    let log = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
    let id = reply.header("x-request-id");
    assert!(id.len() == 32 && log.contains(id), "{id}");
    assert!(log.contains("\"route\":\"/api/conversations/{id}/messages\""));
    assert!(log.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()));
    let tokens = [&ana.signed.token, &ben.signed.token, &link.token].map(String::as_str);
    let others = [TEXT, "198.51.100.7", "127.0.0.1", METRICS, "guess-of-a-token", "the-key-of-this"];
    for secret in tokens.into_iter().chain(NAMES).chain(others) {
        let told = log.lines().find(|line| line.contains(secret));
        assert!(told.is_none(), "{secret}: {told:?}");
    }
}

#[tokio::test]
async fn every_answer_has_an_id_of_its_own() {
    let test = TestApp::new().await;
    let (one, two) = (test.get("/api/config").await, test.get("/api/nothing").await);
    assert_eq!((one.header("x-request-id").len(), two.header("x-request-id").len()), (32, 32));
    assert_ne!(one.header("x-request-id"), two.header("x-request-id"));
}
