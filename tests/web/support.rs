//! Helpers for the tests of the page: components mounted into a box of their own, made-up people, and a
//! recorder in place of the call driver.

use leptos::{
    html::Video,
    mount::{UnmountHandle, mount_to},
    prelude::*,
};
use parley::{
    call::{
        extras::view::RoomExtrasView,
        handle::{Ask, Backend, CallHandle, Picture},
        view::{
            CallView, CallViewStoreFields, DeviceKind, Incoming, Link, Outgoing, Over, Person, Room, Seat,
            Stage, StageView,
        },
    },
    components::{
        call::screen::CallScreen,
        kit::toasts::{ToastList, Toasts},
    },
};
use parley_core::{
    layout,
    phone::{Intent, Outcome, Screen},
    quality::{Flow, Reading, Score},
    time::Instant,
};
use parley_protocol::{
    CallId, ConversationId, DeviceId, UserId,
    call::{CallMode, CallType, OwnMedia, Role},
    people::UserSummary,
};
use reactive_stores::Store;
use std::{
    any::Any,
    cell::{Cell, RefCell},
    rc::Rc,
};
use uuid::Uuid;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, KeyboardEvent, KeyboardEventInit};

/// A call driver that records what it is asked for.
#[derive(Default)]
pub struct Recorder {
    pub intents: RefCell<Vec<Intent>>,
    pub shown: RefCell<Vec<Picture>>,
    pub hidden: RefCell<Vec<Picture>>,
    pub arranged: RefCell<Vec<layout::Input>>,
    pub asked: RefCell<Vec<Ask>>,
    pub hushed: Cell<bool>,
}

impl Backend for Recorder {
    fn intend(&self, intent: Intent) {
        self.intents.borrow_mut().push(intent);
    }

    fn show(&self, picture: Picture, _: NodeRef<Video>) -> u32 {
        self.shown.borrow_mut().push(picture);
        u32::try_from(self.shown.borrow().len()).unwrap()
    }

    fn hide(&self, picture: Picture, _: u32) {
        self.hidden.borrow_mut().push(picture);
    }

    fn now(&self) -> Instant {
        Instant(764_000)
    }

    fn arrange(&self, input: layout::Input) {
        self.arranged.borrow_mut().push(input);
    }

    fn choose_device(&self, _: DeviceKind, _: &str) {}

    fn hush(&self) {
        self.hushed.set(true);
    }

    fn ask(&self, ask: Ask) {
        self.asked.borrow_mut().push(ask);
    }
}

/// Components mounted into a box, which is removed when dropped.
pub struct Stand {
    pub root: HtmlElement,
    _mounted: Box<dyn Any>,
}

impl Drop for Stand {
    fn drop(&mut self) {
        self.root.remove();
    }
}

pub fn mount<N: IntoView + 'static>(view: impl FnOnce() -> N + 'static) -> Stand {
    let root: HtmlElement = document().create_element("div").unwrap().unchecked_into();
    document().body().unwrap().append_child(&root).unwrap();
    let mounted: UnmountHandle<_> = mount_to(root.clone(), view);
    Stand { root, _mounted: Box::new(mounted) }
}

/// The call screen on an empty page, with the driver's side of it.
pub struct CallStand {
    pub stand: Stand,
    pub view: Store<CallView>,
    extras: Store<RoomExtrasView>,
    pub recorder: Rc<Recorder>,
}

pub async fn calls(screen: Screen) -> CallStand {
    calls_with(screen, || ()).await
}

/// Mounts the call screen, with further context from `around`.
pub async fn calls_with(screen: Screen, around: impl FnOnce() + 'static) -> CallStand {
    let recorder = Rc::new(Recorder::default());
    let view = Rc::new(RefCell::new(None));
    let (behind, out) = (recorder.clone(), view.clone());
    let stand = mount(move || {
        let view = Store::new(CallView { online: true, screen, ..CallView::default() });
        provide_context(Toasts::new());
        around();
        let handle = CallHandle::new(view, behind);
        *out.borrow_mut() = Some((view, handle.extras()));
        provide_context(handle);
        view! {
            <CallScreen />
            <ToastList />
        }
    });
    settle().await;
    let (view, extras) = view.borrow_mut().take().unwrap();
    CallStand { stand, view, extras, recorder }
}

impl CallStand {
    pub fn extras(&self) -> Store<RoomExtrasView> {
        self.extras
    }

    pub async fn show(&self, screen: Screen) {
        self.view.screen().set(screen);
        settle().await;
    }

    pub fn stage(&self) -> StageView {
        self.view.stage().get_untracked()
    }

