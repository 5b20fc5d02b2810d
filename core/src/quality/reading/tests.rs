//! Scripts of counters, and the readings from them.

use super::*;
use crate::quality::sample::{Candidate, Protocol};
use proptest::prelude::*;

const VOICE: u32 = 1;
const FACE: u32 = 2;

fn sample() -> Sample {
    let voice = Received {
        ssrc: VOICE,
        codec: Some(Codec::Opus),
        packets: 100,
        bytes: 8_000,
        jitter_ms: 4,
        ..Received::default()
    };
    let face = Received {
        ssrc: FACE,
        kind: Kind::Camera,
        codec: Some(Codec::Vp8),
        packets: 1_000,
        bytes: 1_000_000,
        jitter_ms: 30,
        frames_decoded: 60,
        width: 640,
        height: 360,
        ..Received::default()
    };
    let sent = |ssrc, kind| Sent { ssrc, kind, packets: 100, bytes: 8_000, ..Sent::default() };
    Sample {
        path: Some(Path { rtt_ms: Some(40), ..Path::default() }),
        received: vec![voice, face],
        sent: vec![sent(11, Kind::Audio), sent(12, Kind::Camera)],
        expects_audio: true,
        ..Sample::default()
    }
}

/// Returns the sample of two seconds later, after 100 packets of voice (30 kbit/s) and 500 of the face (1
/// Mbit/s, 30 frames a second).
fn next(before: &Sample) -> Sample {
    let mut sample = before.clone();
    sample.received[0].packets += 100;
    sample.received[0].bytes += 7_500;
    sample.received[1].packets += 500;
    sample.received[1].bytes += 250_000;
    sample.received[1].frames_decoded += 60;
    sample.sent[0].packets += 100;
    sample.sent[0].bytes += 7_500;
    sample.sent[1].packets += 500;
    sample.sent[1].bytes += 250_000;
    sample.sent[1].frames_encoded += 48;
    sample
}

/// Returns the reading of the second of two samples that are two seconds apart.
fn read(before: &Sample, after: Sample) -> Reading {
    let mut reader = Reader::default();
    assert_eq!(reader.read(Instant(1_000), before.clone()), None, "the first says nothing");
    reader.read(Instant(3_000), after).unwrap()
}

#[test]
fn reads_what_happened_between_two_samples() {
    let before = sample();
    let mut after = next(&before);
    after.received[0].lost = 2;
    after.received[1].lost = 10;
    let reading = read(&before, after);
    // The loss is 12 of 612 packets.
    assert_eq!(reading.down, Flow { loss: Some(19), jitter_ms: Some(4), kbps: 1_030 });
    assert_eq!(reading.up, Flow { loss: None, jitter_ms: None, kbps: 1_030 });
    assert_eq!(reading.rtt_ms, Some(40));
    let picture = Picture { fps: 30, width: 640, height: 360, codec: Some(Codec::Vp8) };
    assert_eq!((reading.picture, reading.fps_up, reading.frozen), (Some(picture), Some(24), 0));
    assert_eq!(reading.score, Score::Good);
}

#[test]
fn a_stream_that_begins_anew_is_not_compared() {
    let before = sample();
    let mut restarted = next(&before);
    restarted.received[1] =
        Received { ssrc: FACE, kind: Kind::Camera, packets: 5, lost: 3, ..Received::default() };
    let reading = read(&before, restarted);
    assert_eq!(reading.down, Flow { loss: Some(0), jitter_ms: Some(4), kbps: 30 });
    let mut other = next(&before);
    other.received[1].ssrc = 77;
    other.received[1].lost = 900;
    assert_eq!(read(&before, other).down, Flow { loss: Some(0), jitter_ms: Some(4), kbps: 30 });
}

#[test]
fn a_repeated_packet_is_no_negative_loss() {
    let before = sample();
    let mut after = next(&before);
    after.received[0].lost = -20;
    assert_eq!(read(&before, after).down.loss, Some(0));
}

