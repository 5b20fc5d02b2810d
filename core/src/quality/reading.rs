//! The reading of one connection: the changes between two samples.

use super::{
    flow::Flow,
    sample::{Codec, Kind, Limit, Path, Received, ReceiverReport, Sample, Sent},
    score::{self, Score},
};
use crate::time::{Duration, Instant};
use std::collections::BTreeMap;

/// The shortest time between two samples. Closer ones say too little.
const SHORTEST_MS: u64 = 500;
/// The longest time between two samples. With a longer one they are not about the present.
const LONGEST_MS: u64 = 10_000;
/// The fewest packets for a statement about loss. Of fewer, a single lost one would weigh too much.
const PACKETS_ENOUGH: u64 = 20;
/// The time for which a report of the other side is about the present. It reports every one to five seconds.
const REPORT_HOLDS: Duration = Duration::from_millis(12_000);
/// The greatest plausible bitrate. A broken counter easily exceeds it.
const KBPS_MAX: u64 = 1_000_000;
const FPS_MAX: u64 = 240;
const TIME_MAX_MS: u32 = 10_000;

/// The largest picture that arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Picture {
    pub fps: u16,
    pub width: u16,
    pub height: u16,
    pub codec: Option<Codec>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    pub score: Score,
    pub rtt_ms: Option<u32>,
    pub down: Flow,
    pub up: Flow,
    pub picture: Option<Picture>,
    /// Pictures sent in a second.
    pub fps_up: Option<u16>,
    /// The share of the time, in thousandths, that a picture stood still.
    pub frozen: u16,
    pub limited: Option<Limit>,
    pub path: Option<Path>,
}

impl Reading {
    pub fn down_score(&self) -> Score {
        score::of_flow(self.rtt_ms, &self.down)
    }

    pub fn up_score(&self) -> Score {
        score::of_flow(self.rtt_ms, &self.up)
    }

    /// Builds the reading of a connection on which nothing arrives.
    pub(super) const fn lost(path: Option<Path>) -> Self {
        let nothing = Flow { loss: None, jitter_ms: None, kbps: 0 };
        Self {
            score: Score::Lost,
            rtt_ms: None,
            down: nothing,
            up: nothing,
            picture: None,
            fps_up: None,
            frozen: 0,
            limited: None,
            path,
        }
    }
}

/// The memory of past samples and reports that the next reading needs.
#[derive(Debug, Clone, Default)]
pub struct Reader {
    last: Option<(Instant, Sample)>,
    reports: BTreeMap<u32, Heard>,
}

/// A report of the other side, and the count of packets sent when it arrived.
#[derive(Debug, Clone, Copy)]
struct Heard {
    report: ReceiverReport,
    sent: u64,
    at: Instant,
    /// The packets lost and sent since the report before.
    between: Option<(u64, u64)>,
}

impl Reader {
    /// Compares a sample with the one before. Returns `None` if that is not possible: it is the first, it
    /// came too soon or after a sleep, or the clock was set back.
    pub fn read(&mut self, now: Instant, sample: Sample) -> Option<Reading> {
        let too_close = |at: Instant| now >= at && now.since(at) < Duration::from_millis(SHORTEST_MS);
        if self.last.as_ref().is_some_and(|(at, _)| too_close(*at)) {
            return None;
        }
        self.hear_reports(now, &sample.sent);
        let reading = self.last.as_ref().and_then(|(at, before)| {
            let ms = now.0.checked_sub(at.0).filter(|ms| *ms <= LONGEST_MS)?;
            Some(self.compare(ms, before, &sample))
        });
        self.last = Some((now, sample));
        reading
    }

    fn compare(&self, ms: u64, before: &Sample, after: &Sample) -> Reading {
        let Some(path) = after.path else { return Reading::lost(None) };
        let received: Vec<_> = after
            .received
            .iter()
            .filter_map(|stream| {
                let earlier = before.received.iter().find(|earlier| earlier.ssrc == stream.ssrc)?;
                Some((Delta::received(earlier, stream)?, stream))
            })
            .collect();
        let silent = received.iter().any(|(delta, stream)| stream.kind == Kind::Audio && delta.packets == 0);
        let nothing = received.iter().all(|(delta, _)| delta.packets == 0);
        if after.expects_audio && before.expects_audio && silent && nothing {
            return Reading::lost(Some(path));
        }
        let sent = after.sent.iter().filter_map(|stream| {
            let earlier = before.sent.iter().find(|earlier| earlier.ssrc == stream.ssrc)?;
            Some((Delta::sent(earlier, stream)?, stream))
        });
        let sent: Vec<_> = sent.collect();
        let videos = received.iter().filter(|(_, stream)| stream.kind != Kind::Audio);
        let frozen = videos.clone().map(|(delta, _)| delta.frozen_ms).max().unwrap_or(0);
        let largest = videos.filter(|(delta, _)| delta.frames > 0).max_by_key(|(_, stream)| stream.height);
        let frames_up =
            sent.iter().filter(|(_, s)| s.kind != Kind::Audio).map(|(delta, _)| delta.frames).max();
        let reading = Reading {
            score: Score::Excellent,
            rtt_ms: self.rtt(&path, &after.sent),
            down: Flow {
                loss: loss(
                    received.iter().map(|(delta, _)| (delta.lost, delta.packets.saturating_add(delta.lost))),
                ),
                jitter_ms: jitter(after.received.iter().map(|stream| (stream.kind, stream.jitter_ms))),
                kbps: kbps(received.iter().map(|(delta, _)| delta.bytes), ms),
            },
            up: Flow {
                loss: loss(self.reports.values().filter_map(|heard| heard.between)),
                jitter_ms: jitter(after.sent.iter().filter_map(|s| Some((s.kind, s.report?.jitter_ms)))),
                kbps: kbps(sent.iter().map(|(delta, _)| delta.bytes), ms),
            },
            picture: largest.map(|(delta, stream)| Picture {
                fps: fps(delta.frames, ms),
                width: stream.width,
                height: stream.height,
                codec: stream.codec,
            }),
            fps_up: frames_up.map(|frames| fps(frames, ms)),
            frozen: u16::try_from(frozen.min(ms) * 1_000 / ms).unwrap_or(1_000),
            limited: limit(&after.sent),
            path: Some(path),
        };
        let score = reading.down_score().min(reading.up_score()).min(score::of_picture(reading.frozen));
        Reading { score, ..reading }
    }