    pub fn intents(&self) -> Vec<Intent> {
        self.recorder.intents.borrow().clone()
    }

    pub fn text(&self) -> String {
        self.stand.root.text_content().unwrap_or_default()
    }

    pub fn find(&self, selector: &str) -> Element {
        find(&self.stand.root, selector)
    }

    pub fn has(&self, selector: &str) -> bool {
        self.stand.root.query_selector(selector).unwrap().is_some()
    }

    /// Returns the button with exactly this name.
    pub fn button(&self, name: &str) -> HtmlElement {
        button(&self.stand.root, name).unwrap_or_else(|| panic!("no button {name:?} in {}", self.text()))
    }

    pub fn has_button(&self, name: &str) -> bool {
        button(&self.stand.root, name).is_some()
    }
}

/// Sets the text of a field and fires its input event, as typing does.
pub fn type_into(field: &Element, text: &str) {
    field.unchecked_ref::<HtmlInputElement>().set_value(text);
    field.dispatch_event(&Event::new("input").unwrap()).unwrap();
}

pub fn find(root: &HtmlElement, selector: &str) -> Element {
    let found = root.query_selector(selector).unwrap();
    found.unwrap_or_else(|| panic!("no {selector} in {:?}", root.text_content()))
}

pub fn button(root: &HtmlElement, name: &str) -> Option<HtmlElement> {
    let all = root.query_selector_all("button").unwrap();
    let mut buttons = (0..all.length()).filter_map(|at| all.item(at)?.dyn_into::<HtmlElement>().ok());
    buttons.find(|button| {
        let own = button.get_attribute("aria-label").or_else(|| button.text_content());
        own.is_some_and(|own| own.trim() == name)
    })
}

/// Waits until effects have run and their changes are drawn.
pub async fn settle() {
    for _ in 0..3 {
        leptos::task::tick().await;
    }
}

/// Presses a key on the element that has the focus; the event bubbles from there.
pub fn press(key: &str) {
    let init = KeyboardEventInit::new();
    init.set_key(key);
    init.set_bubbles(true);
    init.set_cancelable(true);
    let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
    document().active_element().unwrap().dispatch_event(&event).unwrap();
}

pub fn submit(root: &HtmlElement) {
    let event = Event::new("submit").unwrap();
    find(root, "form").dispatch_event(&event).unwrap();
}

pub fn ana() -> UserSummary {
    UserSummary::named(UserId(Uuid::from_u128(7)), "Ana")
}

pub fn device(n: u128) -> DeviceId {
    DeviceId(Uuid::from_u128(n))
}

pub fn incoming(call_type: CallType) -> Screen {
    Screen::Incoming(Incoming {
        call_id: CallId(Uuid::from_u128(1)),
        conversation_id: ConversationId(Uuid::from_u128(2)),
        mode: CallMode::Direct,
        from: ana(),
        call_type,
    })
}

pub fn outgoing(stage: Stage) -> Screen {
    Screen::Outgoing(Outgoing { to: ana(), call_type: CallType::Video, stage })
}

pub fn room(link: Link, media: OwnMedia) -> Room {
    Room {
        call_id: CallId(Uuid::from_u128(1)),
        conversation_id: ConversationId(Uuid::from_u128(2)),
        mode: CallMode::Direct,
        with: ana(),
        call_type: CallType::Video,
        link,
        since: (link != Link::Connecting).then_some(Instant(0)),
        own_device: Some(device(9)),
        limit: None,
        people: vec![Person {
            seat: Seat::Here { device_id: device(1), link },
            ..person_here("Ana", 7, media)
        }],
    }
}

/// Returns a person in the room, with the device of that number.
pub fn person_here(name: &str, n: u128, media: OwnMedia) -> Person {
    Person {
        user: UserSummary::named(UserId(Uuid::from_u128(n)), name.to_owned()),
        is_me: false,
        role: Role::Host,
        seat: Seat::Here { device_id: device(n), link: Link::Connected },
        media,
    }
}

/// Returns a reading of a good connection, with few measurements.
pub fn reading() -> Reading {
    Reading {
        score: Score::Good,
        rtt_ms: Some(80),
        down: Flow::default(),
        up: Flow::default(),
        picture: None,
        fps_up: None,
        frozen: 0,
        limited: None,
        path: None,
    }
}

pub fn over(outcome: Outcome, seconds: Option<u32>) -> Screen {
    Screen::Over(Over {
        with: ana(),
        conversation_id: ConversationId(Uuid::from_u128(2)),
        call_type: CallType::Video,
        outcome,
        seconds,
        goes_on: None,
    })
}
