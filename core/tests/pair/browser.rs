//! A fake browser: an `RTCPeerConnection` reduced to the state that negotiation depends on.
//!
//! Session descriptions are strings: `offer:<id>:<ufrag>` and `answer:<offer id>:<ufrag>`. A candidate names
//! the `ufrag` of the description that it belongs to. Like a real connection, the fake one fails a command
//! that its state does not allow.

use parley_core::peer::{Command, CommandFailed};
use parley_protocol::signal::Candidate;

/// A fake peer connection that runs the commands of one `Peer`.
#[derive(Debug, Default)]
pub struct Browser {
    name: u64,
    made: u64,
    ufrags: u64,
    /// The local offer that awaits its answer: its id and its `ufrag`.
    pending: Option<(String, String)>,
    /// The id of the offer in the last complete offer/answer exchange.
    pub agreed: Option<String>,
    local_ufrag: Option<String>,
    pub remote_ufrag: Option<String>,
    /// The number of remote candidates that belong to the current remote description.
    pub remote_candidates: u64,
}

impl Browser {
    pub fn new(name: u64) -> Self {
        Self { name, ..Self::default() }
    }

    pub fn ufrag(&self) -> Option<&str> {
        self.local_ufrag.as_deref()
    }

    /// Runs a command. Returns its result and the local candidates that gathering finds because of it.
    pub fn run(&mut self, command: Command) -> (Result<Option<String>, CommandFailed>, Vec<Candidate>) {
        match command {
            Command::MakeOffer { restart_ice } => self.make_offer(restart_ice),
            Command::TakeOffer { sdp } => self.take_offer(&sdp),
            Command::TakeAnswer { sdp } => (self.take_answer(&sdp), Vec::new()),
            Command::AddCandidates { candidates } => (self.add(&candidates), Vec::new()),
        }
    }

    fn make_offer(&mut self, restart: bool) -> (Result<Option<String>, CommandFailed>, Vec<Candidate>) {
        if self.pending.is_some() {
            return (Err(CommandFailed), Vec::new());
        }
        self.made += 1;
        let id = format!("{}-{}", self.name, self.made);
        let fresh = restart || self.local_ufrag.is_none();
        let ufrag = if fresh { self.new_ufrag() } else { self.local_ufrag.clone().unwrap_or_default() };
        self.pending = Some((id.clone(), ufrag.clone()));
        let found = if fresh { candidates(&ufrag) } else { Vec::new() };
        (Ok(Some(format!("offer:{id}:{ufrag}"))), found)
    }

    fn take_offer(&mut self, sdp: &str) -> (Result<Option<String>, CommandFailed>, Vec<Candidate>) {
        let ["offer", id, ufrag] = sdp.split(':').collect::<Vec<_>>()[..] else {
            return (Err(CommandFailed), Vec::new());
        };
        self.pending = None;
        let restarted = self.remote_ufrag.as_deref() != Some(ufrag);
        self.set_remote(ufrag);
        if restarted || self.local_ufrag.is_none() {
            self.local_ufrag = Some(self.new_ufrag());
        }
        self.agreed = Some(id.to_owned());
        let own = self.local_ufrag.clone().unwrap_or_default();
        let found = if restarted { candidates(&own) } else { Vec::new() };
        (Ok(Some(format!("answer:{id}:{own}"))), found)
    }

    fn take_answer(&mut self, sdp: &str) -> Result<Option<String>, CommandFailed> {
        let ["answer", id, ufrag] = sdp.split(':').collect::<Vec<_>>()[..] else { return Err(CommandFailed) };
        let (offer, own) = self.pending.take().ok_or(CommandFailed)?;
        if offer != id {
            return Err(CommandFailed);
        }
        self.set_remote(ufrag);
        self.local_ufrag = Some(own);
        self.agreed = Some(offer);
        Ok(None)
    }

    fn add(&mut self, candidates: &[Candidate]) -> Result<Option<String>, CommandFailed> {
        let remote = self.remote_ufrag.as_deref().ok_or(CommandFailed)?;
        let fitting = candidates.iter().filter(|c| c.candidate == remote).count();
        self.remote_candidates += fitting as u64;
        if fitting == candidates.len() { Ok(None) } else { Err(CommandFailed) }
    }

    fn set_remote(&mut self, ufrag: &str) {
        if self.remote_ufrag.as_deref() != Some(ufrag) {
            self.remote_ufrag = Some(ufrag.to_owned());
            self.remote_candidates = 0;
        }
    }

    fn new_ufrag(&mut self) -> String {
        self.ufrags += 1;
        format!("u{}-{}", self.name, self.ufrags)
    }
}

fn candidates(ufrag: &str) -> Vec<Candidate> {
    let one = Candidate { candidate: ufrag.to_owned(), sdp_mid: None, sdp_m_line_index: None };
    vec![one; 3]
}

/// Checks whether the two can connect: they agree on one exchange, and each has a candidate of the other's
/// current description.
pub fn can_connect(a: &Browser, b: &Browser) -> bool {
    a.agreed.is_some()
        && a.agreed == b.agreed
        && a.ufrag() == b.remote_ufrag.as_deref()
        && b.ufrag() == a.remote_ufrag.as_deref()
        && a.remote_candidates > 0
        && b.remote_candidates > 0
}
