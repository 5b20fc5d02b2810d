//! The stage: a tile for each device, which lives as long as the device is in the call. The layout machine of
//! the core decides where a tile stands; this module decides what it shows.

use super::{
    own_picture::OwnPicture,
    pages::CallPages,
    share::SharedScreens,
    tile_frame::{TileFrame, pin_of},
};
use crate::call::{
    extras::view::{LinkQuality, RoomExtrasViewStoreFields},
    handle::{CallHandle, Picture},
    view::{CallViewStoreFields, Link, Room, Tile},
};
use crate::components::kit::{
    avatar::{Avatar, AvatarSize},
    each::{Key, each, flag, press, text},
    icon::{Glyph, Icon},
};
use crate::platform;
use crate::words::{Word, fill, say};
use leptos::{
    html::{Div, Video},
    prelude::*,
};
use parley_core::layout::{Input, Shape, Size, TileId};
use parley_protocol::{DeviceId, call::CallMode};
use std::sync::Arc;
use uuid::Uuid;

#[component]
pub fn CallStage(room: Signal<Room>) -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let keys = move || room.with(|room| room.tiles().iter().map(key).collect());
    let tile =
        move |(id, _): Key| view! { <RemoteTile room device=DeviceId(Uuid::from_u128(id)) /> }.into_any();
    let alone = move || room.with(|room| room.tiles().is_empty());
    let area = NodeRef::<Div>::new();
    platform::on_size(area, move |width, height| handle.arrange(Input::Size(Size { width, height })));
    view! {
        <div class="call-stage" data-shape=text(move || shape(handle).to_owned()) node_ref=area>
            <Show when=alone>
                <EmptyRoom room />
            </Show>
            {each(keys, Arc::new(tile))}
            <SharedScreens room />
            {room.with_untracked(|room| room.own_device).map(|device| view! { <OwnPicture device /> })}
            <CallPages />
        </div>
    }
}

fn shape(handle: CallHandle) -> &'static str {
    handle.view().stage().with(|stage| match stage.layout.as_ref().map(|layout| layout.shape) {
        Some(Shape::Grid) => "grid",
        Some(Shape::Stage) => "stage",
        Some(Shape::OneToOne) | None => "one",
    })
}

/// Shows the placeholder while nobody else is in the call.
#[component]
fn EmptyRoom(room: Signal<Room>) -> impl IntoView {
    let with = room.with_untracked(|room| room.with.clone());
    let group = room.with_untracked(|room| room.mode == CallMode::Group);
    view! {
        <div class="tile-nobody">
            <Avatar of=with size=AvatarSize::Huge />
            {group.then(|| view! { <p>{say(Word::NobodyElseHere)}</p> })}
        </div>
    }
}

#[component]
fn RemoteTile(room: Signal<Room>, device: DeviceId) -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let find = move |room: &Room| room.tiles().into_iter().find(|tile| tile.device_id == device);
    let Some(Tile { user, .. }) = room.with_untracked(find) else {
        return ().into_any();
    };
    let tile = Memo::new(move |_| room.with(find));
    let media = move || tile.get().map(|tile| tile.media).unwrap_or_default();
    let link = move || tile.get().map_or(Link::Connecting, |tile| tile.link);
    // A video that is not sent or not received would freeze on its last frame, so it is hidden.
    let seen = move || media().video && !handle.extras().refuses_cameras().get();
    // In a call of two, and whenever the bar above warns of the connection, the tile adds nothing.
    let weak = Memo::new(move |_| {
        let is_weak =
            |links: &Vec<LinkQuality>| links.iter().any(|link| link.device == device && link.score.is_bad());
        link() == Link::Connected
            && handle.extras().indicator().with(Option::is_none)
            && room.with(|room| room.tiles().len() > 1)
            && handle.extras().links().with(is_weak)
    });
    let speaks = move || handle.view().stage().with(|stage| stage.ringed.contains(&device));
    let name = user.display_name.clone();
    let picture = NodeRef::<Video>::new();
    handle.show(Picture::Remote(device), picture);
    let label = name.clone();
    let badge = name.clone();
    let id = TileId::camera(device);
    view! {
        <TileFrame tile=id frozen=Signal::derive(move || link() == Link::Reconnecting) speaks=Signal::derive(speaks)>
            // The avatar lies under the video, and is visible while there is no picture.
            <div class="tile-person">
                <Avatar of=user size=AvatarSize::Huge />
            </div>
            // The element also plays the sound, so it stays mounted without a picture and on another page of
            // tiles.
            <video
                class="tile-picture"
                data-picture="remote"
                data-shown=flag(seen)
                node_ref=picture
                autoplay
                playsinline
                aria-label=fill(Word::PictureOf, &[("name", &name)])
            ></video>
            <p class="tile-name">
                <Show when=speaks>
                    <Icon of=Glyph::Mic />
                </Show>
                <span>{label.clone()}</span>
            </p>
            <div class="tile-badges">
                <Show when=move || media().muted>
                    <p class="tile-badge pill">
                        <Icon of=Glyph::MicOff />
                        <span>{fill(Word::IsMuted, &[("name", &badge)])}</span>
                    </p>
                </Show>
                <Show when=move || weak.get()>
                    <p class="tile-badge pill" data-tone="warning">
                        <Icon of=Glyph::SignalLow />
                        <span>{say(Word::WeakHere)}</span>
                    </p>
                </Show>
            </div>
            <PinButton tile=id name=label />
        </TileFrame>
    }
    .into_any()
}

/// Shows the button that keeps a tile in view, whoever speaks.
#[component]
fn PinButton(tile: TileId, name: String) -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let pinned = Memo::new(move |_| pin_of(handle) == Some(tile));
    let label = text(move || fill(if pinned.get() { Word::Unpin } else { Word::Pin }, &[("name", &name)]));
    let toggle = move || handle.arrange(Input::Pin((!pinned.get_untracked()).then_some(tile)));
    view! {
        <button
            type="button"
            class="tile-pin"
            aria-pressed=flag(move || pinned.get())
            aria-label=label
            title=label
            on:click=press(toggle)
        >
            <Icon of=Glyph::Pin />
        </button>
    }
}

fn key(tile: &Tile) -> Key {
    (tile.device_id.0.as_u128(), 0)
}
