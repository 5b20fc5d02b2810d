//! Wire types of call quality: measurements of devices, ratings of people, and statistics.

use crate::{
    ids::{DeviceId, UserId},
    limits,
    macros::words,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

words!(
    /// The quality of a connection, as its person experienced it.
    Score { Excellent = "excellent", Good = "good", Fair = "fair", Poor = "poor", Lost = "lost" }
);

words!(
    /// The type of an ICE candidate (RFC 8445).
    CandidateKind { Host = "host", ServerReflexive = "srflx", PeerReflexive = "prflx", Relay = "relay" }
);

/// One measurement of the connection to another person, or to a media server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QualitySample {
    pub captured_at: Timestamp,
    pub peer_id: Option<UserId>,
    /// Lost packets, in percent.
    pub packet_loss: Option<f64>,
    pub rtt_ms: Option<u32>,
    pub jitter_ms: Option<u32>,
    pub up_kbps: Option<u32>,
    pub down_kbps: Option<u32>,
    pub fps: Option<u32>,
    pub width: Option<u32>,
    pub height: Option<u32>,
    pub codec: Option<String>,
    pub candidate: Option<CandidateKind>,
    pub score: Score,
}

/// The set-up of one connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConnectionReport {
    pub peer_id: Option<UserId>,
    /// Time from the opening of the connection until it was up.
    pub setup_ms: Option<u32>,
    pub local_candidate: Option<CandidateKind>,
    pub remote_candidate: Option<CandidateKind>,
    /// Transport protocol: `udp`, `tcp` or `tls`.
    pub protocol: Option<String>,
    #[serde(default)]
    pub ice_restarts: u32,
}

/// Body of `POST /api/calls/{id}/stats`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QualityReport {
    pub device_id: DeviceId,
    #[serde(default)]
    pub samples: Vec<QualitySample>,
    #[serde(default)]
    pub connections: Vec<ConnectionReport>,
    /// The quality that the device shows its person, sent when it has become bad or good again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<Score>,
}

/// The quality of a call as one person's devices measured it. Absent once the samples are deleted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallQuality {
    /// The score that at least half of the samples reach.
    pub score: Score,
    /// Percent of the samples that were fair, poor or lost.
    pub bad_percent: u8,
    /// Mean loss, in percent.
    pub packet_loss: Option<f64>,
    /// Mean round trip.
    pub rtt_ms: Option<u32>,
    /// The longest time that a connection took to come up.
    pub setup_ms: Option<u32>,
    /// True when media went through a relay on at least one connection.
    pub relayed: bool,
}

/// Body of `POST /api/calls/{id}/feedback`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Feedback {
    /// Rating from 1 to 5.
    pub stars: u8,
    #[serde(default)]
    pub tags: Vec<String>,
    #[serde(default)]
    pub comment: String,
}

/// Answer to `GET /api/calls/stats`: counts over all ended calls of one person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallStatistics {
    pub calls: u64,
    pub outgoing: u64,
    pub incoming: u64,
    pub audio: u64,
    pub video: u64,
    /// Calls in which media was connected.
    pub connected: u64,
    /// Calls that nobody answered or that were busy, in either direction.
    pub missed: u64,
    pub declined: u64,
    pub failed: u64,
    pub talk_seconds: u64,
    pub longest_seconds: u64,
}

/// A field that breaks a rule, and the end of a sentence about it.
pub type Wrong = (&'static str, &'static str);

impl Score {
    /// Tells whether the page warns about this score.
    pub const fn is_bad(self) -> bool {
        matches!(self, Self::Fair | Self::Poor | Self::Lost)
    }
}

impl QualityReport {
    /// Checks counts and sizes; returns the first field that breaks a limit.
    pub fn check(&self) -> Result<(), Wrong> {
        if self.samples.len() > limits::QUALITY_SAMPLES_MAX {
            return Err(("samples", "are too many at once"));
        }
        if self.connections.len() > limits::CONNECTION_REPORTS_MAX {
            return Err(("connections", "are too many at once"));
        }
        self.samples.iter().try_for_each(QualitySample::check)?;
        let protocols = ["udp", "tcp", "tls"];
        let known = |report: &ConnectionReport| {
            report.protocol.as_deref().is_none_or(|protocol| protocols.contains(&protocol))
        };
        if !self.connections.iter().all(known) {
            return Err(("connections.protocol", "is udp, tcp or tls"));
        }
        let modest =
            |report: &ConnectionReport| report.ice_restarts <= limits::MEASURE_MAX && fits(report.setup_ms);
        if self.connections.iter().all(modest) {
            Ok(())
        } else {
            Err(("connections", "have a number that is too large"))
        }
    }
}

impl QualitySample {
    fn check(&self) -> Result<(), Wrong> {
        if self.packet_loss.is_some_and(|loss| !(0.0..=100.0).contains(&loss)) {
            return Err(("samples.packet_loss", "is in percent"));
        }
        if self.codec.as_ref().is_some_and(|codec| codec.chars().count() > limits::CODEC_MAX_CHARS) {
            return Err(("samples.codec", "is too long"));
        }
        if self.codec.as_ref().is_some_and(|codec| codec.chars().any(char::is_control)) {
            return Err(("samples.codec", "has control characters"));
        }
        let numbers =
            [self.rtt_ms, self.jitter_ms, self.up_kbps, self.down_kbps, self.fps, self.width, self.height];
        if numbers.into_iter().all(fits) {
            Ok(())
        } else {
            Err(("samples", "have a number that is too large"))
        }
    }
}

impl Feedback {
    /// Checks everything but the comment, which [`text::comment`](crate::text::comment) cleans.
    pub fn check(&self) -> Result<(), Wrong> {
        if !(1..=5).contains(&self.stars) {
            return Err(("stars", "are 1 to 5"));
        }
        if self.tags.len() > limits::FEEDBACK_TAGS_MAX {
            return Err(("tags", "are too many"));
        }
        let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let good = |tag: &String| {
            (1..=limits::FEEDBACK_TAG_MAX_CHARS).contains(&tag.len()) && tag.chars().all(is_word)
        };
        if !self.tags.iter().all(good) {
            return Err(("tags", "are short words of small letters, digits and _"));
        }
        Ok(())
    }
}

fn fits(number: Option<u32>) -> bool {
    number.is_none_or(|number| number <= limits::MEASURE_MAX)
}
