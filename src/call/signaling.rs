//! The socket to the server, kept open: hello, heartbeat, and return after a loss.

use crate::{
    api,
    browser::{
        listener::Listener,
        page,
        socket::{Socket, SocketEvent},
        timer::{self, Timer},
    },
};
use parley_core::time::{Duration, Instant};
use parley_protocol::{
    ClientMessage, DeviceId, ErrorCode, ServerMessage,
    limits::{HEARTBEAT_MS, SOCKET_DEAD_MS},
    ws::ServerNotice,
};
use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};
use wasm_bindgen_futures::spawn_local;

const PATH: &str = "/api/ws";
const BACKOFF_FIRST_MS: f64 = 300.0;
const BACKOFF_MAX_MS: f64 = 10_000.0;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignalingEvent {
    Up {
        device_id: DeviceId,
        /// What was missed follows.
        resumed: bool,
    },
    Down,
    Message(ServerMessage),
    Notice(ServerNotice),
    /// The session is not valid any longer: there is no use in coming back.
    SignedOut,
    /// How many milliseconds a ping took.
    RoundTrip(u32),
}

pub struct Signaling {
    this: Weak<Self>,
    on_event: Box<dyn Fn(SignalingEvent)>,
    socket: RefCell<Option<Socket>>,
    /// To another server, while the one that there is goes.
    next: RefCell<Option<Socket>>,
    /// Heartbeat while the socket is open, the next attempt while it is not.
    timer: RefCell<Option<Timer>>,
    device: Cell<Option<DeviceId>>,
    /// How far this device has heard, in the server's count.
    place: Cell<u64>,
    up: Cell<bool>,
    attempts: Cell<i32>,
    heard_at: Cell<Instant>,
    pinged_at: Cell<Instant>,
    network: RefCell<Option<Listener>>,
}

impl Signaling {
    pub fn start(on_event: impl Fn(SignalingEvent) + 'static) -> Rc<Self> {
        let signaling = Rc::new_cyclic(|this| Self {
            this: Weak::clone(this),
            on_event: Box::new(on_event),
            socket: RefCell::default(),
            next: RefCell::default(),
            timer: RefCell::default(),
            device: Cell::default(),
            place: Cell::default(),
            up: Cell::default(),
            attempts: Cell::default(),
            heard_at: Cell::default(),
            pinged_at: Cell::default(),
            network: RefCell::default(),
        });
        let this = Rc::downgrade(&signaling);
        signaling.network.replace(Some(page::on_network(move || {
            with(&this, |signaling| {
                if !signaling.up.get() {
                    signaling.connect();
                }
            });
        })));
        signaling.connect();
        signaling
    }

    /// A message that the socket cannot take is lost: what matters is said again by the machines.
    pub fn send(&self, message: &ClientMessage) {
        if let (Some(socket), Ok(text)) = (&*self.socket.borrow(), serde_json::to_string(message)) {
            socket.send(&text);
        }
    }

    fn connect(&self) {
        let this = Weak::clone(&self.this);
        let socket = Socket::open(PATH, move |event| with(&this, |signaling| signaling.heard(event)));
        match socket {
            Ok(socket) => drop(self.socket.replace(Some(socket))),
            Err(_) => self.lost(),
        }
    }

    fn heard(&self, event: SocketEvent) {
        self.heard_at.set(timer::now());
        match event {
            SocketEvent::Open => {
                let device_id = self.device.get();
                self.send(&ClientMessage::Hello { device_id, resume: device_id.map(|_| self.place.get()) });
                self.beat_later();
            }
            SocketEvent::Text(text) => match serde_json::from_str(&text) {
                Ok(message) => self.message(message),
                Err(_) => self.notice(&text),
            },
            SocketEvent::Closed => self.lost(),
        }
    }

