//! The driver: the one event loop of calls. It turns events into inputs of the `Phone` machine and carries
//! out the outputs.
//!
//! Every event enters one queue. One input is handled, its outputs are carried out and the view is updated;
//! only then the next input is taken. So an input that arises while outputs are carried out does not re-enter
//! the machine. Slow work (requests, devices, SDP) is spawned and returns as another input.

mod equipment;
mod hands;
mod links;

use super::{
    alerts::Alerts,
    extras::RoomExtras,
    handle::{Ask, Backend, CallHandle, Picture},
    lines::Lines,
    requests,
    signaling::{Signaling, SignalingEvent},
    tiles::Tiles,
    view::{CallView, CallViewStoreFields, DeviceKind},
};
use crate::browser::{
    choices,
    devices::Devices,
    error::BrowserError,
    listener::Listener,
    page,
    stage::Stage,
    timer::{self, Timer},
};
use crate::{
    api::calls,
    state::{news::News, toasts::Toasts},
};
use leptos::{html::Video, prelude::*};
use parley_core::{
    layout,
    phone::{ConnectionPacer, Input, Intent, MediaKind, Output, Phone, RoomReveal, Screen},
    time::{Duration, Instant},
};
use parley_protocol::{ClientMessage, ConversationId, ServerMessage, UserId, rest::ByDevice};
use reactive_stores::Store;
use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::{Rc, Weak},
};
use wasm_bindgen_futures::spawn_local;

/// The interval at which a room's loudness, tiles and sending limits are brought up to date.
const BEAT: Duration = Duration::from_millis(200);

/// Starts the driver: opens the socket, so that this tab can ring, and attaches the driver to the handle,
/// which owns it.
pub fn start(handle: CallHandle, me: UserId, toasts: Toasts, news: impl Fn(News) + 'static) {
    let (view, extras) = (handle.view(), handle.extras());
    let driver = Rc::new_cyclic(|this: &Weak<Driver>| Driver {
        this: Weak::clone(this),
        phone: RefCell::new(Phone::new(me)),
        queue: RefCell::default(),
        pacer: RefCell::default(),
        pacer_timer: RefCell::default(),
        running: Cell::default(),
        view,
        shown: RefCell::default(),
        reveal: RefCell::default(),
        reveal_timer: RefCell::default(),
        signaling: Signaling::start({
            let this = Weak::clone(this);
            move |event| with(&this, |driver| driver.signaled(event))
        }),
        devices: Devices::default(),
        lines: Lines::new({
            let this = Weak::clone(this);
            move |device, event| with(&this, |driver| driver.peer_event(device, event))
        }),
        extras: RoomExtras::new(extras, toasts, hands::of(this)),
        stage: Stage::default(),
        alerts: Alerts::new(),
        shows: Cell::default(),
        tiles: Tiles::default(),
        beat: RefCell::default(),
        alarm: RefCell::default(),
        news: Box::new(news),
        _leaving: page::on_leave({
            let this = Weak::clone(this);
            move || with(&this, Driver::say_goodbye)
        }),
        _waking: page::on_wake({
            let this = Weak::clone(this);
            move || with(&this, |driver| driver.stage.resume())
        }),
        _plugs: choices::on_change({
            let this = Weak::clone(this);
            move || with(&this, Driver::devices_changed)
        }),
        _gestures: page::on_gesture({
            let this = Weak::clone(this);
            move || with(&this, Driver::touched)
        }),
    });
    handle.attach(driver);
}

struct Driver {
    this: Weak<Self>,
    phone: RefCell<Phone>,
    /// Inputs that are not handled yet.
    queue: RefCell<VecDeque<Input>>,
    pacer: RefCell<ConnectionPacer>,
    /// The timer of the next connection that the pacer has put off.
    pacer_timer: RefCell<Option<Timer>>,
    /// The loop runs: an input that is pushed meanwhile only joins the queue.
    running: Cell<bool>,
    view: Store<CallView>,
    /// The last projection of the machine. Only what differs from it is written to the view. Its screen may
    /// be newer than the view's, while the reveal holds a room back.
    shown: RefCell<CallView>,
    reveal: RefCell<RoomReveal>,
    /// The timer after which a held-back room is shown without a connection.
    reveal_timer: RefCell<Option<Timer>>,
    signaling: Rc<Signaling>,
    devices: Devices,
    lines: Lines,
    extras: Rc<RoomExtras>,
    stage: Stage<Picture>,
    alerts: Alerts,
    /// The number of the last shown element.
    shows: Cell<u32>,
    tiles: Tiles,
    /// The timer of the next [`Driver::look`], while there is a room.
    beat: RefCell<Option<Timer>>,
    /// The timer for the machine's deadline.
    alarm: RefCell<Option<(Instant, Timer)>>,
    news: Box<dyn Fn(News)>,
    _leaving: Listener,
    _waking: Listener,
    _plugs: Option<Listener>,
    _gestures: [Listener; 2],
}

