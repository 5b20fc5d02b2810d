//! Negotiation with one remote device: perfect negotiation as a machine, without a browser in it.
//!
//! ```text
//!            ┌───────────── answer applied ──────────────┐
//!            ▼                                           │
//!   ┌──► stable ── offer wanted ──► making offer ──► offer sent
//!   │       │                                            │
//!   │    their offer                   their offer: the polite side gives its own up,
//!   │       ▼                          the other ignores theirs
//!   └── taking offer ◄───────────────────────────────────┘
//! ```
//!
//! One command runs at a time, and what the other side sends waits until it is done: so candidates are
//! applied after the description that they belong to. Signals travel through a [`Channel`], so nothing
//! is lost with the socket. When the path dies, ICE restarts, first by the impolite side. What a restart does not
//! bring back is dead: some browsers never revive encryption that has failed.

mod channel;

use crate::time::{Duration, Instant, earliest};
use channel::Channel;
use parley_protocol::{
    limits::CANDIDATES_MAX,
    signal::{Candidate, Signal, SignalPayload},
};
use std::collections::VecDeque;

/// The first local candidate is sent at once; those that follow within this time, together.
const CANDIDATE_BATCH: Duration = Duration::from_millis(10);
/// How long a path may be interrupted before ICE restarts.
const INTERRUPTED: Duration = Duration::from_millis(2_000);
/// How long the polite side leaves the restart to the other.
const POLITE_WAIT: Duration = Duration::from_millis(2_000);
/// How long a restart has to bring the path back before the connection is given up.
const RESTART_TRIAL: Duration = Duration::from_millis(5_000);
/// Most payloads that wait for the browser; a sender that is that far ahead is not a browser.
const INBOX_MAX: usize = 256;

/// What the browser and the other side report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    Signal(Signal),
    /// The last command is done. Offers and answers come back with their description.
    Done(Result<Option<String>, CommandFailed>),
    Candidate(Candidate),
    /// Something was added that the other side must agree to.
    NegotiationNeeded,
    Path(Path),
    /// The socket has returned.
    SocketUp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommandFailed;

/// The browser's word on the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Path {
    Connecting,
    Connected,
    /// May come back by itself.
    Interrupted,
    Failed,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Make an offer and set it as the local description.
    MakeOffer {
        restart_ice: bool,
    },
    /// Set their offer, giving up an own one if there is one; answer, and set the answer.
    TakeOffer {
        sdp: String,
    },
    TakeAnswer {
        sdp: String,
    },
    AddCandidates {
        candidates: Vec<Candidate>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    Command(Command),
    Signal(Signal),
    /// The path is up, or is not any longer.
    Up(bool),
    /// The browser refused a description: this connection will not come.
    Broken,
    /// Nothing more can be done for this connection: another is to take its place.
    Dead,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signaling {
    Stable,
    OfferSent { restart_ice: bool },
    Broken,
}

/// The command that the browser is busy with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Busy {
    MakingOffer { restart_ice: bool },
    TakingOffer,
    TakingAnswer,
    AddingCandidates,
}

/// An offer that is to be made as soon as it can.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Wanted {
    #[default]
    Nothing,
    Offer,
    Restart,
}

#[derive(Debug)]
pub struct Peer {
    polite: bool,
    channel: Channel,
    signaling: Signaling,
    busy: Option<Busy>,
    wanted: Wanted,
    inbox: VecDeque<SignalPayload>,
    candidates: Vec<Candidate>,
    flush_at: Option<Instant>,
    /// Until then, candidates are collected.
    batch_until: Instant,
    up: bool,
    /// When a path that the browser is looking for anew counts as gone, though it has not said so.
    doubt_at: Option<Instant>,
    /// When to look whether the path is back, and restart ICE if it is not.
    rescue_at: Option<Instant>,
    /// The path has been up, and since then both have not agreed on a restart of this side.
    restart_helps: bool,
    outputs: VecDeque<Output>,
}

impl Peer {
    /// The impolite side: makes the first offer, and wins when two offers cross.
    pub fn calling(now: Instant) -> Self {
        let mut peer = Self::new(false);
        peer.wanted = Wanted::Offer;
        peer.proceed(now);
        peer
    }

    /// The polite side: waits for the first offer.
    pub fn called() -> Self {
        Self::new(true)
    }

    /// The polite side after another connection: asks for the first offer.
    pub fn asking(now: Instant) -> Self {
        let mut peer = Self::new(true);
        peer.channel.send(now, SignalPayload::Renew {});
        peer
    }

