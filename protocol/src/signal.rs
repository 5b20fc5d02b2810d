//! Signals: the negotiation of a connection between two devices, relayed by the server.
//!
//! `seq` and `ack` make the exchange reliable over sockets that may drop; `parley_core::peer` implements
//! this. The server does not interpret a signal. It checks only sizes, counts, and whether the two devices
//! may talk to each other.

use crate::{
    limits::{CANDIDATE_MAX_BYTES, CANDIDATES_MAX, SDP_MAX_BYTES},
    macros::tagged,
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Signal {
    /// Number of the connection within this call, counted from 1; a connection that replaces another has the
    /// next one.
    #[serde(default)]
    pub generation: u32,
    /// Position of the payload in the sender's order, from 1; 0 when there is no payload.
    pub seq: u32,
    /// Position up to which everything from the other side has arrived.
    pub ack: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<SignalPayload>,
}

tagged! {
    pub enum SignalPayload by "kind" {
        #[serde(rename = "offer")]
        Offer { sdp: String },
        #[serde(rename = "answer")]
        Answer { sdp: String },
        #[serde(rename = "candidates")]
        Candidates { candidates: Vec<Candidate> },
        /// A request to replace the connection before this one, sent to the side that makes the offers.
        #[serde(rename = "renew")]
        Renew {},
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Candidate {
    /// The candidate line after `a=`; empty at the end of gathering.
    pub candidate: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sdp_mid: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sdp_m_line_index: Option<u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignalTooLarge;

impl Signal {
    /// Checks that every part is within its limit.
    pub fn check(&self) -> Result<(), SignalTooLarge> {
        let fits = match &self.payload {
            None | Some(SignalPayload::Renew {}) => true,
            Some(SignalPayload::Offer { sdp } | SignalPayload::Answer { sdp }) => sdp.len() <= SDP_MAX_BYTES,
            Some(SignalPayload::Candidates { candidates }) => {
                candidates.len() <= CANDIDATES_MAX && candidates.iter().all(Candidate::fits)
            }
        };
        if fits { Ok(()) } else { Err(SignalTooLarge) }
    }
}

impl Candidate {
    fn fits(&self) -> bool {
        self.candidate.len() <= CANDIDATE_MAX_BYTES && self.sdp_mid.as_ref().is_none_or(|mid| mid.len() <= 64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidates(count: usize, length: usize) -> Signal {
        let one =
            Candidate { candidate: "c".repeat(length), sdp_mid: Some("0".into()), sdp_m_line_index: Some(0) };
        let payload = SignalPayload::Candidates { candidates: vec![one; count] };
        Signal { generation: 1, seq: 1, ack: 0, payload: Some(payload) }
    }

    #[test]
    fn limits_hold_at_the_edge() {
        assert_eq!(candidates(CANDIDATES_MAX, CANDIDATE_MAX_BYTES).check(), Ok(()));
        assert_eq!(candidates(CANDIDATES_MAX + 1, 1).check(), Err(SignalTooLarge));
        assert_eq!(candidates(1, CANDIDATE_MAX_BYTES + 1).check(), Err(SignalTooLarge));
        let offer = |n| Signal {
            generation: 1,
            seq: 1,
            ack: 0,
            payload: Some(SignalPayload::Offer { sdp: "v".repeat(n) }),
        };
        assert_eq!(offer(SDP_MAX_BYTES).check(), Ok(()));
        assert_eq!(offer(SDP_MAX_BYTES + 1).check(), Err(SignalTooLarge));
    }
}
