//! The details of a past call: its time, duration, people, and the quality of this person's connections.

use super::{connection_panel::score_name, history::outcome, screen::covers_page, timer::clock};
use crate::components::kit::{each::press, icon::Icon};
use crate::{
    api::history,
    call::handle::CallHandle,
    platform,
    state::inbox::Inbox,
    words::{Word, fill, say},
};
use leptos::{html::Dialog, prelude::*, task::spawn_local};
use parley_core::quality::Score;
use parley_protocol::{CallId, call::Call, quality::CallQuality};

/// The quality of the shown call, as far as it is loaded.
#[derive(Debug, Clone, PartialEq)]
enum Known {
    Loading,
    Quality(Option<CallQuality>),
    Failed(String),
}

/// Shows a dialog about the call in `shown`; closing it clears `shown`.
#[component]
pub fn PastCall(shown: RwSignal<Option<Call>>) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    let known = RwSignal::new(Known::Loading);
    // A modal dialog lies in the top layer, above every call screen. It closes while a call covers the page,
    // so that an incoming call can be answered.
    let covered = covers_page(expect_context::<CallHandle>());
    let id = Memo::new(move |_| shown.with(|call| call.as_ref().map(|call| call.id)));
    Effect::new(move |_| {
        if let Some(id) = id.get() {
            load(id, shown, known);
        }
    });
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        if id.get().is_some() && !covered.get() {
            let _ = dialog.show_modal();
        } else {
            dialog.close();
        }
    });
    view! {
        <dialog
            class="dialog past-call"
            node_ref=dialog
            aria-label=say(Word::CallDetails)
            on:close=move |_| shown.set(None)
        >
            <h2>{say(Word::CallDetails)}</h2>
            {move || shown.get().map(|call| view! { <Facts call /> })}
            <section aria-label=say(Word::CallConnection) aria-live="polite">
                <h3>{say(Word::CallConnection)}</h3>
                {move || match known.get() {
                    Known::Loading => view! { <p class="soft">{say(Word::Loading)}</p> }.into_any(),
                    Known::Failed(why) => view! { <p class="soft">{why}</p> }.into_any(),
                    Known::Quality(None) => view! { <p class="soft">{say(Word::NoQuality)}</p> }.into_any(),
                    Known::Quality(Some(quality)) => list(measured(&quality)).into_any(),
                }}
            </section>
            <div class="dialog-actions">
                <button type="button" class="button" on:click=press(move || shown.set(None))>
                    {say(Word::Close)}
                </button>
            </div>
        </dialog>
    }
}

#[component]
fn Facts(call: Call) -> impl IntoView {
    let me = expect_context::<Inbox>().me().id;
    let (glyph, became) = outcome(&call, me);
    let people: Vec<String> = call.others(me).map(|seat| seat.user.display_name.clone()).collect();
    let lasted = call.duration_seconds.map(|seconds| (Word::CallLasted, clock(seconds.into())));
    let facts = [(Word::CallPeople, people.join(", ")), (Word::CallStarted, platform::when(call.created_at))];
    view! {
        <Show when={
            let talked = lasted.is_some();
            move || !talked
        }>
            <p class="call-outcome">
                <Icon of=glyph />
                {became.clone()}
            </p>
        </Show>
        {list(facts.into_iter().chain(lasted).collect())}
    }
}

fn list(rows: Vec<(Word, String)>) -> impl IntoView {
    let row = |(name, value): (Word, String)| {
        view! {
            <div>
                <dt>{say(name)}</dt>
                <dd>{value}</dd>
            </div>
        }
    };
    view! { <dl class="facts">{rows.into_iter().map(row).collect_view()}</dl> }
}

/// Returns the measured values as rows: a label and a text.
pub fn measured(quality: &CallQuality) -> Vec<(Word, String)> {
    let mut score = score_name(Score::of_word(quality.score)).to_owned();
    if quality.bad_percent > 0 {
        score = format!("{score} · {}", fill(Word::WeakFor, &[("n", &quality.bad_percent.to_string())]));
    }
    let millis = |ms: u32| fill(Word::InMillis, &[("n", &ms.to_string())]);
    let loss = quality.packet_loss.map(|loss| fill(Word::InPercent, &[("n", &format!("{loss:.1}"))]));
    let path = say(if quality.relayed { Word::PathRelayed } else { Word::PathDirect }).to_owned();
    let rows = [
        (Word::CallQuality, Some(score)),
        (Word::RoundTrip, quality.rtt_ms.map(millis)),
        (Word::PacketLoss, loss),
        (Word::ConnectedIn, quality.setup_ms.map(millis)),
        (Word::PathNow, quality.setup_ms.map(|_| path)),
    ];
    rows.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn load(id: CallId, shown: RwSignal<Option<Call>>, known: RwSignal<Known>) {
    known.set(Known::Loading);
    spawn_local(async move {
        let answer = history::details(id).await;
        // The person may have opened another call meanwhile.
        if shown.try_with_untracked(|call| call.as_ref().is_some_and(|call| call.id == id)) == Some(true) {
            known.try_set(match answer {
                Ok(details) => Known::Quality(details.quality),
                Err(failure) => Known::Failed(failure.sentence()),
            });
        }
    });
}
