//! `POST /api/calls/{id}/stats` and `…/feedback`, `GET /api/calls/stats`

use super::group::Trio;
use crate::support::{Database, Person, TestApp, on_both};
use parley_protocol::{
    ErrorCode,
    call::CallStatus,
    limits::{CONNECTION_REPORTS_MAX, FEEDBACK_COMMENT_MAX_CHARS, FEEDBACK_TAGS_MAX, QUALITY_SAMPLES_MAX},
    quality::{
        CallQuality, CallStatistics, CandidateKind, ConnectionReport, Feedback, QualityReport, QualitySample,
        Score,
    },
};
use std::time::Duration;

on_both!(quality_samples_are_kept_for_a_week a_report_is_judged_by_the_cached_call turns_of_the_quality_are_logged_once a_past_call_tells_its_quality statistics_count_a_persons_own_calls texts_with_control_characters_do_no_harm_bug a_call_that_never_connected_is_not_counted_as_connected_bug);

fn sample(test: &TestApp) -> QualitySample {
    QualitySample {
        captured_at: test.now(),
        peer_id: None,
        packet_loss: Some(1.5),
        rtt_ms: Some(40),
        jitter_ms: Some(3),
        up_kbps: Some(900),
        down_kbps: Some(1_200),
        fps: Some(30),
        width: Some(1_280),
        height: Some(720),
        codec: Some("VP8".to_owned()),
        candidate: Some(CandidateKind::Relay),
        score: Score::Good,
    }
}

async fn quality_samples_are_kept_for_a_week(database: Database) {
    let test = TestApp::on(database, |_| {}).await;
    let trio = Trio::talking(&test).await;
    let path = format!("/api/calls/{}/stats", trio.call.id);
    let way = ConnectionReport {
        peer_id: Some(trio.ana.id()),
        setup_ms: Some(180),
        local_candidate: Some(CandidateKind::Host),
        remote_candidate: Some(CandidateKind::ServerReflexive),
        protocol: Some("udp".to_owned()),
        ice_restarts: 1,
    };
    let report = |samples, connections| QualityReport {
        device_id: trio.b.id,
        samples: vec![sample(&test); samples],
        connections: vec![way.clone(); connections],
        shown: None,
    };
    trio.ben.post(&path, &report(QUALITY_SAMPLES_MAX, CONNECTION_REPORTS_MAX)).await.is_empty();
    let mut wrong = vec![report(QUALITY_SAMPLES_MAX + 1, 0), report(0, CONNECTION_REPORTS_MAX + 1)];
    wrong.extend([100.1, -0.1].map(|loss| QualityReport {
        samples: vec![QualitySample { packet_loss: Some(loss), ..sample(&test) }],
        ..report(0, 0)
    }));
    for body in wrong {
        trio.ben.post(&path, &body).await.refused(422, ErrorCode::InvalidInput);
    }
    let other = QualityReport { device_id: trio.a.id, ..report(1, 0) };
    trio.ben.post(&path, &other).await.refused(409, ErrorCode::CallNotLive);
    test.guest("Dan").await.post(&path, &report(1, 0)).await.refused(404, ErrorCode::NotFound);

    trio.ben.finish("leave", trio.call.id, &trio.b).await;
    test.clock.advance(Duration::from_secs(59));
    trio.ben.post(&path, &report(1, 0)).await.is_empty();
    test.clock.advance(Duration::from_secs(1));
    trio.ben.post(&path, &report(1, 0)).await.refused(409, ErrorCode::CallNotLive);

    let week = Duration::from_secs(7 * 24 * 60 * 60);
    let write = test.app.store.write().await.unwrap();
    let first = parley_protocol::Timestamp(test.now().0 - 60_000);
    assert_eq!(write.delete_samples_before(first).await.unwrap(), QUALITY_SAMPLES_MAX as u64);
    write.abandon().await.unwrap();
    test.clock.advance(week);
    parley_server::jobs::clean::clean(&test.app).await.unwrap();
    let write = test.app.store.write().await.unwrap();
    assert_eq!(write.delete_samples_before(test.now()).await.unwrap(), 0, "the job has taken all");
}

