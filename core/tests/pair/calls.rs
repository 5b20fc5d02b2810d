//! Phone machines and a server machine over a faulty network: sockets drop, requests and their answers get
//! lost, messages repeat and overtake one another, and connections die for good.
//!
//! Here one person calls another who has two devices; `rooms` covers groups.

use super::{
    browser::{Browser, can_connect},
    server::Server,
    world::World,
};
use parley_core::{
    call::{self, Record},
    peer::{self, Command, CommandFailed, Path},
    phone::{
        ApiCommand, ApiError, Capture, Input, Intent, Link, MediaCommand, MediaEvent, MediaFault, MediaKind,
        Output, Phone, Room, Screen,
    },
    time::{Instant, earliest},
};
use parley_protocol::{
    ClientMessage, ServerMessage,
    call::{CallMode, CallStatus, CallType, OwnMedia},
    data::DataMessage,
    signal::Candidate,
};
use std::collections::{BTreeMap, BTreeSet};

/// The caller's device; the callee has the two others.
pub const ANA: usize = 0;
pub const BEN: usize = 1;
pub const BENS_OTHER: usize = 2;

pub const TROUBLE_MS: u64 = 60_000;
/// The time at which every fault has been repaired or given up on, so that the state must be consistent.
pub const CALM_MS: u64 = 140_000;
const END_MS: u64 = 300_000;

/// One end of a connection: the device, and the remote device.
type Wire = (usize, usize);

/// An event of the simulation. The `u64` is the era of a connection, or of the device's media: events of an
/// earlier era are stale.
#[derive(Debug)]
pub enum Happening {
    Wish(usize, Intent),
    Request(usize, ApiCommand),
    Answer(usize, Input),
    Up(usize, ClientMessage),
    Down(usize, ServerMessage),
    SocketDrops(usize),
    SocketReturns(usize),
    Run(Wire, u64, Command),
    Done(Wire, u64, Result<Option<String>, CommandFailed>),
    Found(Wire, u64, Candidate),
    Data(Wire, DataMessage),
    Probe(Wire),
    /// A connection that dies. No ICE restart revives it, and perhaps only one side notices.
    LineDies(Wire),
    Path(Wire, u64, Path),
    Media(usize, u64, MediaEvent),
    Moderate(call::Input),
    Calm,
}

/// The simulation: the phones, their fake browsers and the server between them.
pub struct Scene {
    pub world: World<Happening>,
    pub server: Server,
    pub phones: Vec<Phone>,
    online: Vec<bool>,
    /// Open connections, each with its era: the number of connections that had been opened by then.
    browsers: BTreeMap<Wire, (u64, Browser)>,
    opened: u64,
    connected: BTreeSet<Wire>,
    /// The eras of the connections that will never carry anything again.
    dead: BTreeSet<u64>,
    /// Devices that media may be sent from, because their user has started, answered or joined a call.
    pub clicked: BTreeSet<usize>,
    /// Whether each device has a microphone or camera open.
    open: Vec<bool>,
    /// The number of times that each device has released its media.
    era: Vec<u64>,
    /// The basis of the probability, in percent, that a request is lost or a message repeated.
    unlucky: u64,
}

pub fn run(seed: u64) {
    let mut scene = Scene::new(seed, Server::direct());
    scene.plan();
    scene.play();
}

impl Scene {
    pub fn play(mut self) {
        let scene = &mut self;
        while scene.world.now < Instant(END_MS) && !scene.is_asleep() {
            scene.step();
        }
        scene.check_end();
    }

    pub fn new(seed: u64, server: Server) -> Self {
        let mut world = World::new(seed);
        let unlucky = world.chance.below(30);
        let count = server.devices().count();
        Self {
            world,
            phones: server.devices().map(|device| Phone::new(server.user(device).id)).collect(),
            server,
            online: vec![false; count],
            browsers: BTreeMap::new(),
            opened: 0,
            connected: BTreeSet::new(),
            dead: BTreeSet::new(),
            clicked: BTreeSet::new(),
            open: vec![false; count],
            era: vec![0; count],
            unlucky,
        }
    }

    fn plan(&mut self) {
        self.plan_trouble();
        self.wish(50, 100, ANA, self.call(BEN));
        if self.world.chance.percent(20) {
            self.wish(50, 100, BEN, self.call(ANA));
        }
        for device in [BEN, BENS_OTHER] {
            match self.world.chance.below(4) {
                0 | 1 => self.wish(200, 20_000, device, Intent::Answer { with_video: true }),
                2 => self.wish(200, 20_000, device, Intent::Decline),
                _ => {}
            }
        }
        if self.world.chance.percent(50) {
            let who = self.world.chance.pick(&[ANA, BEN, BENS_OTHER]);
            self.wish(60, TROUBLE_MS, who, Intent::Leave);
        }
        self.wish(1_000, TROUBLE_MS, ANA, Intent::ToggleMic);
        self.world.after(CALM_MS, Happening::Calm);
    }

