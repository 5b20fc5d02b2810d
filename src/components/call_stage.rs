//! The others in the call, each in a tile that lives as long as their device is in it.

use super::{
    avatar::{Avatar, AvatarSize},
    each::{Key, each, flag, text},
    icon::{Glyph, Icon},
};
use crate::call::{
    handle::{CallHandle, Picture},
    view::{Link, Room, Tile},
};
use crate::words::{Word, fill};
use leptos::{html::Video, prelude::*};
use parley_protocol::DeviceId;
use std::sync::Arc;
use uuid::Uuid;

#[component]
pub fn CallStage(room: Signal<Room>) -> impl IntoView {
    let keys = move || room.with(|room| room.tiles.iter().map(key).collect());
    let tile =
        move |(id, _): Key| view! { <RemoteTile room device=DeviceId(Uuid::from_u128(id)) /> }.into_any();
    let with = room.with_untracked(|room| room.with.clone());
    let count = move || room.with(|room| room.tiles.len());
    view! {
        <div class="call-stage" data-count=text(move || count().to_string())>
            {each(keys, Arc::new(tile))}
            <Show when=move || count() == 0>
                <div class="tile">
                    <div class="tile-person">
                        <Avatar of=with.clone() size=AvatarSize::Huge />
                    </div>
                </div>
            </Show>
        </div>
    }
}

#[component]
fn RemoteTile(room: Signal<Room>, device: DeviceId) -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let find = move |room: &Room| room.tiles.iter().find(|tile| tile.device_id == device).cloned();
    let Some(Tile { user, .. }) = room.with_untracked(find) else {
        return ().into_any();
    };
    let media = move || room.with(find).map(|tile| tile.media).unwrap_or_default();
    let frozen = move || room.with(|room| room.link == Link::Reconnecting);
    let name = user.display_name.clone();
    let picture = NodeRef::<Video>::new();
    handle.show(Picture::Remote(device), picture);
    view! {
        <div class="tile" data-frozen=flag(frozen)>
            // It also plays the sound, so it stays when there is no picture.
            <video
                class="tile-picture"
                data-picture="remote"
                data-shown=flag(move || media().video)
                node_ref=picture
                autoplay
                playsinline
                aria-label=fill(Word::PictureOf, &[("name", &name)])
            ></video>
            <Show when=move || !media().video>
                <div class="tile-person">
                    <Avatar of=user.clone() size=AvatarSize::Huge />
                </div>
            </Show>
            <Show when=move || media().muted>
                <p class="tile-badge pill">
                    <Icon of=Glyph::MicOff />
                    <span>{fill(Word::IsMuted, &[("name", &name)])}</span>
                </p>
            </Show>
        </div>
    }
    .into_any()
}

fn key(tile: &Tile) -> Key {
    (tile.device_id.0.as_u128(), 0)
}
