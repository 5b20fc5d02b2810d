//! The call screen over the page, such as the incoming call or the room. It moves the focus there and back.
//!
//! The kind of screen changes seldom, its contents often. The switch below tracks only the kind, so that a
//! timer or a mute never rebuilds a video element.

use crate::components::kit::toasts::Toasts;
use crate::words::{Word, fill, say};
use crate::{
    bundles::{ELSEWHERE, INCOMING, OUTGOING, OVER, ROOM},
    call::{
        handle::CallHandle,
        view::{CallViewStoreFields, Outcome, Over},
    },
    platform,
    state::inbox::Inbox,
};
use leptos::prelude::*;
use parley_core::phone::Screen;
use parley_protocol::CallId;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Idle,
    /// A call that rings where the person is already in a call, and can be answered only there.
    Elsewhere(CallId),
    Incoming(CallId),
    Outgoing,
    Room(CallId),
    Over,
}

/// Returns whether a call screen covers the page.
pub fn covers_page(handle: CallHandle) -> Memo<bool> {
    let inbox = use_context::<Inbox>();
    Memo::new(move |_| !matches!(kind(handle, inbox), Kind::Idle | Kind::Elsewhere(_)))
}

#[component]
pub fn CallScreen() -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    give_keyboard_back(handle);
    show_news_as_toast(handle);
    let inbox = use_context::<Inbox>();
    let kind = Memo::new(move |_| kind(handle, inbox));
    move || {
        let kind = kind.get();
        let screen = handle.view().screen().get_untracked();
        match (kind, screen) {
            (Kind::Elsewhere(_), Screen::Incoming(call)) => ELSEWHERE.show(call),
            (Kind::Incoming(_), Screen::Incoming(call)) => INCOMING.show(call),
            (Kind::Outgoing, Screen::Outgoing(call)) => OUTGOING.show(call),
            (Kind::Room(_), Screen::Room(first)) => {
                // Falls back to the first state of the room while another screen replaces it.
                let room = Signal::derive(move || match handle.view().screen().get() {
                    Screen::Room(room) => room,
                    _ => first.clone(),
                });
                ROOM.show(room)
            }
            (Kind::Over, Screen::Over(over)) => OVER.show(over),
            _ => ().into_any(),
        }
    }
}

fn kind(handle: CallHandle, inbox: Option<Inbox>) -> Kind {
    handle.view().screen().with(|screen| match screen {
        Screen::Idle => Kind::Idle,
        // After an answer in this tab the server counts the person as in a call: it is this very call.
        Screen::Incoming(call)
            if !handle.view().connects().get() && inbox.is_some_and(Inbox::talks_elsewhere) =>
        {
            Kind::Elsewhere(call.call_id)
        }
        Screen::Incoming(call) => Kind::Incoming(call.call_id),
        Screen::Outgoing(_) => Kind::Outgoing,
        Screen::Room(room) => Kind::Room(room.call_id),
        Screen::Over(over) if news_of(over).is_some() => Kind::Idle,
        Screen::Over(_) => Kind::Over,
    })
}

/// Remembers the focused element when a call screen opens, and restores the focus afterwards.
fn give_keyboard_back(handle: CallHandle) {
    let covers = covers_page(handle);
    let before = StoredValue::new_local(None);
    Effect::new(move |_| {
        if covers.get() {
            before.set_value(Some(platform::focused()));
        } else if let Some(Some(focused)) = before.try_update_value(Option::take) {
            focused.give_back();
        }
    });
}

/// Shows a toast in place of a screen for a call that ended without this person's doing.
fn show_news_as_toast(handle: CallHandle) {
    let toasts = expect_context::<Toasts>();
    Effect::new(move |_| {
        let news = handle.view().screen().with(|screen| match screen {
            Screen::Over(over) => news_of(over),
            _ => None,
        });
        if let Some(news) = news {
            toasts.say(news);
            handle.dismiss();
        }
    });
}

/// Returns the text of that toast; none for an outcome that gets a screen.
fn news_of(over: &Over) -> Option<String> {
    let name = &over.with.display_name;
    match over.outcome {
        Outcome::Missed | Outcome::Canceled => Some(fill(Word::MissedCallFrom, &[("name", name)])),
        Outcome::AnsweredElsewhere => Some(say(Word::AnsweredElsewhere).to_owned()),
        Outcome::DeclinedElsewhere => Some(say(Word::DeclinedElsewhere).to_owned()),
        Outcome::Ended
        | Outcome::Declined
        | Outcome::NoAnswer
        | Outcome::Busy
        | Outcome::Failed
        | Outcome::Refused(_) => None,
    }
}
