//! What components may ask of calls. The only way from a click to the machine.

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

/// Whose moving picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Picture {
    Own,
    Remote(DeviceId),
    /// What that device shows of its computer.
    Screen(DeviceId),
    /// Both once more, without their sound, for the small window.
    Mini(DeviceId),
    MiniScreen(DeviceId),
}

/// What is asked of the room beside the call itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// The camera off, because the line does not carry it.
    SpareCamera,
    /// No pictures of the others, whose line or whose own line does not carry them; screens still come.
    RefuseCameras(bool),
    /// No cameras in either direction.
    SoundOnly,
    /// Begins to show the screen, or ends it.
    ToggleShare,
    RaiseHand(bool),
    React(Reaction),
    /// The key that opens a muted microphone.
    Talk(talk::Input),
    /// How loud somebody is heard here, in percent.
    SetVolume(DeviceId, u8),
}

/// What stands behind a handle: the driver, or a test.
pub trait Backend {
    fn intend(&self, intent: Intent);
    /// Keeps the element showing that picture until it leaves the page. Remote elements also play the
    /// sound of their person, so each remote device needs one mounted element even in an audio call.
    /// The number is this showing's own.
    fn show(&self, picture: Picture, element: NodeRef<Video>) -> u32;
    /// The element leaves the page.
    fn hide(&self, picture: Picture, shown: u32);
    fn now(&self) -> Instant;
    /// Where the tiles of the room are to stand.
    fn arrange(&self, input: layout::Input);
    /// Uses this one from then on, also in the call that is.
    fn choose_device(&self, kind: DeviceKind, id: &str);
    /// Where the browser chose, it is not known beforehand.
    fn camera_in_use(&self) -> Option<String> {
        None
    }
    /// Tells the others in the conversation that this person writes.
    fn typing(&self, _: ConversationId) {}
    /// It is heard elsewhere that somebody calls.
    fn hush(&self) {}
    fn ask(&self, ask: Ask);
}

#[derive(Clone, Copy)]
pub struct CallHandle {
    view: Store<CallView>,
    extras: Store<RoomExtrasView>,
    behind: StoredValue<Behind, LocalStorage>,
}

/// The driver comes a moment after the page; what is asked for until then is not lost.
enum Behind {
    Nobody(Vec<Intent>),
    Backend(Rc<dyn Backend>),
}

impl CallHandle {
    pub fn new(view: Store<CallView>, backend: Rc<dyn Backend>) -> Self {
        Self::of(view, Behind::Backend(backend))
    }

    /// Whose backend comes later.
    pub fn waiting(view: Store<CallView>) -> Self {
        Self::of(view, Behind::Nobody(Vec::new()))
    }

    fn of(view: Store<CallView>, behind: Behind) -> Self {
        Self { view, extras: Store::new(RoomExtrasView::default()), behind: StoredValue::new_local(behind) }
    }

    pub fn attach(self, backend: Rc<dyn Backend>) {
        let behind = Behind::Backend(backend);
        let before = self.behind.try_update_value(|before| std::mem::replace(before, behind));
        if let Some(Behind::Nobody(asked)) = before {
            for intent in asked {
                self.intend(intent);
            }
        }
    }

    pub fn view(self) -> Store<CallView> {
        self.view
    }

    /// What the room shows beside the call.
    pub fn extras(self) -> Store<RoomExtrasView> {
        self.extras
    }

    pub fn start(self, conversation_id: ConversationId, with: UserSummary, call_type: CallType) {
        self.intend(Intent::Start { conversation_id, with, call_type });
    }

    /// Comes into a call that goes on already.
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

    /// Out of the call that is, and into the one that rings beside it.
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

    /// Calls the same people again from the screen of a call that is over, or comes back to them.
    pub fn again(self) {
        self.intend(Intent::Again);
    }

    /// Takes the screen of a call that is over away.
    pub fn dismiss(self) {
        self.intend(Intent::Dismiss);
    }

    /// For as long as the calling component is there.
    pub fn show(self, picture: Picture, element: NodeRef<Video>) {
        self.with(|backend| {
            let shown = backend.show(picture, element);
            on_cleanup(move || self.with(|backend| backend.hide(picture, shown)));
        });
    }

    /// The tiles of the room are to stand otherwise: their room has another size, or the person wants it so.
    pub fn arrange(self, input: layout::Input) {
        self.with(|backend| backend.arrange(input));
    }

    /// The clock that [`Room::since`](super::view::Room) was read from.
    pub fn now(self) -> Instant {
        self.backend().map(|backend| backend.now()).unwrap_or_default()
    }

    /// What can be chosen from.
    pub async fn devices() -> Vec<Device> {
        choices::list().await
    }

    pub fn chosen_device(kind: DeviceKind) -> Option<String> {
        choices::chosen(kind)
    }

    /// Whether this browser lets a page show a screen.
    pub fn can_share() -> bool {
        share::is_possible()
    }

    /// For as long as the calling component is there: calls back when something is plugged in or out.
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

    /// What rings here is heard elsewhere, where the person talks.
    pub fn hush(self) {
        self.with(|backend| backend.hush());
    }

    pub fn ask(self, ask: Ask) {
        self.with(|backend| backend.ask(ask));
    }

    fn intend(self, intent: Intent) {
        match self.backend() {
            Some(backend) => backend.intend(intent),
            None => {
                self.behind.try_update_value(|behind| {
                    if let Behind::Nobody(asked) = behind {
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

    /// A click may arrive while the page that owns the driver goes away; then there is none.
    fn backend(self) -> Option<Rc<dyn Backend>> {
        self.behind.try_with_value(|behind| match behind {
            Behind::Backend(backend) => Some(Rc::clone(backend)),
            Behind::Nobody(_) => None,
        })?
    }
}