    /// Returns the round trip time that the candidate pair measured or, where the browser has none, that of
    /// the reports.
    fn rtt(&self, path: &Path, sent: &[Sent]) -> Option<u32> {
        let current =
            |stream: &Sent| self.reports.contains_key(&stream.ssrc).then_some(stream.report?.rtt_ms);
        let rtt = path.rtt_ms.or_else(|| sent.iter().filter_map(current).flatten().max());
        rtt.map(|ms| ms.min(TIME_MAX_MS))
    }

    fn hear_reports(&mut self, now: Instant, sent: &[Sent]) {
        // A clock that was set back must not keep a report for ever.
        self.reports.retain(|ssrc, heard| {
            let is_sent = sent.iter().any(|stream| stream.ssrc == *ssrc);
            is_sent && heard.at <= now && now.since(heard.at) <= REPORT_HOLDS
        });
        for stream in sent {
            let Some(report) = stream.report else { continue };
            let last = self.reports.get(&stream.ssrc).copied();
            if last.is_some_and(|last| last.report.number == report.number) {
                continue;
            }
            let between = last.and_then(|last| {
                let packets = stream.packets.checked_sub(last.sent)?;
                let missing = u64::try_from(report.lost.saturating_sub(last.report.lost)).unwrap_or(0);
                Some((missing.min(packets), packets))
            });
            let heard = Heard { report, sent: stream.packets, at: now, between };
            self.reports.insert(stream.ssrc, heard);
        }
    }
}

/// The growth of one stream's counters.
#[derive(Debug, Clone, Copy)]
struct Delta {
    packets: u64,
    lost: u64,
    bytes: u64,
    frames: u64,
    frozen_ms: u64,
}

impl Delta {
    /// Computes the growth; `None` if the counters began anew.
    fn received(before: &Received, after: &Received) -> Option<Self> {
        Some(Self {
            packets: after.packets.checked_sub(before.packets)?,
            lost: u64::try_from(after.lost.saturating_sub(before.lost)).unwrap_or(0),
            bytes: after.bytes.checked_sub(before.bytes)?,
            frames: after.frames_decoded.checked_sub(before.frames_decoded)?,
            frozen_ms: after.frozen_ms.saturating_sub(before.frozen_ms),
        })
    }

    fn sent(before: &Sent, after: &Sent) -> Option<Self> {
        Some(Self {
            packets: after.packets.checked_sub(before.packets)?,
            lost: 0,
            bytes: after.bytes.checked_sub(before.bytes)?,
            frames: after.frames_encoded.checked_sub(before.frames_encoded)?,
            frozen_ms: 0,
        })
    }
}

/// Computes the loss in thousandths, from pairs of lost and all packets.
fn loss(of: impl Iterator<Item = (u64, u64)>) -> Option<u16> {
    let add =
        |(lost, all): (u64, u64), next: (u64, u64)| (lost.saturating_add(next.0), all.saturating_add(next.1));
    let (lost, all) = of.fold((0, 0), add);
    (all >= PACKETS_ENOUGH).then(|| u16::try_from(lost.min(all).saturating_mul(1_000) / all).unwrap_or(1_000))
}

/// Returns the jitter of the voice where there is one. Pictures arrive in bursts by nature.
fn jitter(of: impl Iterator<Item = (Kind, u32)> + Clone) -> Option<u32> {
    let audio = of.clone().filter(|(kind, _)| *kind == Kind::Audio).map(|(_, ms)| ms).max();
    audio.or_else(|| of.map(|(_, ms)| ms).max()).map(|ms| ms.min(TIME_MAX_MS))
}

fn kbps(bytes: impl Iterator<Item = u64>, ms: u64) -> u32 {
    let bits = bytes.fold(0, u64::saturating_add).saturating_mul(8);
    u32::try_from((bits / ms).min(KBPS_MAX)).unwrap_or(0)
}

fn fps(frames: u64, ms: u64) -> u16 {
    u16::try_from((frames.saturating_mul(1_000).saturating_add(ms / 2) / ms).min(FPS_MAX)).unwrap_or(0)
}

/// Returns the limit of the encoders. The own computer comes before the line, because the person can do
/// something about it.
fn limit(sent: &[Sent]) -> Option<Limit> {
    let by = |limit: Limit| sent.iter().any(|stream| stream.limited == Some(limit)).then_some(limit);
    by(Limit::Cpu).or_else(|| by(Limit::Bandwidth)).or_else(|| by(Limit::Other))
}

#[cfg(test)]
mod tests;