#[test]
fn few_packets_give_no_loss() {
    let before = sample();
    let mut after = before.clone();
    after.received[0].packets += 17;
    after.received[0].lost += 2;
    assert_eq!(read(&before, after.clone()).down.loss, None);
    after.received[0].packets += 1;
    assert_eq!(read(&before, after).down.loss, Some(100));
}

#[test]
fn samples_too_close_too_far_apart_or_reversed_give_no_reading() {
    let (first, second) = (sample(), next(&sample()));
    let mut reader = Reader::default();
    let mut at = |ms: u64, sample: &Sample| reader.read(Instant(ms), sample.clone()).map(|r| r.down.kbps);
    assert_eq!(at(100_000, &first), None);
    assert_eq!(at(100_499, &second), None);
    assert_eq!(at(102_000, &second), Some(1_030), "what came too soon changed nothing");
    assert_eq!(at(112_001, &next(&second)), None, "after a sleep");
    assert_eq!(at(114_001, &next(&next(&second))), Some(1_030));
    assert_eq!(at(5_000, &next(&next(&second))), None, "the clock was set back");
    assert_eq!(at(7_000, &next(&next(&next(&second)))), Some(1_030));
}

#[test]
fn silence_where_a_voice_is_expected_is_a_lost_line() {
    let before = sample();
    assert_eq!(read(&before, before.clone()).score, Score::Lost);
    let quiet = Sample { expects_audio: false, ..sample() };
    assert_eq!(read(&quiet, quiet.clone()).score, Score::Excellent, "who is muted sends nothing");
    assert_ne!(read(&quiet, before.clone()).score, Score::Lost, "who has just unmuted is given the time");
    let mut pictures_only = next(&before);
    pictures_only.received[0] = before.received[0];
    assert_ne!(read(&before, pictures_only).score, Score::Lost, "the line lives");
    assert_eq!(read(&before, Sample { path: None, ..next(&before) }).score, Score::Lost);
}

#[test]
fn a_picture_that_stands_still() {
    let before = sample();
    for (frozen, permille, score) in [
        (199, 99, Score::Excellent),
        (200, 100, Score::Fair),
        (1_000, 500, Score::Poor),
        (90_000, 1_000, Score::Poor),
    ] {
        let mut after = next(&before);
        after.received[1].frozen_ms += frozen;
        let reading = read(&before, after);
        assert_eq!((reading.frozen, reading.score), (permille, score), "{frozen} ms");
    }
}

/// Sends 100 packets of voice every two seconds, with the other side's reports in some of the samples.
fn up_loss(reports: &[Option<i64>]) -> Vec<Option<u16>> {
    let (mut reader, mut sample, mut number) = (Reader::default(), sample(), 0);
    let mut step = |(n, report): (usize, &Option<i64>)| {
        sample = next(&sample);
        if let Some(lost) = report {
            number += 1;
            sample.sent[0].report =
                Some(ReceiverReport { lost: *lost, jitter_ms: 7, rtt_ms: Some(120), number });
        }
        reader.read(Instant(2_000 * (n as u64 + 1)), sample.clone()).and_then(|reading| reading.up.loss)
    };
    reports.iter().enumerate().map(&mut step).collect()
}

#[test]
fn reports_hold_until_the_next_for_a_while() {
    assert_eq!(
        up_loss(&[Some(0), Some(10), None, None, Some(10), Some(13)]),
        [None, Some(100), Some(100), Some(100), Some(0), Some(30)]
    );
    let silent = up_loss(&[Some(0), Some(10), None, None, None, None, None, None, None]);
    assert_eq!(silent[7..], [Some(100), None], "a report of 14 seconds ago is not about the present");
    assert_eq!(
        up_loss(&[Some(50), Some(0), Some(500)]),
        [None, Some(0), Some(1_000)],
        "counted anew, or nonsense"
    );
}

#[test]
fn where_the_pair_has_no_time_the_reports_have() {
    let mut before = sample();
    before.path = Some(Path::default());
    let mut after = next(&before);
    after.sent[0].report = Some(ReceiverReport { rtt_ms: Some(120), number: 1, ..ReceiverReport::default() });
    after.sent[1].report =
        Some(ReceiverReport { rtt_ms: Some(99_999), number: 1, ..ReceiverReport::default() });
    assert_eq!(read(&before, after.clone()).rtt_ms, Some(10_000));
    after.sent[1].report = None;
    assert_eq!(read(&before, after).rtt_ms, Some(120));
}