impl Driver {
    /// Puts an input into the queue, and runs the loop unless it runs already further up the stack.
    fn push(&self, input: Input) {
        self.queue.borrow_mut().push_back(input);
        if self.running.replace(true) {
            return;
        }
        // `next` and `poll` end their borrows before anything is done with the result, so that carrying out
        // an output may push inputs and read the machine.
        while let Some(input) = self.next() {
            self.phone.borrow_mut().handle(timer::now(), input);
            while let Some(output) = self.poll() {
                self.carry_out(output);
            }
            self.show_changes();
        }
        self.set_alarm();
        self.running.set(false);
    }

    fn next(&self) -> Option<Input> {
        self.queue.borrow_mut().pop_front()
    }

    fn poll(&self) -> Option<Output> {
        self.phone.borrow_mut().poll()
    }

    /// Carries out an output, or leaves it to the pacer: making a connection blocks the page, so each task of
    /// the page makes only one.
    fn carry_out(&self, output: Output) {
        let opened = self.pacer.borrow().opened();
        let Some(output) = self.pacer.borrow_mut().now(output) else { return };
        if !opened && self.pacer.borrow().opened() {
            self.open_next_later();
        }
        self.act(output);
    }

    fn open_next_later(&self) {
        let this = Weak::clone(&self.this);
        self.pacer_timer.replace(Timer::after(Duration::ZERO, move || with(&this, Driver::open_next)));
    }

    /// Carries out what the pacer has put off for the next device.
    fn open_next(&self) {
        let batch = self.pacer.borrow_mut().next_batch();
        if self.pacer.borrow().opened() {
            self.open_next_later();
        }
        for output in batch {
            self.act(output);
        }
    }

    fn act(&self, output: Output) {
        match output {
            Output::Send(message) => self.signaling.send(&message),
            Output::Api(command) => self.spawn(requests::perform(command)),
            Output::Media(command) => self.media(command),
            Output::Prepare { ice, offers } => log_failure(self.lines.prepare(ice, offers)),
            Output::Open { device, ice } => log_failure(self.open(device, ice)),
            Output::Peer(device, command) => self.command(device, command),
            Output::SendTracks { device, send } => self.send_tracks(device, send),
            Output::Data(device, message) => {
                self.say(device, &message);
            }
            Output::Close(device) => self.close(device),
        }
    }

    /// Feeds the room's machines: measures who speaks, tells the others how large they are shown here, and
    /// limits what is sent to them.
    fn look(&self) {
        let levels: Vec<_> =
            self.lines.all().into_iter().map(|(device, peer)| (device, peer.loudness())).collect();
        self.tiles.hear(timer::now(), self.extras.own_level(), &levels);
        let refuses = self.extras.refuses_cameras();
        self.tiles.tell(page::pixel_ratio(), refuses, |device, message| self.say(device, message));
        let plans =
            self.tiles.adapt(timer::now(), &self.phone.borrow(), |device| self.extras.take_reading(device));
        for plan in plans {
            self.limit(plan);
        }
        self.extras.note_easing(self.tiles.easing());
        self.show_stage();
        self.beat_later();
    }

    fn beat_later(&self) {
        let this = Weak::clone(&self.this);
        self.beat.replace(Timer::after(BEAT, move || with(&this, Driver::look)));
    }

    fn show_stage(&self) {
        let stage = self.tiles.view();
        if self.shown.borrow().stage != stage {
            self.shown.borrow_mut().stage = stage.clone();
            self.view.stage().set(stage);
        }
    }

    /// Passes an event of the socket to the machine, to the rest of the page, or to both.
    fn signaled(&self, event: SignalingEvent) {
        match event {
            SignalingEvent::Up { device_id, resumed } => {
                self.push(Input::Online { device_id });
                (self.news)(News::Online { resumed });
            }
            SignalingEvent::Notice(notice) => (self.news)(News::Notice(notice)),
            SignalingEvent::Down => {
                self.push(Input::Offline);
                (self.news)(News::Offline);
            }
            SignalingEvent::SignedOut => (self.news)(News::SignedOut),
            SignalingEvent::RoundTrip(ms) => self.extras.note_server_rtt(ms),
            SignalingEvent::Message(message) => {
                if is_about_calls(&message) {
                    if message.call().is_some() {
                        (self.news)(News::Message(message.clone()));
                    }
                    self.push(Input::Server(message));
                } else {
                    (self.news)(News::Message(message));
                }
            }
        }
    }

    fn touched(&self) {
        self.stage.resume();
        self.alerts.unlock();
    }

    /// Leaves the call when the tab closes. The page cannot wait for an answer then, so it sends a beacon.
    fn say_goodbye(&self) {
        if let Some((call_id, device_id)) = self.phone.borrow().holds()
            && let Ok(body) = serde_json::to_string(&ByDevice { device_id })
        {
            page::beacon(&calls::leave_path(call_id), &body);
        }
    }

