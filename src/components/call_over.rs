//! How a call ended, in plain words, and what can be done next.

use super::{
    avatar::{Avatar, AvatarSize},
    call_timer::clock,
    each::press,
    icon::{Glyph, Icon},
};
use crate::call::{
    handle::CallHandle,
    view::{Outcome, Over},
};
use leptos::{ev, html::Button, prelude::*};
use parley_protocol::{ErrorCode, call::CallType};

#[component]
pub fn CallOver(over: Over) -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let first = NodeRef::<Button>::new();
    Effect::new(move |_| {
        if let Some(button) = first.get() {
            let _ = button.focus();
        }
    });
    let listener = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" && !event.repeat() {
            event.prevent_default();
            handle.dismiss();
        }
    });
    on_cleanup(move || listener.remove());
    let again = can_call_again(over.outcome).then(|| {
        let glyph = if over.call_type == CallType::Video { Glyph::Video } else { Glyph::Phone };
        view! {
            <button type="button" class="button" data-tone="brand" on:click=press(move || handle.again())>
                <Icon of=glyph />
                "Call again"
            </button>
        }
    });
    let sentence = sentence(&over);
    let duration = over.seconds.map(|seconds| clock(seconds.into()));
    view! {
        <div class="call-over cover" role="dialog" aria-modal="true" aria-labelledby="call-over-heading">
            <div class="call-over-card">
                <Avatar of=over.with size=AvatarSize::Huge />
                <h1 id="call-over-heading">{heading(over.outcome)}</h1>
                <p>{sentence}</p>
                {duration.map(|duration| {
                    view! {
                        <p class="call-over-duration">
                            <Icon of=Glyph::Clock />
                            {duration}
                        </p>
                    }
                })}
                <div class="call-over-actions">
                    <button type="button" class="button" node_ref=first on:click=press(move || handle.dismiss())>
                        "Close"
                    </button>
                    {again}
                </div>
            </div>
        </div>
    }
}

fn heading(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Ended => "Call ended",
        Outcome::Declined | Outcome::DeclinedElsewhere => "Declined",
        Outcome::NoAnswer => "No answer",
        Outcome::Busy => "Busy",
        Outcome::Missed => "Missed call",
        Outcome::Canceled => "Canceled",
        Outcome::AnsweredElsewhere => "Answered",
        Outcome::Failed => "Connection lost",
        Outcome::Refused(_) => "Could not call",
    }
}

fn sentence(over: &Over) -> String {
    let name = &over.with.display_name;
    match over.outcome {
        Outcome::Ended => format!("You talked with {name}."),
        Outcome::Declined => format!("{name} declined the call."),
        Outcome::NoAnswer => format!("{name} did not answer."),
        Outcome::Busy => format!("{name} is in another call."),
        Outcome::Missed | Outcome::Canceled => format!("{name} called you."),
        Outcome::AnsweredElsewhere => "You answered on another device.".to_owned(),
        Outcome::DeclinedElsewhere => "You declined on another device.".to_owned(),
        Outcome::Failed if over.seconds.is_some() => {
            format!("The connection to {name} was lost and did not come back.")
        }
        Outcome::Failed => format!("No connection to {name} could be made."),
        Outcome::Refused(code) => refusal(code, name),
    }
}

fn refusal(code: Option<ErrorCode>, name: &str) -> String {
    match code {
        None => "The server cannot be reached. Check your connection.".to_owned(),
        Some(ErrorCode::RateLimited) => {
            "Too many calls without an answer. Wait a while before the next one.".to_owned()
        }
        Some(ErrorCode::CallInProgress) => "A call is in progress in this conversation.".to_owned(),
        Some(ErrorCode::AlreadyInCall) => {
            "You are in another call, in another tab or on another device.".to_owned()
        }
        Some(ErrorCode::CallsDisabled) => "Calls are switched off on this server.".to_owned(),
        Some(ErrorCode::NotAccepted) => format!("{name} has not accepted your invitation yet."),
        Some(ErrorCode::CallNotLive) => "The call is over already.".to_owned(),
        Some(_) => "The call could not be started.".to_owned(),
    }
}

fn can_call_again(outcome: Outcome) -> bool {
    !matches!(outcome, Outcome::Refused(Some(ErrorCode::CallsDisabled | ErrorCode::NotAccepted)))
}
