//! The connection panel: each connection in numbers, and in plots of the last minutes.

use crate::components::kit::{
    each::{Key, each},
    plot::Plot,
    switch::Switch,
};
use crate::{
    call::{
        extras::view::{LinkQuality, Point, RoomExtrasViewStoreFields},
        handle::{Ask, CallHandle},
        view::Room,
    },
    words::{Word, fill, say},
};
use leptos::prelude::*;
use parley_core::quality::Score;
use parley_protocol::DeviceId;
use std::sync::Arc;
use uuid::Uuid;

#[component]
pub fn ConnectionPanel(room: Signal<Room>) -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let links = handle.extras().links();
    let keys = move || links.with(|links| links.iter().map(|link| (link.device.0.as_u128(), 0)).collect());
    let section =
        move |(id, _): Key| view! { <Details room device=DeviceId(Uuid::from_u128(id)) /> }.into_any();
    view! {
        // The panel is longer than a phone's screen: it takes the focus itself, so that the keyboard can
        // scroll it.
        <div class="connection-panel" tabindex="0">
            <Switch
                label=say(Word::OthersCameras)
                means=say(Word::OthersCamerasMeans)
                on=Signal::derive(move || !handle.extras().refuses_cameras().get())
                set=move |on: bool| handle.ask(Ask::RefuseCameras(!on))
            />
            <Show when=move || links.with(Vec::is_empty)>
                <p class="room-panel-note">{say(Word::NothingMeasured)}</p>
            </Show>
            {each(keys, Arc::new(section))}
        </div>
    }
}

#[component]
fn Details(room: Signal<Room>, device: DeviceId) -> impl IntoView {
    let links = expect_context::<CallHandle>().extras().links();
    let link =
        Memo::new(move |_| links.with(|links| links.iter().find(|link| link.device == device).cloned()));
    let name = room.with_untracked(|room| {
        let tile = room.tiles().into_iter().find(|tile| tile.device_id == device);
        tile.map(|tile| tile.user.display_name).unwrap_or_default()
    });
    let score = move || link.with(|link| link.as_ref().map_or("", |link| score_name(link.score)));
    let rows = move || link.with(|link| link.as_ref().map(rows).unwrap_or_default());
    let points = Signal::derive(move || {
        link.with(|link| link.as_ref().map(|link| link.past.clone()).unwrap_or_default())
    });
    view! {
        <section class="connection-details">
            <h3>
                {name}
                <span class="connection-score">{score}</span>
            </h3>
            <Plot of=Word::RoundTrip unit=Word::InMillis points value=|point| point.rtt_ms />
            <Plot of=Word::PacketLoss unit=Word::InPercent points value=percent />
            <Plot of=Word::Jitter unit=Word::InMillis points value=|point| point.jitter_ms />
            <Plot of=Word::Receiving unit=Word::InKbps points value=|point| Some(point.down_kbps) />
            <Plot of=Word::Sending unit=Word::InKbps points value=|point| Some(point.up_kbps) />
            <dl>
                {move || {
                    rows()
                        .into_iter()
                        .map(|(what, value)| {
                            view! {
                                <div>
                                    <dt>{say(what)}</dt>
                                    <dd>{value}</dd>
                                </div>
                            }
                        })
                        .collect_view()
                }}
            </dl>
        </section>
    }
}

/// Returns the packet loss in percent, rounded up so that a small loss does not read as none.
fn percent(point: &Point) -> Option<u32> {
    point.loss.map(|thousandths| u32::from(thousandths).div_ceil(10))
}

fn rows(link: &LinkQuality) -> Vec<(Word, String)> {
    let picture = link.now.picture.map(|picture| {
        let [width, height, fps] = [picture.width, picture.height, picture.fps].map(|n| n.to_string());
        let size = fill(Word::PictureIs, &[("width", &width), ("height", &height), ("fps", &fps)]);
        let codec = picture.codec.map(|codec| format!(", {}", codec.name())).unwrap_or_default();
        (Word::PictureNow, size + &codec)
    });
    let path = link.now.path.map(|path| {
        let way = if path.is_relayed() { Word::PathRelayed } else { Word::PathDirect };
        (Word::PathNow, format!("{}, {}", say(way), path.protocol.word().to_uppercase()))
    });
    [picture, path].into_iter().flatten().collect()
}

pub fn score_name(score: Score) -> &'static str {
    say(match score {
        Score::Excellent => Word::IsExcellent,
        Score::Good => Word::IsGood,
        Score::Fair => Word::IsFair,
        Score::Poor => Word::IsPoor,
        Score::Lost => Word::IsLost,
    })
}