    /// Makes the projection anew and passes on what changed: to the view, the tiles, the alerts and the
    /// extras.
    fn show_changes(&self) {
        let now = {
            let phone = self.phone.borrow();
            CallView {
                screen: phone.screen(),
                connects: self.shown.borrow().connects,
                waiting: phone.waiting(),
                mic: phone.mic(),
                camera: phone.camera(),
                online: phone.is_online(),
                stage: self.shown.borrow().stage.clone(),
            }
        };
        self.tiles.follow(&now.screen);
        if matches!(now.screen, Screen::Room(_)) && self.beat.borrow().is_none() {
            self.beat_later();
        } else if !matches!(now.screen, Screen::Room(_)) {
            self.beat.take();
        }
        if !matches!(now.screen, Screen::Outgoing(_) | Screen::Incoming(_)) {
            self.lines.drop_spare();
        }
        let before = self.shown.replace(now.clone());
        self.alerts.follow(&before.screen, &now.screen);
        let seat = self.phone.borrow().holds();
        self.extras.follow(&now, seat);
        if before.mic != now.mic {
            self.view.mic().set(now.mic);
        }
        if before.camera != now.camera {
            self.view.camera().set(now.camera);
        }
        if before.online != now.online {
            self.view.online().set(now.online);
        }
        if before.waiting != now.waiting {
            self.alerts.wait(now.waiting.as_ref());
            self.view.waiting().set(now.waiting);
        }
        self.show_screen();
        self.show_stage();
    }

    /// Writes the screen to the view. A room is held back for a moment until its first connection is up,
    /// because drawing it would compete with connecting; until then the view keeps the screen before it.
    fn show_screen(&self) {
        let screen = self.shown.borrow().screen.clone();
        let held = self
            .view
            .screen()
            .with_untracked(|shown| self.reveal.borrow_mut().wait(timer::now(), shown, &screen));
        if let Some(left) = held {
            let this = Weak::clone(&self.this);
            self.reveal_timer.replace(Timer::after(left, move || with(&this, Driver::show_screen)));
        } else {
            self.reveal_timer.take();
            if self.view.screen().with_untracked(|shown| *shown != screen) {
                self.view.screen().set(screen);
            }
        }
        let connects = self.reveal.borrow().is_held();
        if self.shown.borrow().connects != connects {
            self.shown.borrow_mut().connects = connects;
            self.view.connects().set(connects);
        }
    }

    /// Sets the timer for the machine's next deadline, if that has changed.
    fn set_alarm(&self) {
        let due = self.phone.borrow().deadline();
        if self.alarm.borrow().as_ref().map(|(at, _)| *at) == due {
            return;
        }
        let alarm = due.and_then(|at| {
            let this = Weak::clone(&self.this);
            let timer = Timer::after(at.since(timer::now()), move || {
                with(&this, |driver| {
                    driver.alarm.replace(None);
                    driver.push(Input::Tick);
                });
            });
            Some((at, timer?))
        });
        self.alarm.replace(alarm);
    }

    /// Runs work beside the loop and pushes the input that it returns.
    fn spawn(&self, work: impl Future<Output = Input> + 'static) {
        let this = Weak::clone(&self.this);
        spawn_local(async move {
            let input = work.await;
            with(&this, |driver| driver.push(input));
        });
    }
}

impl Backend for Driver {
    fn intend(&self, intent: Intent) {
        if intent == Intent::ToggleMic {
            self.extras.mic_toggled();
        }
        self.push(Input::User(intent));
    }

    fn show(&self, picture: Picture, element: NodeRef<Video>) -> u32 {
        let shown = self.shows.get() + 1;
        self.shows.set(shown);
        let this = Weak::clone(&self.this);
        Effect::new(move |_| {
            if let Some(element) = element.get() {
                with(&this, |driver| driver.stage.put_element(picture, shown, element));
            }
        });
        shown
    }

    fn hide(&self, picture: Picture, shown: u32) {
        self.stage.take_element(picture, shown);
    }

    fn now(&self) -> Instant {
        timer::now()
    }

    fn arrange(&self, input: layout::Input) {
        self.tiles.ask(input);
        self.show_stage();
    }

    fn typing(&self, conversation_id: ConversationId) {
        self.signaling.send(&ClientMessage::Typing { conversation_id });
    }

    fn choose_device(&self, kind: DeviceKind, id: &str) {
        self.choose(kind, id);
    }

    fn camera_in_use(&self) -> Option<String> {
        self.devices.used(MediaKind::Camera).map(|used| used.id)
    }

    fn hush(&self) {
        self.alerts.hush();
    }

    fn ask(&self, ask: Ask) {
        self.extras.ask(ask);
    }
}

fn with(this: &Weak<Driver>, act: impl FnOnce(&Driver)) {
    if let Some(driver) = this.upgrade() {
        act(&driver);
    }
}

fn log_failure(result: Result<(), BrowserError>) {
    if let Err(error) = result {
        leptos::logging::error!("{error}");
    }
}

/// Tells whether a message is an input of the call machine.
fn is_about_calls(message: &ServerMessage) -> bool {
    message.call().is_some()
        || matches!(message, ServerMessage::CallSignal { .. } | ServerMessage::ParticipantUpdated { .. })
}
