//! The negotiation with one remote device: WebRTC's perfect negotiation as a machine, without a browser in
//! it.
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
//! One command runs in the browser at a time, and signals of the other side wait until it is done. So
//! candidates are applied after the description that they belong to. Signals travel through a [`Channel`], so
//! none is lost with the socket. When the path fails, ICE restarts; the impolite side goes first, and the
//! polite one gives it time. A connection that a restart does not bring back is dead, because some browsers
//! never revive DTLS encryption that has failed.

mod channel;

use crate::time::{Duration, Instant, earliest};
use channel::Channel;
use parley_protocol::{
    limits::CANDIDATES_MAX,
    signal::{Candidate, Signal, SignalPayload},
};
use std::collections::VecDeque;

/// The time in which further local candidates are collected. The first one is sent at once.
const CANDIDATE_BATCH: Duration = Duration::from_millis(10);
/// The time that an interrupted path has to recover before ICE restarts.
const INTERRUPTED: Duration = Duration::from_millis(2_000);
/// The time for which the polite side leaves the restart to the other.
const POLITE_WAIT: Duration = Duration::from_millis(2_000);
/// The time that a restart has to bring the path back before the connection is given up.
const RESTART_TRIAL: Duration = Duration::from_millis(5_000);
/// The most payloads that wait for the browser. A sender so far ahead is not a browser.
const INBOX_MAX: usize = 256;

/// A report of the browser or of the other side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    Signal(Signal),
    /// The result of the last command. Offers and answers come back with their description.
    Done(Result<Option<String>, CommandFailed>),
    Candidate(Candidate),
    /// The browser's wish for a new offer, because something was added that the other side must agree to.
    NegotiationNeeded,
    Path(Path),
    /// The return of the socket.
    SocketUp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommandFailed;

/// The state of the connection, as the browser reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Path {
    Connecting,
    Connected,
    /// A loss that may heal by itself.
    Interrupted,
    Failed,
}

/// An order to the browser. The next one follows only after [`Event::Done`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// An offer to make and set as the local description.
    MakeOffer {
        restart_ice: bool,
    },
    /// An offer of the other side to set, which rolls an own one back; then an answer to make and set.
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
    /// A change of whether the path is up.
    Up(bool),
    /// A failed negotiation: the browser refused a description, or the other side sent too much.
    Broken,
    /// A connection that cannot be saved; another must take its place.
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

/// The offer to make as soon as the browser and the signaling state allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Wanted {
    #[default]
    Nothing,
    Offer,
    Restart,
}

#[derive(Debug)]
/// One side of the negotiation. Of two sides one is polite and the other is not.
pub struct Peer {
    polite: bool,
    channel: Channel,
    signaling: Signaling,
    busy: Option<Busy>,
    wanted: Wanted,
    inbox: VecDeque<SignalPayload>,
    candidates: Vec<Candidate>,
    flush_at: Option<Instant>,
    /// The time until which candidates are collected.
    batch_until: Instant,
    up: bool,
    /// The time at which a path counts as interrupted that the browser is only `connecting` again.
    doubt_at: Option<Instant>,
    /// The time to restart ICE, or to give up, if the path is not back by then.
    rescue_at: Option<Instant>,
    /// Whether a restart is worth trying: the path has been up, and no restart by this side has been agreed
    /// on since.
    restart_helps: bool,
    outputs: VecDeque<Output>,
}

impl Peer {
    /// Creates the impolite side, which makes the first offer and wins when two offers cross.
    pub fn calling(now: Instant) -> Self {
        let mut peer = Self::new(false);
        peer.wanted = Wanted::Offer;
        peer.proceed(now);
        peer
    }

    /// Creates the polite side, which waits for the first offer.
    pub fn called() -> Self {
        Self::new(true)
    }

    /// Creates the polite side of a connection that replaces another: it asks for the first offer.
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

    /// Applies one report. The outputs wait to be taken by [`Self::poll`].
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

    /// Handles the deadlines that have passed.
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

    /// Takes the next output, signals first.
    pub fn poll(&mut self) -> Option<Output> {
        self.channel.poll().map(Output::Signal).or_else(|| self.outputs.pop_front())
    }

    /// Returns the time when [`Self::tick`] is due.
    pub fn deadline(&self) -> Option<Instant> {
        // While a description is being made candidates have to wait, so their time is no deadline: it would
        // come at once, again and again.
        let flush = if self.is_describing() { None } else { self.flush_at };
        earliest(earliest(self.channel.deadline(), flush), earliest(self.doubt_at, self.rescue_at))
    }

    pub fn is_up(&self) -> bool {
        self.up
    }

    /// Checks whether no negotiation is under way and every signal has been acknowledged.
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
            // A candidate that the browser refuses is one path less, and no reason to give up.
            (Some(Busy::AddingCandidates) | None, _) => {}
            (Some(_), _) => self.give_up(now),
        }
    }

    /// Gives the browser its next command if it is free: signals of the other side first, then an own offer.
    fn proceed(&mut self, now: Instant) {
        while self.busy.is_none() && self.signaling != Signaling::Broken {
            let Some(payload) = self.inbox.pop_front() else { break };
            match payload {
                SignalPayload::Offer { sdp } => self.their_offer(sdp),
                SignalPayload::Answer { sdp } => self.their_answer(sdp),
                // Candidates are applied even after an offer that was ignored, because they may belong to the
                // description before it. The browser refuses those that do not fit.
                SignalPayload::Candidates { candidates } => {
                    self.command(Busy::AddingCandidates, Command::AddCandidates { candidates });
                }
                // `phone::lines` has already made the connection that this asks for.
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
            // The own offer is rolled back. It is made again later, unless it was for a restart: if the path
            // is still down after their offer, the timer restarts ICE.
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
        // After a restart the browser reports `connecting` again, while the old path may still carry media.
        // So the path stays up, but not for ever.
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

    /// Restarts ICE if the path is not back in time, and reports the connection dead if an agreed restart had
    /// its time as well. A path that never came up is not restarted: Firefox sends nothing on a connection
    /// that first connects after a restart.
    fn rescue(&mut self, now: Instant) {
        if self.rescue_at.is_none_or(|at| at > now) {
            return;
        }
        self.rescue_at = Some(now + self.trial());
        // A restart that the other side has not answered has not failed yet: signaling may be down for both.
        // Only one that both sides agreed on proves that the connection cannot be saved.
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

    /// Returns the time that a restart has. The impolite side is the first to give up, too.
    fn trial(&self) -> Duration {
        if self.polite { RESTART_TRIAL + POLITE_WAIT } else { RESTART_TRIAL }
    }

    /// Notes that both sides have agreed on a description. While the path is down it may bring the path back,
    /// so its time counts from here.
    fn described(&mut self, now: Instant) {
        self.signaling = Signaling::Stable;
        if self.rescue_at.is_some() {
            self.rescue_at = Some(now + self.trial());
        }
    }

    /// Sends the collected candidates. They must follow the description that they belong to, so they wait
    /// while one is being made.
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

    /// Stops negotiating. The connection counts as dead after the trial time, in which the other side may
    /// replace it.
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