#[test]
fn the_words_of_the_browser() {
    assert_eq!(Codec::of_mime_type("audio/opus"), Codec::Opus);
    assert_eq!(Codec::of_mime_type("video/vp9"), Codec::Vp9);
    assert_eq!(Codec::of_mime_type("video/flexfec-03"), Codec::Other);
    assert_eq!(Codec::of_mime_type(""), Codec::Other);
    for word in ["host", "srflx", "prflx", "relay"] {
        assert_eq!(Candidate::of_word(word).word(), word);
    }
    for word in ["udp", "tcp", "tls"] {
        assert_eq!(Protocol::of_word(word).word(), word);
    }
    assert_eq!(Limit::of_word("cpu"), Some(Limit::Cpu));
    assert_eq!(Limit::of_word("none"), None);
}

fn counter() -> impl Strategy<Value = u64> {
    prop_oneof![0_u64..2_000, Just(u64::MAX), any::<u64>()]
}

fn samples() -> impl Strategy<Value = Sample> {
    let lost = || prop_oneof![-50_i64..50, any::<i64>()];
    let kind = || prop_oneof![Just(Kind::Audio), Just(Kind::Camera), Just(Kind::Screen)];
    let received = (0_u32..4, kind(), counter(), lost(), counter(), any::<u32>(), counter(), counter())
        .prop_map(|(ssrc, kind, packets, lost, bytes, jitter_ms, frames_decoded, frozen_ms)| Received {
            ssrc,
            kind,
            packets,
            lost,
            bytes,
            jitter_ms,
            frames_decoded,
            frozen_ms,
            ..Received::default()
        });
    let report = (lost(), any::<u32>(), proptest::option::of(any::<u32>()), 0_u64..5)
        .prop_map(|(lost, jitter_ms, rtt_ms, number)| ReceiverReport { lost, jitter_ms, rtt_ms, number });
    let sent = (0_u32..4, kind(), counter(), counter(), counter(), proptest::option::of(report)).prop_map(
        |(ssrc, kind, packets, bytes, frames_encoded, report)| Sent {
            ssrc,
            kind,
            packets,
            bytes,
            frames_encoded,
            report,
            ..Sent::default()
        },
    );
    let path = proptest::option::of(any::<u32>()).prop_map(|rtt_ms| Path { rtt_ms, ..Path::default() });
    (
        proptest::option::weighted(0.9, path),
        proptest::collection::vec(received, 0..4),
        proptest::collection::vec(sent, 0..4),
        any::<bool>(),
    )
        .prop_map(|(path, received, sent, expects_audio)| Sample {
            path,
            received,
            sent,
            expects_audio,
            ..Sample::default()
        })
}

proptest! {
    #[test]
    fn no_counters_give_a_nonsense_reading(
        script in proptest::collection::vec((prop_oneof![0_u64..12_000, any::<u64>()], samples()), 1..30),
    ) {
        let mut reader = Reader::default();
        let mut now = 0_u64;
        for (wait, sample) in script {
            now = now.wrapping_add(wait);
            let Some(reading) = reader.read(Instant(now), sample) else { continue };
            for flow in [reading.down, reading.up] {
                prop_assert!(flow.loss.is_none_or(|loss| loss <= 1_000));
                prop_assert!(flow.jitter_ms.is_none_or(|ms| ms <= 10_000));
                prop_assert!(flow.kbps <= 1_000_000);
            }
            prop_assert!(reading.rtt_ms.is_none_or(|ms| ms <= 10_000));
            prop_assert!(reading.frozen <= 1_000);
            prop_assert!(reading.picture.is_none_or(|picture| picture.fps <= 240));
            prop_assert_eq!(reading.path.is_none(), reading.path.is_none() && reading.score == Score::Lost);
        }
    }
}
