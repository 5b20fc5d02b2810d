//! The signaling socket to the server: hello, heartbeat, and reconnecting after a loss.
//!
//! The server numbers what it sends to a device, and this counts along. A `hello` after a loss names the
//! device and the count, and the server replays what was missed if it still has it (`resumed`).

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

/// An event of the socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignalingEvent {
    Up {
        device_id: DeviceId,
        /// The missed messages follow; otherwise the page has to load its state.
        resumed: bool,
    },
    Down,
    Message(ServerMessage),
    Notice(ServerNotice),
    /// The session is not valid any longer. The socket is not opened again.
    SignedOut,
    /// The round trip of a ping, in milliseconds.
    RoundTrip(u32),
}

/// The socket of this tab; dropping it closes it.
pub struct Signaling {
    this: Weak<Self>,
    on_event: Box<dyn Fn(SignalingEvent)>,
    socket: RefCell<Option<Socket>>,
    /// A socket to another server, opened while the current server shuts down.
    next: RefCell<Option<Socket>>,
    /// The timer of the heartbeat while the socket is open, and of the next attempt while it is not.
    timer: RefCell<Option<Timer>>,
    /// The id that the server has given this tab.
    device: Cell<Option<DeviceId>>,
    /// The sequence number of the last message that was received.
    seq: Cell<u64>,
    /// The server has answered the hello.
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
            seq: Cell::default(),
            up: Cell::default(),
            attempts: Cell::default(),
            heard_at: Cell::default(),
            pinged_at: Cell::default(),
            network: RefCell::default(),
        });
        // The network is back: the next attempt does not wait for its pause.
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

    /// Sends a message. One that the socket cannot take is lost; the machines send again what matters.
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
                self.send(&ClientMessage::Hello { device_id, resume: device_id.map(|_| self.seq.get()) });
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
                self.seq.set(seq);
                self.attempts.set(0);
                self.device.set(Some(device_id));
                self.up.set(true);
                (self.on_event)(SignalingEvent::Up { device_id, resumed });
            }
            ServerMessage::SessionRevoked {} => self.signed_out(),
            // The answer to a ping sets the timer of the next one. Browsers throttle a chain of timers in a
            // hidden page, and a timer that follows from a message is not part of such a chain.
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

    /// Takes a notice, a message outside of `ServerMessage`. One of an unknown kind still counts, since the
    /// server has numbered it; `draining` is not numbered.
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

    /// Opens a socket to another server while this one still answers. It takes over when it is open; if it
    /// fails, the current socket goes on until it is closed.
    fn move_on(&self) {
        let this = Weak::clone(&self.this);
        // Until it is open, the new socket's events concern only this attempt; after that they are those of
        // the signaling socket.
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
        self.seq.set(self.seq.get() + 1);
    }

    /// Sets the timer of the next ping. A socket that has been silent for too long counts as lost.
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

    /// Drops the lost socket and tries another after a pause that grows with each attempt.
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

    /// Asks the server whether the session is still valid. Browsers do not tell a socket that was refused
    /// from one that could not be opened.
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

    /// Sets the one timer, in place of the one before.
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
