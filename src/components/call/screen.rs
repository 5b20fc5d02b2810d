//! Puts the one thing that calls show over the page, and moves the keyboard there and back.
//!
//! Which screen it is changes seldom, what is on it often: the switch below reads only the former, so
//! that a timer or a mute never rebuilds a picture.

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
    /// It rings where the person talks already, and can be answered there alone.
    Elsewhere(CallId),
    Incoming(CallId),
    Outgoing,
    Room(CallId),
    Over,
}

/// Whether a call covers the page.
pub fn covers_page(handle: CallHandle) -> Memo<bool> {
    let inbox = use_context::<Inbox>();
    Memo::new(move |_| !matches!(kind(handle, inbox), Kind::Idle | Kind::Elsewhere(_)))
}

#[component]
pub fn CallScreen() -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    give_keyboard_back(handle);
    tell_what_needs_no_screen(handle);
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
                // What the room was like, while it gives way to another screen.
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
        // Who has answered here, and waits for the room, is in that call already.
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

/// Remembers where the keyboard was when a call came up, and puts it back there after the call.
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

/// Calls that ended without this person's doing get a line, not a screen.
fn tell_what_needs_no_screen(handle: CallHandle) {
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