/// Checks that reports are judged by the cached call. The statement empties the seats behind the server's
/// back: a server that read them from the database would refuse the report.
async fn a_report_is_judged_by_the_cached_call(database: Database) {
    let test = TestApp::on(database, |_| {}).await;
    let trio = Trio::talking(&test).await;
    test.sql("UPDATE call_participants SET device_id = NULL").await;
    let report = QualityReport {
        device_id: trio.b.id,
        samples: vec![sample(&test)],
        connections: Vec::new(),
        shown: None,
    };
    trio.ben.post(&format!("/api/calls/{}/stats", trio.call.id), &report).await.is_empty();
}

/// Checks that the log names each turn of the shown quality once, between the decisions about the call.
async fn turns_of_the_quality_are_logged_once(database: Database) {
    let test = TestApp::on(database, |_| {}).await;
    let trio = Trio::talking(&test).await;
    let path = format!("/api/calls/{}/stats", trio.call.id);
    let report = |device_id, shown| QualityReport {
        device_id,
        samples: Vec::new(),
        connections: Vec::new(),
        shown: Some(shown),
    };
    // Good is what everybody begins with, and a repeated report is one whose answer was lost.
    for shown in [Score::Good, Score::Poor, Score::Lost, Score::Poor, Score::Good, Score::Excellent] {
        trio.ben.post(&path, &report(trio.b.id, shown)).await.is_empty();
    }
    trio.ana.post(&path, &report(trio.a.id, Score::Fair)).await.is_empty();
    trio.ben.finish("leave", trio.call.id, &trio.b).await;
    trio.ana.post(&path, &report(trio.a.id, Score::Good)).await.is_empty();
    let told = async |person: &Person<'_>| -> Vec<(String, Option<String>)> {
        let lines = person.details(trio.call.id).await.events.into_iter();
        lines
            .filter(|line| line.event.starts_with("quality"))
            .inspect(|line| assert_eq!(line.user_id, Some(person.id()), "nobody learns of another's line"))
            .map(|line| (line.event, line.data))
            .collect()
    };
    let line = |event: &str, score: &str| (event.to_owned(), Some(score.to_owned()));
    let expected = [line("quality_degraded", "poor"), line("quality_recovered", "good")];
    assert_eq!(told(&trio.ben).await, expected);
    let expected = [line("quality_degraded", "fair"), line("quality_recovered", "good")];
    assert_eq!(told(&trio.ana).await, expected);
}

/// Checks that a past call tells each of its people the quality of their own devices, and of no other.
async fn a_past_call_tells_its_quality(database: Database) {
    let test = TestApp::on(database, |_| {}).await;
    let trio = Trio::talking(&test).await;
    let (id, path) = (trio.call.id, format!("/api/calls/{}/stats", trio.call.id));
    let measured = |score, loss, rtt_ms| QualitySample {
        score,
        packet_loss: Some(loss),
        rtt_ms: Some(rtt_ms),
        ..sample(&test)
    };
    let connection = |setup_ms, local| ConnectionReport {
        peer_id: Some(trio.ana.id()),
        setup_ms: Some(setup_ms),
        local_candidate: Some(local),
        remote_candidate: Some(CandidateKind::Host),
        protocol: Some("udp".to_owned()),
        ice_restarts: 0,
    };
    let report = QualityReport {
        device_id: trio.b.id,
        samples: vec![
            measured(Score::Excellent, 0.0, 20),
            measured(Score::Good, 1.0, 40),
            measured(Score::Good, 1.0, 40),
            measured(Score::Poor, 10.0, 100),
        ],
        connections: vec![connection(180, CandidateKind::Host), connection(400, CandidateKind::Relay)],
        shown: None,
    };
    trio.ben.post(&path, &report).await.is_empty();
    let quality = trio.ben.details(id).await.quality.unwrap();
    let expected = CallQuality {
        score: Score::Good,
        bad_percent: 25,
        packet_loss: Some(3.0),
        rtt_ms: Some(50),
        setup_ms: Some(400),
        relayed: true,
    };
    assert_eq!(quality, expected);
    assert_eq!(trio.ana.details(id).await.quality, None, "her device has reported nothing");
}

