//! The connection indicator: bars that open the details, and a sentence only while the quality is bad.

use super::room_panel::{Panel, Panels};
use crate::components::kit::each::{flag, press, text};
use crate::{
    call::{
        extras::view::{LinkQuality, RoomExtrasViewStoreFields},
        handle::{Ask, CallHandle},
        view::{CallViewStoreFields, Link, Room},
    },
    words::{Word, fill, say},
};
use leptos::prelude::*;
use parley_core::{
    phone::Capture,
    quality::{Action, Indicator, Score, Side},
};

#[component]
pub fn ConnectionPill(room: Signal<Room>) -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let panels = expect_context::<Panels>();
    // Silent while the call reconnects: the bar already says so.
    let told = Memo::new(move |_| {
        let steady = room.with(|room| room.link == Link::Connected);
        handle.extras().indicator().get().filter(|_| steady)
    });
    let says = move || {
        told.get().map_or_else(String::new, |indicator| {
            handle.extras().links().with(|links| room.with(|room| sentence(indicator, links, room)))
        })
    };
    let sends = Memo::new(move |_| handle.view().camera().get() == Capture::On);
    // A measure that is already in effect is not offered.
    let offer = Memo::new(move |_| {
        let refuses = handle.extras().refuses_cameras().get();
        match told.get()?.action? {
            Action::TurnOffVideo => sends.get().then_some((Word::TurnOffMyCamera, Ask::SpareCamera)),
            Action::RefuseVideo => {
                (!refuses).then_some((Word::TurnOffOthersCameras, Ask::RefuseCameras(true)))
            }
            Action::AudioOnly => (sends.get() || !refuses).then_some((Word::SoundOnly, Ask::SoundOnly)),
        }
    });
    let score = Memo::new(move |_| worst(&handle.extras().links().get()));
    view! {
        <div class="connection">
            <div role="status">
                <Show when=move || told.get().is_some()>
                    <p class="pill" data-tone="warning" data-quality=text(move || score_word(score.get()).to_owned())>
                        {text(says)}
                    </p>
                </Show>
            </div>
            {move || {
                offer.get().map(|(word, ask)| {
                    view! {
                        <button
                            type="button"
                            class="connection-action"
                            on:click=press(move || handle.ask(ask))
                        >
                            {say(word)}
                        </button>
                    }
                })
            }}
            <button
                type="button"
                class="connection-button"
                aria-label=say(Word::ConnectionDetails)
                title=say(Word::ConnectionDetails)
                aria-expanded=flag(move || panels.shows(Panel::Connection))
                data-quality=text(move || score_word(score.get()).to_owned())
                on:click=press(move || panels.toggle(Panel::Connection))
            >
                <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
                    <path d="M4 20v-3" />
                    <path d="M9 20v-7" />
                    <path d="M14 20V9" />
                    <path d="M19 20V4" />
                </svg>
            </button>
        </div>
    }
}

fn sentence(indicator: Indicator, links: &[LinkQuality], room: &Room) -> String {
    let theirs = || {
        let bad = links.iter().filter(|link| link.score.is_bad()).min_by_key(|link| link.score)?;
        let tile = room.tiles().into_iter().find(|tile| tile.device_id == bad.device)?;
        Some(tile.user.display_name)
    };
    match indicator.side {
        Side::OwnUplink | Side::OwnDownlink => say(Word::WeakOwn).to_owned(),
        Side::Between => say(Word::WeakBetween).to_owned(),
        Side::Theirs => theirs().map_or_else(
            || say(Word::WeakBetween).to_owned(),
            |name| fill(Word::WeakTheirs, &[("name", &name)]),
        ),
    }
}

/// Returns the worst score of all connections; none while nothing has been measured.
fn worst(links: &[LinkQuality]) -> Option<Score> {
    links.iter().map(|link| link.score).min()
}

fn score_word(score: Option<Score>) -> &'static str {
    match score {
        None => "unknown",
        Some(Score::Lost) => "lost",
        Some(Score::Poor) => "poor",
        Some(Score::Fair) => "fair",
        Some(Score::Good) => "good",
        Some(Score::Excellent) => "excellent",
    }
}
