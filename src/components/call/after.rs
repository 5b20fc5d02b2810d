//! The report on a call's connection in plain words, and the person's rating of the call.

use super::timer::clock;
use crate::components::kit::{
    each::text,
    icon::{Glyph, Icon},
};
use crate::{
    api,
    call::extras::view::After,
    words::{Word, count, fill, say},
};
use leptos::{ev, prelude::*, task::spawn_local};
use parley_core::quality::{CallReport, Measure, Score, Side, Trouble, Wrong};
use parley_protocol::{CallId, limits::FEEDBACK_COMMENT_MAX_CHARS, quality::Feedback};

/// The highest rating at which the person is asked for reasons.
const ASK_WHY_UP_TO: u8 = 3;
/// The reasons for a low rating: the code for the server, and the label.
const TAGS: [(&str, Word); 4] = [
    ("sound", Word::TagSound),
    ("picture", Word::TagPicture),
    ("delay", Word::TagDelay),
    ("interrupted", Word::TagInterrupted),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Saved {
    NotYet,
    Yes,
    Failed,
}

#[component]
pub fn AfterCall(after: After) -> impl IntoView {
    let After { call_id, report } = after;
    view! {
        <div class="after-call">
            <ul class="after-call-report">
                {sentences(&report).into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}
            </ul>
            <Rating call=call_id />
        </div>
    }
}

#[component]
fn Rating(call: CallId) -> impl IntoView {
    let stars = RwSignal::new(0_u8);
    let tags = RwSignal::new(Vec::<&'static str>::new());
    let comment = RwSignal::new(String::new());
    let saved = RwSignal::new(Saved::NotYet);
    let save = move || {
        let feedback = Feedback {
            stars: stars.get_untracked(),
            tags: tags.with_untracked(|tags| tags.iter().map(|tag| (*tag).to_owned()).collect()),
            comment: comment.with_untracked(|comment| comment.trim().to_owned()),
        };
        spawn_local(async move {
            let answer = api::calls::rate(call, &feedback).await;
            saved.try_set(if answer.is_ok() { Saved::Yes } else { Saved::Failed });
        });
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        save();
    };
    let star = move |n: u8| {
        let take = move |_| {
            stars.set(n);
            save();
        };
        view! {
            <label class="star" data-lit=text(move || (stars.get() >= n).to_string())>
                <input type="radio" name="stars" aria-label=count(Word::Stars, n.into(), &[]) on:change=take />
                <Icon of=Glyph::Star />
            </label>
        }
    };
    let tag = move |(word, name): (&'static str, Word)| {
        let take = move |event| {
            let on = event_target_checked(&event);
            tags.update(|tags| {
                tags.retain(|tag| *tag != word);
                if on {
                    tags.push(word);
                }
            });
            save();
        };
        view! {
            <label class="after-call-tag">
                <input type="checkbox" on:change=take />
                <span>{say(name)}</span>
            </label>
        }
    };
    let told = move || match saved.get() {
        Saved::NotYet => String::new(),
        Saved::Yes => say(Word::RatingThanks).to_owned(),
        Saved::Failed => say(Word::RatingFailed).to_owned(),
    };
    view! {
        <fieldset class="rating">
            <legend>{say(Word::HowWasIt)}</legend>
            <div class="stars">{(1..=5).map(star).collect_view()}</div>
        </fieldset>
        <Show when=move || (1..=ASK_WHY_UP_TO).contains(&stars.get())>
            <fieldset class="after-call-tags">
                <legend>{say(Word::WhatWasWrong)}</legend>
                {TAGS.map(tag).collect_view()}
            </fieldset>
        </Show>
        <Show when=move || stars.get() != 0>
            <form class="after-call-comment" on:submit=submit>
                <input
                    class="input"
                    type="text"
                    aria-label=say(Word::AnythingElse)
                    placeholder=say(Word::AnythingElse)
                    maxlength=FEEDBACK_COMMENT_MAX_CHARS.to_string()
                    prop:value=comment
                    on:input=move |event| comment.set(event_target_value(&event))
                />
                <button type="submit" class="button">
                    {say(Word::Send)}
                </button>
            </form>
        </Show>
        <p role="status" class="after-call-saved">
            {text(told)}
        </p>
    }
}

/// Returns the report in plain words, a sentence for each finding.
pub fn sentences(report: &CallReport) -> Vec<String> {
    let usual = report.usual.map(|score| {
        say(match score {
            Score::Excellent => Word::WasExcellent,
            Score::Good => Word::WasGood,
            Score::Fair => Word::WasFair,
            Score::Poor => Word::WasPoor,
            Score::Lost => Word::WasLost,
        })
        .to_owned()
    });
    let troubles = report.troubles.iter().map(trouble);
    let measures = report.measures.iter().map(|(measure, _)| {
        say(match measure {
            Measure::VideoReduced => Word::DoneVideoReduced,
            Measure::VideoPaused => Word::DoneVideoPaused,
            Measure::VideoTurnedOff => Word::DoneVideoTurnedOff,
            Measure::OthersRefused => Word::DoneOthersRefused,
            Measure::AudioOnly => Word::DoneAudioOnly,
            Measure::PathRestarted => Word::DonePathRestarted,
        })
        .to_owned()
    });
    usual.into_iter().chain(troubles).chain(measures).collect()
}

fn trouble(trouble: &Trouble) -> String {
    let word = match trouble.wrong {
        Wrong::Interrupted => Word::WrongInterrupted,
        Wrong::Delay => Word::WrongDelay,
        Wrong::Loss => Word::WrongLoss,
        Wrong::Jitter => Word::WrongJitter,
        Wrong::Frozen => Word::WrongFrozen,
        Wrong::Overload => Word::WrongOverload,
    };
    let side = say(match trouble.side {
        Side::OwnUplink => Word::SideOwnUp,
        Side::OwnDownlink => Word::SideOwnDown,
        Side::Between => Word::SideBetween,
        Side::Theirs => Word::SideTheirs,
    });
    fill(word, &[("time", &clock(trouble.seconds.into())), ("side", side)])
}
