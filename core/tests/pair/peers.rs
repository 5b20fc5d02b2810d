//! Two peer machines with fake browsers: offers cross, signals get lost, the path dies, and still they
//! connect.

use super::{
    browser::{Browser, can_connect},
    world::World,
};
use parley_core::{
    peer::{Command, CommandFailed, Event, Output, Path, Peer},
    time::{Instant, earliest},
};
use parley_protocol::signal::{Candidate, Signal};

const TROUBLE_MS: u64 = 40_000;
const PATIENCE_MS: u64 = 400_000;

/// An event of the simulation.
#[derive(Debug)]
enum Happening {
    Arrives(usize, Signal),
    Run(usize, Command),
    Done(usize, Result<Option<String>, CommandFailed>),
    Found(usize, Candidate),
    Needed(usize),
    PathDies,
    SocketUp(usize),
    /// A check whether the browsers can connect.
    Probe,
}

/// The simulation: two peers, their browsers and the network between them.
struct Pair {
    world: World<Happening>,
    peers: [Peer; 2],
    browsers: [Browser; 2],
    connected: bool,
    /// The ICE credentials with which the path died: only a restart with new ones revives it.
    dead: Option<(String, String)>,
    loss: u64,
}

pub fn run(seed: u64) {
    let mut world = World::new(seed);
    let loss = world.chance.below(50);
    for side in 0..2 {
        for _ in 0..world.chance.below(4) {
            let at = world.chance.below(TROUBLE_MS);
            world.after(at, Happening::Needed(side));
        }
        for _ in 0..world.chance.below(3) {
            let at = world.chance.below(TROUBLE_MS);
            world.after(at, Happening::SocketUp(side));
        }
    }
    for _ in 0..world.chance.below(3) {
        let at = world.chance.below(TROUBLE_MS);
        world.after(at, Happening::PathDies);
    }
    let mut pair = Pair {
        world,
        peers: [Peer::calling(Instant(0)), Peer::called()],
        browsers: [Browser::new(0), Browser::new(1)],
        connected: false,
        dead: None,
        loss,
    };
    pair.drain();
    while !pair.is_settled() {
        assert!(pair.world.now < Instant(PATIENCE_MS), "never settles");
        pair.step();
    }
    assert!(pair.peers[0].is_up() && pair.peers[1].is_up());
    assert_eq!(pair.browsers[0].agreed, pair.browsers[1].agreed);
}

impl Pair {
    fn step(&mut self) {
        let deadline = earliest(self.peers[0].deadline(), self.peers[1].deadline());
        let now = |pair: &Self| pair.world.now;
        match self.world.next(deadline) {
            Some(Happening::Arrives(to, signal)) => self.tell(to, Event::Signal(signal)),
            Some(Happening::Run(side, command)) => {
                let (result, found) = self.browsers[side].run(command);
                for candidate in found {
                    let delay = self.world.chance.below(300);
                    self.world.after(delay, Happening::Found(side, candidate));
                }
                let delay = self.world.chance.below(30);
                self.world.after(delay, Happening::Done(side, result));
                self.world.after(delay + 20, Happening::Probe);
            }
            Some(Happening::Done(side, result)) => self.tell(side, Event::Done(result)),
            Some(Happening::Found(side, candidate)) => self.tell(side, Event::Candidate(candidate)),
            Some(Happening::Needed(side)) => self.tell(side, Event::NegotiationNeeded),
            Some(Happening::SocketUp(side)) => self.tell(side, Event::SocketUp),
            Some(Happening::PathDies) => self.path_dies(),
            Some(Happening::Probe) => self.probe(),
            None => {
                assert!(deadline.is_some(), "stuck: {:#?} {:#?}", self.peers, self.browsers);
                let now = now(self);
                self.peers.iter_mut().for_each(|peer| peer.tick(now));
            }
        }
        self.drain();
    }

    fn tell(&mut self, side: usize, event: Event) {
        self.peers[side].handle(self.world.now, event);
    }

    fn path_dies(&mut self) {
        if !std::mem::take(&mut self.connected) {
            return;
        }
        self.dead = Some(self.credentials());
        let first = usize::from(self.world.chance.percent(50));
        for side in [first, 1 - first] {
            let path = if self.world.chance.percent(50) { Path::Interrupted } else { Path::Failed };
            self.tell(side, Event::Path(path));
        }
    }

    fn probe(&mut self) {
        let fresh = self.dead.as_ref().is_none_or(|dead| *dead != self.credentials());
        if !self.connected && fresh && can_connect(&self.browsers[0], &self.browsers[1]) {
            self.connected = true;
            for side in 0..2 {
                self.tell(side, Event::Path(Path::Connecting));
                self.tell(side, Event::Path(Path::Connected));
            }
        }
    }

    fn credentials(&self) -> (String, String) {
        let ufrag = |side: usize| self.browsers[side].ufrag().unwrap_or_default().to_owned();
        (ufrag(0), ufrag(1))
    }

    fn drain(&mut self) {
        for side in 0..2 {
            while let Some(output) = self.peers[side].poll() {
                match output {
                    Output::Signal(signal) => self.send(1 - side, &signal),
                    Output::Command(command) => {
                        let delay = self.world.chance.below(20);
                        self.world.after(delay, Happening::Run(side, command));
                    }
                    // The phone machine reacts to these; `calls` covers it.
                    Output::Up(_) | Output::Dead => {}
                    Output::Broken => panic!("the browser refused a description"),
                }
            }
        }
    }

    /// Sends a signal, which may be lost or repeated. Each copy takes its own time, so that signals overtake
    /// one another.
    fn send(&mut self, to: usize, signal: &Signal) {
        if self.world.chance.percent(self.loss) {
            return;
        }
        let copies = 1 + u64::from(self.world.chance.percent(20));
        for _ in 0..copies {
            let delay = 5 + self.world.chance.below(400);
            self.world.after(delay, Happening::Arrives(to, signal.clone()));
        }
    }

    fn is_settled(&self) -> bool {
        self.world.is_empty()
            && self.connected
            && self.peers.iter().all(Peer::is_settled)
            && self.peers.iter().all(|peer| peer.deadline().is_none())
    }
}
