//! The screen after a call: its outcome in plain words, and the next steps.

use super::timer::clock;
use crate::bundles::AFTER;
use crate::call::{
    extras::view::RoomExtrasViewStoreFields,
    handle::CallHandle,
    view::{Outcome, Over},
};
use crate::components::kit::{
    avatar::{Avatar, AvatarSize},
    each::press,
    icon::{Glyph, Icon},
};
use crate::state::inbox::call_name;
use crate::words::{Word, fill, say};
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
                {say(if over.goes_on.is_some() { Word::JoinAgain } else { Word::CallAgain })}
            </button>
        }
    });
    // Only a call that was connected is reported on and rated.
    let after = over.seconds.and_then(|_| handle.extras().after().get_untracked());
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
                {after.map(|after| AFTER.show(after))}
                <div class="call-over-actions">
                    <button type="button" class="button" node_ref=first on:click=press(move || handle.dismiss())>
                        {say(Word::Close)}
                    </button>
                    {again}
                </div>
            </div>
        </div>
    }
}

fn heading(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Ended => say(Word::CallEnded),
        Outcome::Declined | Outcome::DeclinedElsewhere => say(Word::Declined),
        Outcome::NoAnswer => say(Word::NoAnswer),
        Outcome::Busy => say(Word::Busy),
        Outcome::Missed => say(Word::MissedCall),
        Outcome::Canceled => say(Word::Canceled),
        Outcome::AnsweredElsewhere => say(Word::Answered),
        Outcome::Failed => say(Word::ConnectionLost),
        Outcome::Refused(_) => say(Word::CouldNotCall),
    }
}

fn sentence(over: &Over) -> String {
    let name = &call_name(over.conversation_id, &over.with);
    match over.outcome {
        Outcome::Ended => fill(Word::YouTalkedWith, &[("name", name)]),
        Outcome::Declined => fill(Word::TheyDeclined, &[("name", name)]),
        Outcome::NoAnswer => fill(Word::TheyDidNotAnswer, &[("name", name)]),
        Outcome::Busy => fill(Word::TheyAreBusy, &[("name", name)]),
        Outcome::Missed | Outcome::Canceled => fill(Word::TheyCalled, &[("name", name)]),
        Outcome::AnsweredElsewhere => say(Word::YouAnsweredElsewhere).to_owned(),
        Outcome::DeclinedElsewhere => say(Word::YouDeclinedElsewhere).to_owned(),
        Outcome::Failed if over.seconds.is_some() => fill(Word::LostConnectionTo, &[("name", name)]),
        Outcome::Failed => fill(Word::NoConnectionTo, &[("name", name)]),
        Outcome::Refused(code) => refusal(code, name),
    }
}

fn refusal(code: Option<ErrorCode>, name: &str) -> String {
    match code {
        None => say(Word::ServerOutOfReach).to_owned(),
        Some(ErrorCode::RateLimited) => say(Word::TooManyCalls).to_owned(),
        Some(ErrorCode::CallInProgress) => say(Word::CallInProgressHere).to_owned(),
        Some(ErrorCode::CallFull) => say(Word::CallIsFull).to_owned(),
        Some(ErrorCode::RemovedFromCall) => say(Word::RemovedFromCall).to_owned(),
        Some(ErrorCode::AlreadyInCall | ErrorCode::AnsweredElsewhere) => say(Word::YouAreInACall).to_owned(),
        Some(ErrorCode::CallsDisabled) => say(Word::CallsDisabled).to_owned(),
        Some(ErrorCode::NotAccepted) => fill(Word::NotAcceptedYet, &[("name", name)]),
        Some(ErrorCode::CallNotLive) => say(Word::CallIsOver).to_owned(),
        Some(_) => say(Word::CallNotStarted).to_owned(),
    }
}

fn can_call_again(outcome: Outcome) -> bool {
    !matches!(outcome, Outcome::Refused(Some(ErrorCode::CallsDisabled | ErrorCode::NotAccepted)))
}
