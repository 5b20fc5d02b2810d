//! Metrics: they need a token, they are correct, and they name nobody.

use crate::support::{Person, Reply, TestApp, eventually};
use axum::http::{Method, header};
use parley_protocol::{ErrorCode, call::MediaState, rest::CallAccess};
use serde_json::json;
use std::time::{Duration, Instant};

const TOKEN: &str = "a token of many characters";

async fn test() -> TestApp {
    TestApp::with(|config| config.metrics_token = Some(TOKEN.to_owned())).await
}

async fn read(person: &Person<'_>, token: &str) -> Reply {
    let bearer = format!("Bearer {token}");
    person.send(Method::GET, "/metrics", None, &[(header::AUTHORIZATION, &bearer)]).await
}

/// Returns the value of a line, given by its name and labels.
fn value(text: &str, line: &str) -> f64 {
    let found = text.lines().find_map(|known| known.strip_prefix(line)?.strip_prefix(' '));
    found.unwrap_or_else(|| panic!("no {line} in {text}")).parse().unwrap()
}

#[tokio::test]
async fn metrics_need_their_token() {
    let test = TestApp::new().await;
    let ana = test.guest("Ana").await;
    read(&ana, TOKEN).await.refused(404, ErrorCode::NotFound);
    let test = self::test().await;
    let ana = test.guest("Ana").await;
    for wrong in [ana.signed.token.as_str(), "", "a token of many character"] {
        read(&ana, wrong).await.refused(404, ErrorCode::NotFound);
    }
    test.get("/metrics").await.refused(404, ErrorCode::NotFound);
    assert!(read(&ana, TOKEN).await.text().ends_with("# EOF\n"));
}

