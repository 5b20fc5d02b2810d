//! The counters of one connection, as the browser's `getStats` gives them. All counters only grow, or should.

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sample {
    /// The candidate pair in use; none while there is no way to the other side.
    pub path: Option<Path>,
    /// The `inbound-rtp` counters, one for each SSRC.
    pub received: Vec<Received>,
    /// The `outbound-rtp` counters, one for each SSRC.
    pub sent: Vec<Sent>,
    /// Whether the other side says that its microphone is open, so that packets must come.
    pub expects_audio: bool,
    /// The time from the opening of the connection until it was up for the first time.
    pub setup_ms: Option<u32>,
    /// The count of ICE restarts, by either side.
    pub ice_restarts: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Path {
    pub local: Candidate,
    pub remote: Candidate,
    pub protocol: Protocol,
    pub rtt_ms: Option<u32>,
    /// The bitrate that the browser thinks could be sent.
    pub available_kbps: Option<u32>,
}

impl Path {
    pub fn is_relayed(&self) -> bool {
        self.local == Candidate::Relay || self.remote == Candidate::Relay
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Candidate {
    #[default]
    Host,
    ServerReflexive,
    PeerReflexive,
    Relay,
}

impl Candidate {
    /// Parses the word in `getStats`.
    pub fn of_word(word: &str) -> Self {
        match word {
            "srflx" => Self::ServerReflexive,
            "prflx" => Self::PeerReflexive,
            "relay" => Self::Relay,
            _ => Self::Host,
        }
    }

    pub const fn word(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::ServerReflexive => "srflx",
            Self::PeerReflexive => "prflx",
            Self::Relay => "relay",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Protocol {
    #[default]
    Udp,
    Tcp,
    Tls,
}

impl Protocol {
    /// Parses the word in `getStats`: `relayProtocol` where there is one, else `protocol`.
    pub fn of_word(word: &str) -> Self {
        match word {
            "tcp" => Self::Tcp,
            "tls" => Self::Tls,
            _ => Self::Udp,
        }
    }

    pub const fn word(self) -> &'static str {
        match self {
            Self::Udp => "udp",
            Self::Tcp => "tcp",
            Self::Tls => "tls",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    #[default]
    Audio,
    Camera,
    Screen,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codec {
    Opus,
    Vp8,
    Vp9,
    Av1,
    H264,
    H265,
    Other,
}

impl Codec {
    /// Parses a MIME type such as `video/VP8`.
    pub fn of_mime_type(mime_type: &str) -> Self {
        let name = mime_type.rsplit('/').next().unwrap_or_default();
        let known = [Self::Opus, Self::Vp8, Self::Vp9, Self::Av1, Self::H264, Self::H265];
        known.into_iter().find(|codec| codec.name().eq_ignore_ascii_case(name)).unwrap_or(Self::Other)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Opus => "opus",
            Self::Vp8 => "VP8",
            Self::Vp9 => "VP9",
            Self::Av1 => "AV1",
            Self::H264 => "H264",
            Self::H265 => "H265",
            Self::Other => "other",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Received {
    pub ssrc: u32,
    pub kind: Kind,
    pub codec: Option<Codec>,
    pub packets: u64,
    /// The packets lost; may shrink when a packet comes twice.
    pub lost: i64,
    pub bytes: u64,
    pub jitter_ms: u32,
    pub frames_decoded: u64,
    pub frames_dropped: u64,
    pub freezes: u64,
    pub frozen_ms: u64,
    pub width: u16,
    pub height: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sent {
    pub ssrc: u32,
    pub kind: Kind,
    pub codec: Option<Codec>,
    pub packets: u64,
    pub bytes: u64,
    pub frames_encoded: u64,
    pub limited: Option<Limit>,
    /// The `remote-inbound-rtp` of the same SSRC.
    pub report: Option<ReceiverReport>,
}

/// The last report of the other side about a stream that is sent to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReceiverReport {
    pub lost: i64,
    pub jitter_ms: u32,
    pub rtt_ms: Option<u32>,
    /// The count of reports: `roundTripTimeMeasurements`, or the report's own time where that is missing.
    pub number: u64,
}

/// The reason why an encoder makes less of a picture than it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    Bandwidth,
    Cpu,
    Other,
}

impl Limit {
    /// Parses the word in `getStats`.
    pub fn of_word(word: &str) -> Option<Self> {
        match word {
            "bandwidth" => Some(Self::Bandwidth),
            "cpu" => Some(Self::Cpu),
            "other" => Some(Self::Other),
            _ => None,
        }
    }
}
