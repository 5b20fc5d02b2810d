//! The handle of calls: the only way from a click to the call machine.
//!
//! A [`CallHandle`] is `Copy`: it refers to the projections and to a slot for the driver. The driver is
//! loaded after the page; until it is attached, the slot keeps the intents. Tests put a recorder there.

use super::{
    extras::view::RoomExtrasView,
    view::{CallView, Device, DeviceKind},
};
use crate::browser::{choices, share};
use leptos::{html::Video, prelude::*};
use parley_core::{layout, phone::Intent, talk, time::Instant};
use parley_protocol::{
    ConversationId, DeviceId,
    call::{Call, CallType},
    data::Reaction,
    people::UserSummary,
};
use reactive_stores::Store;
use std::rc::Rc;

/// A video picture on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Picture {
    Own,
    Remote(DeviceId),
    /// The screen that a device shares.
    Screen(DeviceId),
    /// The remote camera in the small window, without sound.
    Mini(DeviceId),
    /// The remote screen in the small window, without sound.
    MiniScreen(DeviceId),
}

/// A request to the room's extras.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// Turns the camera off, because the connection does not carry it.
    SpareCamera,
    /// Refuses the cameras of the others (true) or wants them again, because a connection does not carry
    /// them. Screens still come.
    RefuseCameras(bool),
    /// Turns off cameras in both directions.
    SoundOnly,
    /// Begins or ends a screen share.
    ToggleShare,
    RaiseHand(bool),
    React(Reaction),
    /// The push-to-talk key.
    Talk(talk::Input),
    /// Sets the volume at which a device is heard here, in percent.
    SetVolume(DeviceId, u8),
}

/// The implementation behind a handle: the driver, or a recorder in tests.
pub trait Backend {
    fn intend(&self, intent: Intent);
    /// Shows a picture in an element until `hide` is called with the returned number. Remote elements also
    /// play the sound of their person, so each remote device needs one mounted element even in an audio call.
    fn show(&self, picture: Picture, element: NodeRef<Video>) -> u32;
    /// Detaches the element that `show` has returned this number for, because it leaves the page.
    fn hide(&self, picture: Picture, shown: u32);
    /// Returns the time of the machine's clock.
    fn now(&self) -> Instant;
    /// Passes an input to the layout of the room.
    fn arrange(&self, input: layout::Input);
    /// Chooses a device, and switches to it in a running call.
    fn choose_device(&self, kind: DeviceKind, id: &str);
    /// Returns the id of the camera in use, which is not always the chosen one: the browser may have picked
    /// it.
    fn camera_in_use(&self) -> Option<String> {
        None
    }
    /// Tells the others in the conversation that this person is typing.
    fn typing(&self, _: ConversationId) {}
    /// Silences the ring of this tab, because another tab or device announces the call.
    fn hush(&self) {}
    fn ask(&self, ask: Ask);
}

/// A handle of this tab's calls. All copies are the same.
#[derive(Clone, Copy)]
pub struct CallHandle {
    view: Store<CallView>,
    extras: Store<RoomExtrasView>,
    behind: StoredValue<Behind, LocalStorage>,
}

/// The backend, or the intents that wait for it.
enum Behind {
    Queue(Vec<Intent>),
    Backend(Rc<dyn Backend>),
}

impl CallHandle {
    pub fn new(view: Store<CallView>, backend: Rc<dyn Backend>) -> Self {
        Self::of(view, Behind::Backend(backend))
    }

    /// Makes a handle whose backend is attached later.
    pub fn waiting(view: Store<CallView>) -> Self {
        Self::of(view, Behind::Queue(Vec::new()))
    }

    fn of(view: Store<CallView>, behind: Behind) -> Self {
        Self { view, extras: Store::new(RoomExtrasView::default()), behind: StoredValue::new_local(behind) }
    }

    /// Attaches the backend and gives it the intents that have waited.
    pub fn attach(self, backend: Rc<dyn Backend>) {
        let behind = Behind::Backend(backend);
        let before = self.behind.try_update_value(|before| std::mem::replace(before, behind));
        if let Some(Behind::Queue(asked)) = before {
            for intent in asked {
                self.intend(intent);
            }
        }
    }

    pub fn view(self) -> Store<CallView> {
        self.view
    }

    /// Returns the projection of the room's extras.
    pub fn extras(self) -> Store<RoomExtrasView> {
        self.extras
    }