#[tokio::test]
async fn metrics_of_a_call_equal_its_measured_times() {
    let test = test().await;
    let (ana, ben, conversation) = test.friends().await;
    let (mut tab, mut other) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &tab).await;
    let status = async |wanted: &str| {
        eventually(async || ana.details(call.id).await.call.status.as_str() == wanted).await;
    };
    test.advance(Duration::from_millis(250)).await;
    other.ring(call.id).await;
    status("ringing").await;
    test.advance(Duration::from_secs(4)).await;
    ben.accept(call.id, &other).await;
    test.advance(Duration::from_millis(500)).await;
    tab.media(call.id, MediaState::Connected).await;
    other.media(call.id, MediaState::Connected).await;
    status("connected").await;
    test.advance(Duration::from_secs(90)).await;
    ana.finish("end", call.id, &tab).await;
    let second = ana.start(conversation.id, &tab).await;
    ben.accept(second.id, &other).await;
    ana.finish("end", second.id, &tab).await;

    let page = read(&ana, TOKEN).await.text();
    for (name, seconds) in [("to_ring", 0.25), ("to_accept", 4.25), ("to_media", 0.5), ("duration", 90.0)] {
        let (count, sum) = ("seconds_count", "seconds_sum");
        let calls = if name == "to_accept" { 2.0 } else { 1.0 };
        assert!((value(&page, &format!("parley_call_{name}_{count}")) - calls).abs() < 0.1, "{name}");
        let sum = value(&page, &format!("parley_call_{name}_{sum}"));
        assert!((sum - seconds).abs() < 1e-6, "{name}: {sum}, not {seconds}");
    }
    assert!(value(&page, r#"parley_calls_started_total{type="video",mode="direct"}"#) > 1.9);
    for connected in ["yes", "no"] {
        let labels = format!(r#"{{status="ended",reason="completed",connected="{connected}"}}"#);
        assert!((value(&page, &format!("parley_calls_ended_total{labels}")) - 1.0).abs() < 0.1);
    }
    assert!(value(&page, "parley_sockets") > 1.9);
    assert!(value(&page, "parley_frames_in_total") > 2.9);
    assert!(value(&page, "parley_frames_out_total") > 2.9);
}

#[tokio::test]
async fn live_calls_and_their_quality_are_reported() {
    let test = test().await;
    let (ana, ben, conversation) = test.friends().await;
    let (mut tab, other) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &tab).await;
    let live = r#"parley_calls_live{type="video",mode="direct",engine="p2p"}"#;
    assert!((value(&read(&ana, TOKEN).await.text(), live) - 1.0).abs() < 0.1);
    ben.accept(call.id, &other).await;
    let sample = json!({ "captured_at": test.now(), "packet_loss": 4.0, "rtt_ms": 120, "score": "poor" });
    let report =
        json!({ "device_id": tab.id, "samples": [sample, sample], "connections": [{ "setup_ms": 300 }] });
    ana.post(&format!("/api/calls/{}/stats", call.id), &report).await.is_empty();
    let page = read(&ana, TOKEN).await.text();
    let told = [
        (r#"parley_call_samples_total{score="poor"}"#, 2.0),
        ("parley_call_packet_loss_percent_sum", 8.0),
        ("parley_call_round_trip_seconds_sum", 0.24),
        ("parley_call_setup_seconds_sum", 0.3),
    ];
    for (name, expected) in told {
        assert!((value(&page, name) - expected).abs() < 1e-6, "{name}");
    }
    ana.finish("end", call.id, &tab).await;
    tab.drain().await;
    assert!(!read(&ana, TOKEN).await.text().contains("parley_calls_live{"), "it is over");
}

#[tokio::test]
async fn measured_request_times_never_exceed_the_clients_wait() {
    let test = test().await;
    let ana = test.guest("Ana").await;
    let begun = Instant::now();
    for _ in 0..20 {
        ana.get("/api/conversations").await;
    }
    let waited = begun.elapsed().as_secs_f64();
    let page = read(&ana, TOKEN).await.text();
    let labels = r#"{method="GET",route="/api/conversations"}"#;
    assert!((value(&page, &format!("parley_http_request_seconds_count{labels}")) - 20.0).abs() < 0.1);
    let sum = value(&page, &format!("parley_http_request_seconds_sum{labels}"));
    // The rest of the time is the test's own, between two requests.
    assert!(sum <= waited && sum > waited * 0.1, "{sum} of {waited}");
    let database = value(&page, "parley_database_seconds_sum");
    assert!(database > 0.0 && value(&page, "parley_database_seconds_count") > 20.0);
}

#[tokio::test]
async fn refusals_are_counted_by_code_and_nobody_is_named() {
    let test = test().await;
    let (ana, ben, conversation) = test.friends().await;
    let mut tab = ana.device().await;
    tab.send_text(r#"{"type":"nonsense"}"#).await;
    tab.drain().await;
    ana.get("/api/calls/7").await.refused(404, ErrorCode::NotFound);
    test.get("/api/invites/guess").await.refused(404, ErrorCode::InviteInvalid);
    test.get("/no/such/page").await;
    let call = ana.try_start(conversation.id, tab.id).await.created::<CallAccess>().call;
    let page = read(&ana, TOKEN).await.text();
    assert!(value(&page, r#"parley_refused_total{over="http",code="not_found"}"#) > 0.9);
    assert!(value(&page, r#"parley_refused_total{over="http",code="invite_invalid"}"#) > 0.9);
    assert!(value(&page, r#"parley_refused_total{over="socket",code="unknown_message"}"#) > 0.9);
    assert!(page.contains(r#"route="/api/calls/{id}""#) && page.contains(r#"route="page""#), "{page}");
    for secret in
        [ana.id().to_string(), ben.id().to_string(), call.id.to_string(), conversation.id.to_string()]
    {
        assert!(!page.contains(&secret), "{secret}");
    }
    for word in ["Ana", "Ben", "guess", "127.0.0.1", "no/such"] {
        assert!(!page.contains(word), "{word}");
    }
}