    fn new(polite: bool) -> Self {
        Self {
            polite,
            channel: Channel::default(),
            signaling: Signaling::Stable,
            busy: None,
            wanted: Wanted::Nothing,
            inbox: VecDeque::new(),
            candidates: Vec::new(),
            flush_at: None,
            batch_until: Instant::default(),
            up: false,
            doubt_at: None,
            rescue_at: None,
            restart_helps: false,
            outputs: VecDeque::new(),
        }
    }

    pub fn handle(&mut self, now: Instant, event: Event) {
        match event {
            Event::Signal(signal) => {
                let ready = self.channel.receive(now, signal);
                if self.inbox.len() + ready.len() > INBOX_MAX {
                    return self.give_up(now);
                }
                self.inbox.extend(ready);
            }
            Event::Done(result) => self.done(now, result),
            Event::Candidate(candidate) => {
                self.candidates.push(candidate);
                self.flush_at = Some(self.batch_until.max(now));
            }
            Event::NegotiationNeeded => self.want(Wanted::Offer),
            Event::Path(path) => self.path(now, path),
            Event::SocketUp => self.channel.resend(now),
        }
        self.proceed(now);
    }

    pub fn tick(&mut self, now: Instant) {
        self.channel.tick(now);
        if self.flush_at.is_some_and(|at| at <= now) {
            self.flush_candidates(now);
        }
        if self.doubt_at.is_some_and(|at| at <= now) {
            self.path(now, Path::Interrupted);
        }
        self.rescue(now);
        self.proceed(now);
    }

    pub fn poll(&mut self) -> Option<Output> {
        self.channel.poll().map(Output::Signal).or_else(|| self.outputs.pop_front())
    }

    pub fn deadline(&self) -> Option<Instant> {
        let flush = if self.is_describing() { None } else { self.flush_at };
        earliest(earliest(self.channel.deadline(), flush), earliest(self.doubt_at, self.rescue_at))
    }

    pub fn is_up(&self) -> bool {
        self.up
    }

    /// Nothing is being negotiated, and everything said has been heard.
    pub fn is_settled(&self) -> bool {
        self.signaling == Signaling::Stable
            && self.busy.is_none()
            && self.wanted == Wanted::Nothing
            && self.inbox.is_empty()
            && self.candidates.is_empty()
            && self.channel.is_settled()
    }

    fn done(&mut self, now: Instant, result: Result<Option<String>, CommandFailed>) {
        match (self.busy.take(), result) {
            (Some(Busy::MakingOffer { restart_ice }), Ok(Some(sdp))) => {
                self.signaling = Signaling::OfferSent { restart_ice };
                self.channel.send(now, SignalPayload::Offer { sdp });
            }
            (Some(Busy::TakingOffer), Ok(Some(sdp))) => {
                self.described(now);
                self.channel.send(now, SignalPayload::Answer { sdp });
            }
            (Some(Busy::TakingAnswer), Ok(_)) => {
                self.restart_helps &= self.signaling != Signaling::OfferSent { restart_ice: true };
                self.described(now);
            }
            // A candidate that the browser refuses is one way less, not the end.
            (Some(Busy::AddingCandidates) | None, _) => {}
            (Some(_), _) => self.give_up(now),
        }
    }

    /// Does what can be done while the browser is free: first what they said, then what we want.
    fn proceed(&mut self, now: Instant) {
        while self.busy.is_none() && self.signaling != Signaling::Broken {
            let Some(payload) = self.inbox.pop_front() else { break };
            match payload {
                SignalPayload::Offer { sdp } => self.their_offer(sdp),
                SignalPayload::Answer { sdp } => self.their_answer(sdp),
                // Also after an offer that was ignored: they may belong to the description before it. The
                // browser knows, and refuses those that do not fit.
                SignalPayload::Candidates { candidates } => {
                    self.command(Busy::AddingCandidates, Command::AddCandidates { candidates });
                }
                // It has done its work where the connection was made.
                SignalPayload::Renew {} => {}
            }
        }
        if self.busy.is_none() && self.signaling == Signaling::Stable && self.wanted != Wanted::Nothing {
            let restart_ice = std::mem::take(&mut self.wanted) == Wanted::Restart;
            self.command(Busy::MakingOffer { restart_ice }, Command::MakeOffer { restart_ice });
        }
        if self.flush_at.is_some_and(|at| at <= now) {
            self.flush_candidates(now);
        }
    }