    pub fn call(&self, with: usize) -> Intent {
        Intent::Start {
            conversation_id: Server::conversation(),
            with: self.server.user(with),
            call_type: CallType::Video,
        }
    }

    /// Schedules the faults: sockets that drop, and connections that die.
    pub fn plan_trouble(&mut self) {
        let devices: Vec<usize> = self.server.devices().collect();
        for device in devices.iter().copied() {
            self.world.after(0, Happening::SocketReturns(device));
            for _ in 0..self.world.chance.below(3) {
                let at = 100 + self.world.chance.below(TROUBLE_MS);
                self.world.after(at, Happening::SocketDrops(device));
            }
        }
        for _ in 0..self.world.chance.below(3) {
            let wire = (self.world.chance.pick(&devices), self.world.chance.pick(&devices));
            let at = 100 + self.world.chance.below(TROUBLE_MS);
            self.world.after(at, Happening::LineDies(wire));
        }
    }

    pub fn wish(&mut self, from_ms: u64, to_ms: u64, device: usize, intent: Intent) {
        let at = from_ms + self.world.chance.below(to_ms - from_ms);
        self.world.after(at, Happening::Wish(device, intent));
    }

    fn step(&mut self) {
        let phones = self.phones.iter().fold(None, |due, phone| earliest(due, phone.deadline()));
        if let Some(happening) = self.world.next(earliest(phones, self.server.deadline())) {
            self.happen(happening);
        } else {
            for device in 0..self.phones.len() {
                self.tell(device, Input::Tick);
            }
            self.server.tick(self.world.now);
        }
        self.publish();
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Wish(device, intent) => {
                if matches!(
                    intent,
                    Intent::Answer { .. } | Intent::Start { .. } | Intent::Join { .. } | Intent::Again
                ) {
                    self.clicked.insert(device);
                }
                self.tell(device, Input::User(intent));
            }
            Happening::Request(device, command) => self.request(device, &command),
            Happening::Answer(device, input) => self.tell(device, input),
            Happening::Up(device, message) => self.server.frame(self.world.now, device, message),
            Happening::Down(device, message) => self.tell(device, Input::Server(message)),
            Happening::SocketDrops(device) => self.socket_drops(device),
            Happening::SocketReturns(device) => {
                if !std::mem::replace(&mut self.online[device], true) {
                    self.tell(device, Input::Online { device_id: Server::device(device) });
                    self.server.socket_back(self.world.now, device);
                }
            }
            Happening::Run(wire, era, command) => self.run_command(wire, era, command),
            Happening::Done(wire, era, result) => self.report(wire, era, peer::Event::Done(result)),
            Happening::Found(wire, era, candidate) => {
                self.report(wire, era, peer::Event::Candidate(candidate));
            }
            Happening::Data(wire, message) => {
                if self.connected.contains(&wire) {
                    self.tell(wire.0, Input::Data(Server::device(wire.1), message));
                }
            }
            Happening::Probe(wire) => self.probe(wire),
            Happening::LineDies(wire) => self.line_dies(wire),
            Happening::Path(wire, era, path) => self.report(wire, era, peer::Event::Path(path)),
            Happening::Media(device, era, event) => {
                if era == self.era[device] {
                    self.open[device] |= matches!(event, MediaEvent::Ready(_));
                    self.tell(device, Input::Media(event));
                }
            }
            Happening::Moderate(input) => self.server.moderate(self.world.now, input),
            Happening::Calm => self.check_calm(),
        }
    }

    fn tell(&mut self, device: usize, input: Input) {
        self.phones[device].handle(self.world.now, input);
        while let Some(output) = self.phones[device].poll() {
            self.carry_out(device, output);
        }
        let rings = matches!(self.phones[device].screen(), Screen::Incoming(_));
        assert!(!rings || self.server.may_ring(device), "device {device} rings and was not to be disturbed");
    }

    fn carry_out(&mut self, device: usize, output: Output) {
        match output {
            Output::Send(message) => {
                if self.online[device] {
                    let delay = 5 + self.world.chance.below(50);
                    self.world.after(delay, Happening::Up(device, message));
                }
            }
            Output::Api(command) => {
                let delay = 5 + self.world.chance.below(100);
                self.world.after(delay, Happening::Request(device, command));
            }
            Output::Media(command) => self.media(device, command),
            // A connection that is opened later behaves the same, prepared or not.
            Output::Prepare { .. } => {}
            Output::Open { device: remote, .. } => {
                let wire = (device, Server::index(remote));
                self.opened += 1;
                self.browsers.insert(wire, (self.opened, Browser::new(self.opened)));
            }
            Output::Peer(remote, command) => {
                let wire = (device, Server::index(remote));
                let era = self.browsers.get(&wire).expect("commands go to open connections").0;
                let delay = self.world.chance.below(20);
                self.world.after(delay, Happening::Run(wire, era, command));
            }
            Output::SendTracks { send, .. } => {
                assert!(!send || self.clicked.contains(&device), "media without a click");
            }
            Output::Data(remote, message) => {
                let back = (Server::index(remote), device);
                let delay = 5 + self.world.chance.below(30);
                self.world.after(delay, Happening::Data(back, message));
            }
            Output::Close(remote) => self.close((device, Server::index(remote))),
        }
    }

    fn media(&mut self, device: usize, command: MediaCommand) {
        match command {
            MediaCommand::Acquire { mic, camera } => {
                for (wanted, kind) in [(mic, MediaKind::Mic), (camera, MediaKind::Camera)] {
                    let event = if self.world.chance.percent(80) {
                        MediaEvent::Ready(kind)
                    } else {
                        MediaEvent::Failed(kind, MediaFault::NotFound)
                    };
                    if wanted {
                        let delay = self.world.chance.below(2_000);
                        self.world.after(delay, Happening::Media(device, self.era[device], event));
                    }
                }
            }
            MediaCommand::Release => {
                self.open[device] = false;
                self.era[device] += 1;
            }
            MediaCommand::Mute(_) | MediaCommand::StopCamera => {}
        }
    }

    /// Sends a request to the server. The request or its answer may be lost; either is reported as a failure.
    fn request(&mut self, device: usize, command: &ApiCommand) {
        let lost = |scene: &mut Self| scene.troubled() && scene.world.chance.percent(scene.unlucky / 2);
        let mut answer =
            if lost(self) { None } else { Some(self.server.request(self.world.now, device, command)) };
        if lost(self) {
            answer = None;
        }
        let nothing = ApiError { code: None, call_id: None };
        let input = answer.unwrap_or(match *command {
            ApiCommand::Start { .. } | ApiCommand::Join { .. } => Input::Started(Err(nothing)),
            ApiCommand::Accept { call_id, .. } => Input::Accepted(call_id, Err(nothing)),
            ApiCommand::Decline { .. } | ApiCommand::Leave { .. } => {
                Input::Told(command.clone(), Err(nothing))
            }
            ApiCommand::Active { held } => Input::Active { held, calls: Err(nothing) },
        });
        let delay = 5 + self.world.chance.below(200);
        self.world.after(delay, Happening::Answer(device, input));
    }

    fn publish(&mut self) {
        for (device, message) in self.server.outbox() {
            if !self.online[device] {
                continue;
            }
            let copies = 1 + u64::from(self.world.chance.percent(self.unlucky / 2));
            for _ in 0..copies {
                let delay = 5 + self.world.chance.below(60);
                self.world.after(delay, Happening::Down(device, message.clone()));
            }
        }
    }

    fn socket_drops(&mut self, device: usize) {
        if !std::mem::replace(&mut self.online[device], false) {
            return;
        }
        self.world.lose(|happening| match happening {
            Happening::Up(lost, _) | Happening::Down(lost, _) => *lost == device,
            _ => false,
        });
        self.tell(device, Input::Offline);
        self.server.socket_gone(self.world.now, device);
        let away = if self.world.chance.percent(80) { 20_000 } else { 45_000 };
        let pause = 300 + self.world.chance.below(away);
        self.world.after(pause, Happening::SocketReturns(device));
    }

    fn run_command(&mut self, wire: Wire, era: u64, command: Command) {
        let Some((current, browser)) = self.browsers.get_mut(&wire) else { return };
        if *current != era {
            return;
        }
        let (result, found) = browser.run(command);
        let delay = self.world.chance.below(30);
        self.world.after(delay, Happening::Done(wire, era, result));
        self.world.after(delay + 20, Happening::Probe(wire));
        for candidate in found {
            let delay = self.world.chance.below(100);
            self.world.after(delay, Happening::Found(wire, era, candidate));
        }
    }

    fn report(&mut self, wire: Wire, era: u64, event: peer::Event) {
        if self.browsers.get(&wire).is_some_and(|(current, _)| *current == era) {
            self.tell(wire.0, Input::Peer(Server::device(wire.1), event));
        }
    }

    fn probe(&mut self, (a, b): Wire) {
        let (Some((here_era, here)), Some((there_era, there))) =
            (self.browsers.get(&(a, b)), self.browsers.get(&(b, a)))
        else {
            return;
        };
        let alive = [here_era, there_era].iter().all(|era| !self.dead.contains(era));
        if alive && !self.connected.contains(&(a, b)) && can_connect(here, there) {
            for wire in [(a, b), (b, a)] {
                self.connected.insert(wire);
                self.tell(wire.0, Input::Peer(Server::device(wire.1), peer::Event::Path(Path::Connected)));
            }
        }
    }

    /// Kills a connection as when encryption fails for good: ICE can be restarted, but nothing connects any
    /// more.
    fn line_dies(&mut self, (a, b): Wire) {
        if !self.connected.remove(&(a, b)) {
            return;
        }
        self.connected.remove(&(b, a));
        let one_sees_it = self.world.chance.percent(30);
        for wire in [(a, b), (b, a)] {
            let Some((era, _)) = self.browsers.get(&wire) else { continue };
            let era = *era;
            self.dead.insert(era);
            if wire == (a, b) || !one_sees_it {
                let path = if self.world.chance.percent(50) { Path::Interrupted } else { Path::Failed };
                let delay = self.world.chance.below(5_000);
                self.world.after(delay, Happening::Path(wire, era, path));
            }
        }
    }

    fn close(&mut self, (a, b): Wire) {
        self.browsers.remove(&(a, b));
        self.connected.remove(&(a, b));
        if self.connected.remove(&(b, a)) {
            self.tell(b, Input::Peer(Server::device(a), peer::Event::Path(Path::Failed)));
        }
    }

    fn troubled(&self) -> bool {
        self.world.now < Instant(TROUBLE_MS + 1_000)
    }

    fn is_asleep(&self) -> bool {
        self.world.is_empty()
            && self.server.deadline().is_none()
            && self.phones.iter().all(|phone| phone.deadline().is_none())
    }

    /// Checks that every phone shows the call as the server records it. Then everybody hangs up.
    fn check_calm(&mut self) {
        let record = self.server.live().cloned();
        for device in 0..self.phones.len() {
            let sits = record.as_ref().is_some_and(|record| {
                record.participants.iter().any(|seat| seat.is_in_on(Server::device(device)))
            });
            match self.phones[device].screen() {
                Screen::Room(room) => {
                    assert!(sits, "device {device} is in a room that the server does not know");
                    assert_eq!(room.link, Link::Connected, "device {device}");
                    self.check_lines(device, &room);
                }
                Screen::Idle | Screen::Over(_) => {
                    assert!(!sits, "the server has device {device} in a call of which it knows nothing");
                }
                screen => panic!("device {device} still shows {screen:?}"),
            }
        }
        let waits = |record: &Record| record.mode == CallMode::Group && record.present().count() < 2;
        let settled = |record: Record| record.status == CallStatus::Connected || waits(&record);
        assert!(record.is_none_or(settled), "the call has not settled");
        self.check_media();
        for device in 0..self.phones.len() {
            self.tell(device, Input::User(Intent::Leave));
        }
    }

    /// Checks that a device in the room has a working connection to each other device in it, and no further
    /// connection.
    fn check_lines(&self, device: usize, room: &Room) {
        let tiles = room.tiles();
        for tile in &tiles {
            let wire = (device, Server::index(tile.device_id));
            assert_eq!(tile.link, Link::Connected, "{wire:?}");
            assert!(self.connected.contains(&wire), "{wire:?} is called connected");
        }
        let lines = self.browsers.keys().filter(|(own, _)| *own == device).count();
        assert_eq!(lines, tiles.len(), "device {device} has connections to nobody");
    }

    /// Checks that everybody in the room sees the media state that the others' phones really have.
    fn check_media(&self) {
        let sends = |device: usize| {
            let on = |capture| matches!(capture, Capture::On | Capture::Starting);
            let phone = &self.phones[device];
            OwnMedia { muted: !on(phone.mic()), video: on(phone.camera()), ..OwnMedia::default() }
        };
        for device in 0..self.phones.len() {
            let Screen::Room(room) = self.phones[device].screen() else { continue };
            for tile in room.tiles() {
                assert_eq!(tile.media, sends(Server::index(tile.device_id)), "as device {device} sees it");
            }
        }
    }

    /// Checks that the call is over, every connection closed and every camera off.
    fn check_end(&self) {
        assert!(self.server.live().is_none(), "the call never ended");
        assert!(self.browsers.is_empty(), "connections are still open: {:?}", self.browsers);
        assert!(!self.open.contains(&true), "a camera is still on");
        for phone in &self.phones {
            assert!(matches!(phone.screen(), Screen::Idle | Screen::Over(_)), "{:?}", phone.screen());
        }
    }
}
