//! Media statistics of the browsers (`getStats`), the only proof of media that scenarios accept.

use anyhow::{Result, ensure};
use serde::Deserialize;

/// One `RTCPeerConnection` of a page, sampled by `page/harness.js`.
#[derive(Debug, Clone, Deserialize)]
pub struct Peer {
    pub index: usize,
    pub connection: String,
    pub ice: String,
    pub signaling: String,
    pub inbound: Vec<Rtp>,
    pub outbound: Vec<Rtp>,
    /// The remote address of the selected candidate pair.
    pub remote: Option<String>,
}

/// One RTP stream, as far as both browsers report it.
#[derive(Debug, Clone, Deserialize)]
pub struct Rtp {
    pub kind: String,
    pub packets: u64,
    /// The bytes of payload. Padding packets, with which browsers probe the bandwidth, have none.
    pub bytes: u64,
    /// The frames decoded or encoded, depending on the direction.
    pub frames: u64,
    pub width: u64,
    #[serde(default)]
    pub codec: String,
}

/// All connections of a page at one moment.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct Sample(pub Vec<Peer>);

/// Totals over the open connections of a page: packets of streams that carry anything.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    pub connected: usize,
    pub video_sent: u64,
    pub audio_sent: u64,
    pub video_received: u64,
    pub audio_received: u64,
    pub frames_decoded: u64,
}

impl Sample {
    pub fn open(&self) -> impl Iterator<Item = &Peer> {
        self.0.iter().filter(|peer| peer.signaling != "closed")
    }

    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for peer in self.open() {
            totals.connected += usize::from(peer.connection == "connected");
            for rtp in peer.outbound.iter().filter(|rtp| rtp.bytes > 0) {
                let sum = if rtp.kind == "video" { &mut totals.video_sent } else { &mut totals.audio_sent };
                *sum += rtp.packets;
            }
            for rtp in peer.inbound.iter().filter(|rtp| rtp.bytes > 0) {
                if rtp.kind == "video" {
                    totals.video_received += rtp.packets;
                    totals.frames_decoded += rtp.frames;
                } else {
                    totals.audio_received += rtp.packets;
                }
            }
        }
        totals
    }

    /// Checks that not one packet of media has left this page or reached it, padding included.
    pub fn ensure_silent(&self) -> Result<()> {
        for rtp in self.open().flat_map(|peer| peer.outbound.iter().chain(&peer.inbound)) {
            ensure!(rtp.packets == 0 && rtp.frames == 0, "media before its time: {rtp:?}");
        }
        Ok(())
    }
}

/// The media that flows in one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Streams {
    Nothing,
    Audio,
    AudioAndVideo,
}

/// The media that must flow in each direction, and no other.
#[derive(Debug, Clone, Copy)]
pub struct Flow {
    pub out: Streams,
    pub back: Streams,
}

impl Flow {
    pub const VIDEO: Self = Self { out: Streams::AudioAndVideo, back: Streams::AudioAndVideo };
    pub const AUDIO: Self = Self { out: Streams::Audio, back: Streams::Audio };

    /// Checks that everything that should flow has moved on by a margin since `before`, and that nothing else
    /// ever has.
    pub fn check(self, before: Totals, after: Totals) -> Result<()> {
        let (out, back) = (self.out, self.back);
        let rules = [
            ("audio sent", out != Streams::Nothing, before.audio_sent, after.audio_sent),
            ("video sent", out == Streams::AudioAndVideo, before.video_sent, after.video_sent),
            ("audio received", back != Streams::Nothing, before.audio_received, after.audio_received),
            ("video received", back == Streams::AudioAndVideo, before.video_received, after.video_received),
            ("frames decoded", back == Streams::AudioAndVideo, before.frames_decoded, after.frames_decoded),
        ];
        for (what, flows, before, after) in rules {
            let moved = after.saturating_sub(before);
            ensure!(!flows || moved >= 5, "{what} does not flow: {before} → {after}");
            ensure!(flows || after == 0, "{what}: {after}, but none should flow");
        }
        ensure!(after.connected > 0, "not connected: {after:?}");
        Ok(())
    }
}