    fn their_offer(&mut self, sdp: String) {
        if let Signaling::OfferSent { restart_ice } = self.signaling {
            if !self.polite {
                return;
            }
            // Ours is given up. What it asked for is asked again, but for a restart: if the path is still
            // down after theirs, the timer restarts it.
            if !restart_ice {
                self.want(Wanted::Offer);
            }
        }
        self.command(Busy::TakingOffer, Command::TakeOffer { sdp });
    }

    fn their_answer(&mut self, sdp: String) {
        if matches!(self.signaling, Signaling::OfferSent { .. }) {
            self.command(Busy::TakingAnswer, Command::TakeAnswer { sdp });
        }
    }

    fn path(&mut self, now: Instant, path: Path) {
        let patience = if self.polite { POLITE_WAIT } else { Duration::ZERO };
        // After a restart the browser is `connecting` again, while the old path may still carry.
        self.doubt_at = (path == Path::Connecting && self.up).then_some(now + INTERRUPTED);
        match path {
            Path::Connected => {
                self.rescue_at = None;
                self.restart_helps = true;
            }
            Path::Connecting => {}
            Path::Interrupted => {
                self.rescue_at = earliest(self.rescue_at, Some(now + INTERRUPTED + patience));
            }
            Path::Failed => self.rescue_at = earliest(self.rescue_at, Some(now + patience)),
        }
        let up = match path {
            Path::Connected => true,
            Path::Connecting => self.up,
            Path::Interrupted | Path::Failed => false,
        };
        if up != self.up {
            self.up = up;
            self.outputs.push_back(Output::Up(up));
        }
        self.rescue(now);
    }

    /// First a restart; then, when both sides have agreed on it and had their time, the end. What never came up is
    /// not restarted: Firefox sends nothing on a connection that first connects after a restart.
    fn rescue(&mut self, now: Instant) {
        if self.rescue_at.is_none_or(|at| at > now) {
            return;
        }
        self.rescue_at = Some(now + self.trial());
        let agreed = self.signaling == Signaling::Stable && self.busy.is_none();
        if self.signaling == Signaling::Broken || (!self.restart_helps && agreed) {
            self.rescue_at = None;
            self.outputs.push_back(Output::Dead);
        } else if !self.is_restarting() {
            self.want(Wanted::Restart);
        }
    }

    fn is_restarting(&self) -> bool {
        self.signaling == Signaling::OfferSent { restart_ice: true }
            || self.busy == Some(Busy::MakingOffer { restart_ice: true })
    }

    /// The impolite side is the first to act here as well.
    fn trial(&self) -> Duration {
        if self.polite { RESTART_TRIAL + POLITE_WAIT } else { RESTART_TRIAL }
    }

    /// Both have agreed on something. While the path is down that may bring it back, and has its time from here.
    fn described(&mut self, now: Instant) {
        self.signaling = Signaling::Stable;
        if self.rescue_at.is_some() {
            self.rescue_at = Some(now + self.trial());
        }
    }

    /// Candidates follow the description that they belong to, so they wait while one is being made.
    fn flush_candidates(&mut self, now: Instant) {
        if self.is_describing() {
            return;
        }
        self.flush_at = None;
        self.batch_until = now + CANDIDATE_BATCH;
        let mut rest = std::mem::take(&mut self.candidates);
        while !rest.is_empty() {
            let later = rest.split_off(rest.len().min(CANDIDATES_MAX));
            self.channel.send(now, SignalPayload::Candidates { candidates: rest });
            rest = later;
        }
    }

    fn is_describing(&self) -> bool {
        matches!(self.busy, Some(Busy::MakingOffer { .. } | Busy::TakingOffer))
    }

    fn want(&mut self, wanted: Wanted) {
        if self.wanted != Wanted::Restart {
            self.wanted = wanted;
        }
    }

    fn command(&mut self, busy: Busy, command: Command) {
        self.busy = Some(busy);
        self.outputs.push_back(Output::Command(command));
    }

    fn give_up(&mut self, now: Instant) {
        if self.signaling != Signaling::Broken {
            self.signaling = Signaling::Broken;
            self.inbox.clear();
            self.doubt_at = None;
            self.rescue_at = Some(now + self.trial());
            self.outputs.push_back(Output::Broken);
        }
    }
}

#[cfg(test)]
mod tests;