#[tokio::test]
async fn a_rating_needs_a_participant_and_has_limits() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let (a, _b) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    ana.finish("cancel", call.id, &a).await;
    let path = format!("/api/calls/{}/feedback", call.id);
    let good = Feedback {
        stars: 5,
        tags: vec!["clear_sound".to_owned(); FEEDBACK_TAGS_MAX],
        comment: "é".repeat(FEEDBACK_COMMENT_MAX_CHARS),
    };
    ana.post(&path, &good).await.is_empty();
    ana.post(&path, &Feedback { stars: 1, ..good.clone() }).await.is_empty();
    for wrong in [
        Feedback { stars: 0, ..good.clone() },
        Feedback { stars: 6, ..good.clone() },
        Feedback { tags: vec!["a".to_owned(); FEEDBACK_TAGS_MAX + 1], ..good.clone() },
        Feedback { tags: vec!["a".repeat(33)], ..good.clone() },
        Feedback { tags: vec!["Not a word".to_owned()], ..good.clone() },
        Feedback { comment: "é".repeat(FEEDBACK_COMMENT_MAX_CHARS + 1), ..good.clone() },
    ] {
        ana.post(&path, &wrong).await.refused(422, ErrorCode::InvalidInput);
    }
    ben.post(&path, &good).await.refused(409, ErrorCode::CallNotLive);
    test.guest("Eve").await.post(&path, &good).await.refused(404, ErrorCode::NotFound);
}

/// Guards against texts with NUL, which PostgreSQL cannot store.
async fn texts_with_control_characters_do_no_harm_bug(database: Database) {
    let test = TestApp::on(database, |_| {}).await;
    let trio = Trio::talking(&test).await;
    let comment = Feedback { stars: 3, tags: Vec::new(), comment: "a\u{0}b\nc".to_owned() };
    trio.ben.post(&format!("/api/calls/{}/feedback", trio.call.id), &comment).await.is_empty();
    for codec in ["VP8\u{0}", "VP\n8", "\u{7f}"] {
        let report = QualityReport {
            device_id: trio.b.id,
            samples: vec![QualitySample { codec: Some(codec.to_owned()), ..sample(&test) }],
            connections: Vec::new(),
            shown: None,
        };
        let reply = trio.ben.post(&format!("/api/calls/{}/stats", trio.call.id), &report).await;
        let error = reply.refused(422, ErrorCode::InvalidInput);
        assert_eq!(error.details.unwrap().field.as_deref(), Some("samples.codec"));
    }
}

async fn statistics_count_a_persons_own_calls(database: Database) {
    let test = TestApp::on(database, |_| {}).await;
    let trio = Trio::talking(&test).await;
    test.clock.advance(Duration::from_secs(90));
    trio.ana.finish("end", trio.call.id, &trio.a).await;
    let missed = trio.ben.start(trio.call.conversation_id, &trio.b).await;
    trio.ben.finish("cancel", missed.id, &trio.b).await;
    let numbers: CallStatistics = trio.ben.get("/api/calls/stats").await.ok();
    let expected = CallStatistics {
        calls: 2,
        outgoing: 1,
        incoming: 1,
        video: 2,
        connected: 1,
        talk_seconds: 90,
        longest_seconds: 90,
        ..CallStatistics::default()
    };
    assert_eq!(numbers, expected);
    let none: CallStatistics = test.guest("Eve").await.get("/api/calls/stats").await.ok();
    assert_eq!(none, CallStatistics::default());
}

async fn a_call_that_never_connected_is_not_counted_as_connected_bug(database: Database) {
    let test = TestApp::on(database, |_| {}).await;
    let (ana, ben, conversation) = test.friends().await;
    let (a, b) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    ben.accept(call.id, &b).await;
    let over = ana.finish("end", call.id, &a).await;
    assert_eq!((over.status, over.connected_at), (CallStatus::Ended, None));
    let numbers: CallStatistics = ana.get("/api/calls/stats").await.ok();
    assert_eq!((numbers.calls, numbers.connected), (1, 0));
}