    pub fn start(self, conversation_id: ConversationId, with: UserSummary, call_type: CallType) {
        self.intend(Intent::Start { conversation_id, with, call_type });
    }

    /// Joins a running call.
    pub fn join(self, call: &Call, with: UserSummary) {
        let (call_id, conversation_id, call_type) = (call.id, call.conversation_id, call.call_type);
        self.intend(Intent::Join { call_id, conversation_id, with, call_type });
    }

    pub fn answer(self, with_video: bool) {
        self.intend(Intent::Answer { with_video });
    }

    pub fn decline(self) {
        self.intend(Intent::Decline);
    }

    /// Leaves the current call and answers the one that waits beside it.
    pub fn answer_waiting(self, with_video: bool) {
        self.intend(Intent::AnswerWaiting { with_video });
    }

    pub fn decline_waiting(self) {
        self.intend(Intent::DeclineWaiting);
    }

    /// Cancels an outgoing call, or leaves the room.
    pub fn leave(self) {
        self.intend(Intent::Leave);
    }

    pub fn toggle_mic(self) {
        self.intend(Intent::ToggleMic);
    }

    pub fn toggle_camera(self) {
        self.intend(Intent::ToggleCamera);
    }

    /// Calls the same people again from the screen of a call that is over, or joins their call again if it
    /// goes on.
    pub fn again(self) {
        self.intend(Intent::Again);
    }

    /// Closes the screen of a call that is over.
    pub fn dismiss(self) {
        self.intend(Intent::Dismiss);
    }

    /// Shows a picture in an element for as long as the calling component is mounted.
    pub fn show(self, picture: Picture, element: NodeRef<Video>) {
        self.with(|backend| {
            let shown = backend.show(picture, element);
            on_cleanup(move || self.with(|backend| backend.hide(picture, shown)));
        });
    }

    /// Changes the layout of the room, because its size has changed or the person wants it so.
    pub fn arrange(self, input: layout::Input) {
        self.with(|backend| backend.arrange(input));
    }

    /// Returns the time of the clock that [`Room::since`](super::view::Room) was read from.
    pub fn now(self) -> Instant {
        self.backend().map(|backend| backend.now()).unwrap_or_default()
    }

    /// Lists the devices to choose from.
    pub async fn devices() -> Vec<Device> {
        choices::list().await
    }

    pub fn chosen_device(kind: DeviceKind) -> Option<String> {
        choices::chosen(kind)
    }

    /// Tells whether the browser can share a screen.
    pub fn can_share() -> bool {
        share::is_possible()
    }

    /// Calls back when a device is plugged in or out, for as long as the calling component is mounted.
    pub fn on_device_change(changed: impl FnMut() + 'static) {
        let listener = StoredValue::new_local(choices::on_change(changed));
        on_cleanup(move || drop(listener.try_update_value(Option::take)));
    }

    pub fn choose_device(self, kind: DeviceKind, id: &str) {
        self.with(|backend| backend.choose_device(kind, id));
    }

    pub fn camera_in_use(self) -> Option<String> {
        self.backend()?.camera_in_use()
    }

    pub fn typing(self, conversation_id: ConversationId) {
        self.with(|backend| backend.typing(conversation_id));
    }

    /// Silences the ring of this tab, because the person is in a call elsewhere and hears of it there.
    pub fn hush(self) {
        self.with(|backend| backend.hush());
    }

    pub fn ask(self, ask: Ask) {
        self.with(|backend| backend.ask(ask));
    }

    /// Passes an intent to the backend, or keeps it until there is one.
    fn intend(self, intent: Intent) {
        match self.backend() {
            Some(backend) => backend.intend(intent),
            None => {
                self.behind.try_update_value(|behind| {
                    if let Behind::Queue(asked) = behind {
                        asked.push(intent);
                    }
                });
            }
        }
    }

    fn with(self, ask: impl FnOnce(&dyn Backend)) {
        if let Some(backend) = self.backend() {
            ask(backend.as_ref());
        }
    }

    /// Returns the backend; none before the driver is attached, and none for a click that arrives while the
    /// page that owns the handle goes away.
    fn backend(self) -> Option<Rc<dyn Backend>> {
        self.behind.try_with_value(|behind| match behind {
            Behind::Backend(backend) => Some(Rc::clone(backend)),
            Behind::Queue(_) => None,
        })?
    }
}
