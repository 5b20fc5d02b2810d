//! The batch of readings for the server, of five seconds each.

use super::{Reading, connection::kind};
use crate::time::{Duration, Instant, Timestamp};
use parley_protocol::{DeviceId, UserId, quality::QualitySample};

const EVERY: Duration = Duration::from_millis(5_000);
/// The most readings in a batch, even if the timers of the page stood still.
const MOST: usize = 64;

/// One link at one moment of the device's clock. The page converts `at` to a time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measured {
    pub device: DeviceId,
    pub at: Instant,
    pub reading: Reading,
}

impl Measured {
    /// Converts it to the form on the wire. Of both directions the worse one counts, because that is what
    /// people notice.
    pub fn told(&self, captured_at: Timestamp, peer: Option<UserId>) -> QualitySample {
        let Reading { down, up, picture, path, .. } = self.reading;
        QualitySample {
            captured_at,
            peer_id: peer,
            packet_loss: down.loss.max(up.loss).map(|thousandths| f64::from(thousandths) / 10.0),
            rtt_ms: self.reading.rtt_ms,
            jitter_ms: down.jitter_ms.max(up.jitter_ms),
            up_kbps: Some(up.kbps),
            down_kbps: Some(down.kbps),
            fps: picture.map(|picture| picture.fps.into()),
            width: picture.map(|picture| picture.width.into()),
            height: picture.map(|picture| picture.height.into()),
            codec: picture.and_then(|picture| picture.codec).map(|codec| codec.name().to_owned()),
            candidate: path.map(|path| kind(path.local)),
            score: self.reading.score.word(),
        }
    }
}

#[derive(Debug)]
pub struct Batch {
    since: Instant,
    measured: Vec<Measured>,
}

impl Batch {
    pub const fn new(now: Instant) -> Self {
        Self { since: now, measured: Vec::new() }
    }

    pub fn add(&mut self, measured: Measured) {
        if self.measured.len() == MOST {
            self.measured.remove(0);
        }
        self.measured.push(measured);
    }

    pub fn take(&mut self, now: Instant) -> Option<Vec<Measured>> {
        // If the clock was set back, the batch begins anew.
        self.since = self.since.min(now);
        if now.since(self.since) < EVERY || self.measured.is_empty() {
            return None;
        }
        self.since = now;
        Some(std::mem::take(&mut self.measured))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quality::{
        Flow, Picture, Score,
        sample::{Candidate, Codec, Path},
    };
    use crate::testing::device;
    use parley_protocol::quality::{CandidateKind, QualityReport, Score as Word};

    fn measured() -> Measured {
        Measured {
            device: device(1),
            at: Instant(2_000),
            reading: Reading {
                score: Score::Fair,
                rtt_ms: Some(90),
                down: Flow { loss: Some(12), jitter_ms: Some(30), kbps: 900 },
                up: Flow { loss: Some(35), jitter_ms: None, kbps: 400 },
                picture: Some(Picture { fps: 24, width: 640, height: 360, codec: Some(Codec::Vp8) }),
                fps_up: None,
                frozen: 0,
                limited: None,
                path: Some(Path { local: Candidate::Relay, ..Path::default() }),
            },
        }
    }

    #[test]
    fn a_sample_travels_in_percent_and_passes_the_servers_check() {
        let sample = measured().told(Timestamp(7), None);
        assert_eq!(sample.packet_loss, Some(3.5), "the worse direction");
        assert_eq!((sample.rtt_ms, sample.jitter_ms), (Some(90), Some(30)));
        assert_eq!((sample.up_kbps, sample.down_kbps), (Some(400), Some(900)));
        assert_eq!((sample.fps, sample.width, sample.height), (Some(24), Some(640), Some(360)));
        assert_eq!((sample.codec.as_deref(), sample.candidate), (Some("VP8"), Some(CandidateKind::Relay)));
        assert_eq!(sample.score, Word::Fair);
        let report = QualityReport {
            device_id: measured().device,
            samples: vec![sample],
            connections: Vec::new(),
            shown: None,
        };
        assert_eq!(report.check(), Ok(()));
    }

    #[test]
    fn a_value_that_was_not_measured_is_not_sent() {
        let reading = Reading { path: None, ..Reading::lost(None) };
        let sample = Measured { reading, ..measured() }.told(Timestamp(7), None);
        assert_eq!((sample.packet_loss, sample.rtt_ms, sample.candidate), (None, None, None));
        assert_eq!(sample.score, Word::Lost);
    }
}
