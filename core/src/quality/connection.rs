//! Facts about each connection for the server's record: how long it took to come up, over which pair of
//! candidates it runs, and how often ICE was restarted. Each connection is reported when it is up, and again
//! when one of these changes.

use super::sample::{Candidate, Protocol, Sample};
use parley_protocol::{
    DeviceId, UserId,
    limits::CONNECTION_REPORTS_MAX,
    quality::{CandidateKind, ConnectionReport},
};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionFacts {
    pub setup_ms: Option<u32>,
    pub local: Candidate,
    pub remote: Candidate,
    pub protocol: Protocol,
    pub ice_restarts: u32,
}

impl ConnectionFacts {
    /// Reads the facts of a connection that is up.
    fn of(sample: &Sample) -> Option<Self> {
        let path = sample.path?;
        Some(Self {
            setup_ms: sample.setup_ms,
            local: path.local,
            remote: path.remote,
            protocol: path.protocol,
            ice_restarts: sample.ice_restarts,
        })
    }

    pub fn report(&self, peer: Option<UserId>) -> ConnectionReport {
        ConnectionReport {
            peer_id: peer,
            setup_ms: self.setup_ms,
            local_candidate: Some(kind(self.local)),
            remote_candidate: Some(kind(self.remote)),
            protocol: Some(self.protocol.word().to_owned()),
            ice_restarts: self.ice_restarts,
        }
    }
}

pub(super) const fn kind(candidate: Candidate) -> CandidateKind {
    match candidate {
        Candidate::Host => CandidateKind::Host,
        Candidate::ServerReflexive => CandidateKind::ServerReflexive,
        Candidate::PeerReflexive => CandidateKind::PeerReflexive,
        Candidate::Relay => CandidateKind::Relay,
    }
}

/// The connections of a call, and which of them the server has yet to hear of.
#[derive(Debug, Default)]
pub struct Connections {
    known: BTreeMap<DeviceId, ConnectionFacts>,
    unreported: BTreeSet<DeviceId>,
}

impl Connections {
    /// Notes the samples of all connections; one without a sample is gone, and new if it comes back.
    pub fn round(&mut self, samples: &[(DeviceId, Sample)]) {
        self.known.retain(|device, _| samples.iter().any(|(sampled, _)| sampled == device));
        for (device, sample) in samples {
            let Some(facts) = ConnectionFacts::of(sample) else { continue };
            if self.known.insert(*device, facts) != Some(facts) {
                self.unreported.insert(*device);
            }
        }
        self.unreported.retain(|device| self.known.contains_key(device));
    }

    /// Takes what is to be reported, at most as much as one report may hold.
    pub fn take(&mut self) -> Vec<(DeviceId, ConnectionFacts)> {
        let due: Vec<DeviceId> = self.unreported.iter().copied().take(CONNECTION_REPORTS_MAX).collect();
        due.into_iter()
            .filter_map(|device| {
                self.unreported.remove(&device);
                Some((device, *self.known.get(&device)?))
            })
            .collect()
    }
}

/// Finds the ICE user fragment of a session description. It changes when the other side restarts ICE.
pub fn ice_ufrag(sdp: &str) -> Option<&str> {
    sdp.lines().find_map(|line| line.trim_end().strip_prefix("a=ice-ufrag:"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{quality::sample::Path, testing::device};

    fn up(setup_ms: u32, local: Candidate, ice_restarts: u32) -> Sample {
        let path = Some(Path { local, ..Path::default() });
        Sample { path, setup_ms: Some(setup_ms), ice_restarts, ..Sample::default() }
    }

    #[test]
    fn a_connection_is_reported_when_it_is_up_and_when_it_changes() {
        let mut connections = Connections::default();
        let mut round = |sample: Sample| {
            connections.round(&[(device(1), sample)]);
            connections.take().into_iter().map(|(_, facts)| facts).collect::<Vec<_>>()
        };
        assert_eq!(round(Sample::default()), [], "it is not up");
        let first = round(up(180, Candidate::Host, 0));
        assert_eq!((first[0].setup_ms, first[0].local, first.len()), (Some(180), Candidate::Host, 1));
        assert_eq!(round(up(180, Candidate::Host, 0)), [], "nothing has changed");
        assert_eq!(round(Sample::default()), [], "it is interrupted");
        assert_eq!(round(up(180, Candidate::Relay, 0))[0].local, Candidate::Relay);
        assert_eq!(round(up(180, Candidate::Relay, 1))[0].ice_restarts, 1);
    }

    #[test]
    fn a_connection_that_is_replaced_is_a_new_one() {
        let mut connections = Connections::default();
        for expected in [1, 0] {
            connections.round(&[(device(1), up(180, Candidate::Host, 0))]);
            assert_eq!(connections.take().len(), expected);
        }
        connections.round(&[]);
        connections.round(&[(device(1), up(180, Candidate::Host, 0))]);
        assert_eq!(connections.take().len(), 1);
    }

    #[test]
    fn a_report_holds_no_more_than_it_may() {
        let mut connections = Connections::default();
        let many: Vec<_> = (0..20).map(|n| (device(n), up(1, Candidate::Host, 0))).collect();
        connections.round(&many);
        assert_eq!(connections.take().len(), CONNECTION_REPORTS_MAX);
        assert_eq!(connections.take().len(), 20 - CONNECTION_REPORTS_MAX);
        assert_eq!(connections.take().len(), 0);
    }

    #[test]
    fn facts_travel_in_words() {
        let facts = ConnectionFacts::of(&up(180, Candidate::Relay, 2)).expect("it is up");
        let report = facts.report(None);
        assert_eq!((report.setup_ms, report.ice_restarts), (Some(180), 2));
        assert_eq!(report.local_candidate, Some(CandidateKind::Relay));
        assert_eq!(report.protocol.as_deref(), Some("udp"));
    }

    #[test]
    fn the_fragment_is_found_in_a_description() {
        assert_eq!(ice_ufrag("v=0\r\na=ice-ufrag:a+b/1\r\na=ice-pwd:x\r\n"), Some("a+b/1"));
        assert_eq!(ice_ufrag("v=0\r\n"), None);
    }
}