    fn message(&self, message: ServerMessage) {
        match message {
            ServerMessage::Welcome { device_id, seq, resumed, .. } => {
                self.place.set(seq);
                self.attempts.set(0);
                self.device.set(Some(device_id));
                self.up.set(true);
                (self.on_event)(SignalingEvent::Up { device_id, resumed });
            }
            ServerMessage::SessionRevoked {} => self.signed_out(),
            // The next ping is set off by the answer to the last one: browsers hold timers that follow from
            // timers back in pages that nobody looks at.
            ServerMessage::Pong {} => {
                let took = timer::now().since(self.pinged_at.get()).as_millis();
                (self.on_event)(SignalingEvent::RoundTrip(u32::try_from(took).unwrap_or(u32::MAX)));
                self.beat_later();
            }
            other => {
                if !matches!(other, ServerMessage::Error { .. }) {
                    self.count();
                }
                (self.on_event)(SignalingEvent::Message(other));
            }
        }
    }

    fn notice(&self, text: &str) {
        let notice = serde_json::from_str(text);
        if !matches!(notice, Ok(ServerNotice::Draining {})) {
            self.count();
        }
        if let Ok(notice) = notice {
            if notice == (ServerNotice::Draining {}) {
                self.move_on();
            }
            (self.on_event)(SignalingEvent::Notice(notice));
        }
    }

    /// Looks for another server while this one still answers. If there is none, nothing is lost by it: the
    /// socket that there is goes on until it is closed.
    fn move_on(&self) {
        let this = Weak::clone(&self.this);
        let ready = Rc::new(Cell::new(false));
        let next = Socket::open(PATH, move |event| {
            with(&this, |signaling| match event {
                SocketEvent::Open => {
                    ready.set(true);
                    if let Some(next) = signaling.next.take() {
                        signaling.socket.replace(Some(next));
                        signaling.heard(SocketEvent::Open);
                    }
                }
                event if ready.get() => signaling.heard(event),
                _ => drop(signaling.next.take()),
            });
        });
        self.next.replace(next.ok());
    }

    fn count(&self) {
        self.place.set(self.place.get() + 1);
    }

    fn beat_later(&self) {
        self.later(Duration::from_millis(HEARTBEAT_MS), |signaling| {
            let silent = timer::now().since(signaling.heard_at.get());
            if silent > Duration::from_millis(SOCKET_DEAD_MS) {
                return signaling.lost();
            }
            signaling.pinged_at.set(timer::now());
            signaling.send(&ClientMessage::Ping);
            signaling.beat_later();
        });
    }

    /// The socket is gone; another is tried after a pause that grows.
    fn lost(&self) {
        self.socket.replace(None);
        if self.up.replace(false) {
            (self.on_event)(SignalingEvent::Down);
        } else {
            self.check_session();
        }
        let attempt = self.attempts.get();
        self.attempts.set(attempt.saturating_add(1));
        let pause = (BACKOFF_FIRST_MS * 2_f64.powi(attempt)).min(BACKOFF_MAX_MS);
        let jittered = Duration::from_secs_f64(pause * (0.5 + timer::random() / 2.0) / 1_000.0);
        self.later(jittered, Self::connect);
    }

    /// A socket that was refused looks like one that could not be opened: the difference is asked for.
    fn check_session(&self) {
        let this = Weak::clone(&self.this);
        spawn_local(async move {
            let answer = api::session::me().await;
            if answer.is_err_and(|failure| failure.code() == Some(ErrorCode::Unauthorized)) {
                with(&this, Self::signed_out);
            }
        });
    }

    fn signed_out(&self) {
        self.socket.replace(None);
        self.next.replace(None);
        self.timer.replace(None);
        self.up.set(false);
        (self.on_event)(SignalingEvent::SignedOut);
    }

    fn later(&self, delay: Duration, act: impl Fn(&Self) + 'static) {
        let this = Weak::clone(&self.this);
        self.timer.replace(Timer::after(delay, move || with(&this, &act)));
    }
}

fn with(this: &Weak<Signaling>, act: impl FnOnce(&Signaling)) {
    if let Some(signaling) = this.upgrade() {
        act(&signaling);
    }
}
