//! The reader of `getStats`: it makes a `parley_core::quality` sample of a connection's reports.

use super::error::BrowserError;
use js_sys::{Map, Reflect};
use parley_core::quality::sample::{
    Candidate, Codec, Kind, Limit, Path, Protocol, Received, ReceiverReport, Sample, Sent,
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{RtcPeerConnection, RtcPeerConnectionState};

/// The reports of one call of `getStats`, also by their id.
struct Reports {
    by_id: Map,
    all: Vec<JsValue>,
}

/// Reads the counters of a connection. `kind_of` corrects the kind of a stream by its `mid`: the camera and
/// the screen are both `video` to the browser. The caller adds the fields of the sample that no report has.
pub async fn count(
    connection: &RtcPeerConnection,
    kind_of: impl Fn(Option<&str>, Kind) -> Kind,
) -> Result<Sample, BrowserError> {
    let answer = JsFuture::from(connection.get_stats()).await.map_err(BrowserError::of("getStats"))?;
    let reports = Reports::new(answer.unchecked_into());
    let is_up = connection.connection_state() == RtcPeerConnectionState::Connected;
    let kind = |report: &JsValue| {
        let media = if text(report, "kind").as_deref() == Some("video") { Kind::Camera } else { Kind::Audio };
        kind_of(text(report, "mid").as_deref(), media)
    };
    Ok(Sample {
        path: if is_up { reports.path() } else { None },
        received: reports.of("inbound-rtp").map(|report| reports.received(report, kind(report))).collect(),
        sent: reports.of("outbound-rtp").map(|report| reports.sent(report, kind(report))).collect(),
        ..Sample::default()
    })
}

impl Reports {
    fn new(by_id: Map) -> Self {
        let mut all = Vec::new();
        by_id.for_each(&mut |report, _| all.push(report));
        Self { by_id, all }
    }

    fn of(&self, kind: &str) -> impl Iterator<Item = &JsValue> {
        self.all.iter().filter(move |report| text(report, "type").as_deref() == Some(kind))
    }

    /// Returns the report whose id stands in a field of another report.
    fn named(&self, by: &JsValue, field: &str) -> Option<JsValue> {
        let found = self.by_id.get(&text(by, field)?.into());
        (!found.is_undefined()).then_some(found)
    }

    /// Reads the candidate pair in use: named by the transport report, or, where a browser has none,
    /// nominated.
    fn path(&self) -> Option<Path> {
        let by_transport =
            self.of("transport").find_map(|transport| self.named(transport, "selectedCandidatePairId"));
        let pair = by_transport.or_else(|| {
            let nominated = |pair: &&JsValue| {
                flag(pair, "nominated") && text(pair, "state").as_deref() == Some("succeeded")
            };
            self.of("candidate-pair").find(nominated).cloned()
        })?;
        let local = self.named(&pair, "localCandidateId");
        let remote = self.named(&pair, "remoteCandidateId");
        let kind = |candidate: &Option<JsValue>| {
            let word = candidate.as_ref().and_then(|candidate| text(candidate, "candidateType"));
            Candidate::of_word(&word.unwrap_or_default())
        };
        let protocol =
            local.as_ref().and_then(|local| text(local, "relayProtocol").or_else(|| text(local, "protocol")));
        Some(Path {
            local: kind(&local),
            remote: kind(&remote),
            protocol: Protocol::of_word(&protocol.unwrap_or_default()),
            rtt_ms: seconds(&pair, "currentRoundTripTime"),
            available_kbps: number(&pair, "availableOutgoingBitrate").map(|bits| whole(bits / 1_000.0)),
        })
    }

    fn received(&self, report: &JsValue, kind: Kind) -> Received {
        Received {
            ssrc: counter(report, "ssrc"),
            kind,
            codec: self.codec(report),
            packets: counter(report, "packetsReceived"),
            lost: signed(report, "packetsLost"),
            bytes: counter(report, "bytesReceived"),
            jitter_ms: seconds(report, "jitter").unwrap_or(0),
            frames_decoded: counter(report, "framesDecoded"),
            frames_dropped: counter(report, "framesDropped"),
            freezes: counter(report, "freezeCount"),
            frozen_ms: seconds(report, "totalFreezesDuration").unwrap_or(0).into(),
            width: counter(report, "frameWidth"),
            height: counter(report, "frameHeight"),
        }
    }

    fn sent(&self, report: &JsValue, kind: Kind) -> Sent {
        let limited = text(report, "qualityLimitationReason");
        Sent {
            ssrc: counter(report, "ssrc"),
            kind,
            codec: self.codec(report),
            packets: counter(report, "packetsSent"),
            bytes: counter(report, "bytesSent"),
            frames_encoded: counter(report, "framesEncoded"),
            limited: limited.and_then(|word| Limit::of_word(&word)),
            report: self.named(report, "remoteId").map(|heard| ReceiverReport {
                lost: signed(&heard, "packetsLost"),
                jitter_ms: seconds(&heard, "jitter").unwrap_or(0),
                rtt_ms: seconds(&heard, "roundTripTime"),
                number: number(&heard, "roundTripTimeMeasurements")
                    .or_else(|| number(&heard, "timestamp"))
                    .map_or(0, whole),
            }),
        }
    }

    fn codec(&self, report: &JsValue) -> Option<Codec> {
        Some(Codec::of_mime_type(&text(&self.named(report, "codecId")?, "mimeType")?))
    }
}

fn field(report: &JsValue, name: &str) -> JsValue {
    Reflect::get(report, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

fn text(report: &JsValue, name: &str) -> Option<String> {
    field(report, name).as_string()
}

fn flag(report: &JsValue, name: &str) -> bool {
    field(report, name).as_bool().unwrap_or(false)
}

fn number(report: &JsValue, name: &str) -> Option<f64> {
    field(report, name).as_f64().filter(|number| number.is_finite())
}

/// Reads a number of seconds, in milliseconds.
fn seconds(report: &JsValue, name: &str) -> Option<u32> {
    number(report, name).map(|seconds| whole(seconds * 1_000.0))
}

fn counter<T: TryFrom<u64> + Default>(report: &JsValue, name: &str) -> T {
    number(report, name).map_or_else(T::default, whole)
}

#[expect(clippy::cast_possible_truncation, reason = "counts of packets")]
fn signed(report: &JsValue, name: &str) -> i64 {
    number(report, name).unwrap_or(0.0) as i64
}

/// Makes an integer of a number; one that does not fit becomes 0.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` stays within bounds")]
fn whole<T: TryFrom<u64> + Default>(number: f64) -> T {
    T::try_from(number as u64).unwrap_or_default()
}
