//! The others in the call, each in a tile that lives as long as their device is in it.

use super::{
    avatar::{Avatar, AvatarSize},
    icon::{Glyph, Icon},
};
use crate::call::{
    handle::{CallHandle, Picture},
    view::{Link, Room, Tile},
};
use leptos::{html::Video, prelude::*};
use parley_protocol::{DeviceId, call::OwnMedia};

#[component]
pub fn CallStage(room: Signal<Room>) -> impl IntoView {
    let devices = Memo::new(move |_| {
        room.with(|room| room.tiles.iter().map(|tile| tile.device_id).collect::<Vec<_>>())
    });
    let with = Memo::new(move |_| room.with(|room| room.with.clone()));
    view! {
        <div class="call-stage" data-count=move || devices.with(Vec::len).to_string()>
            <For each=move || devices.get() key=|device| *device let:device>
                <RemoteTile room device />
            </For>
            <Show when=move || devices.with(Vec::is_empty)>
                <div class="tile">
                    <div class="tile-person">
                        <Avatar of=with size=AvatarSize::Huge />
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
    let media = Memo::new(move |before: Option<&OwnMedia>| {
        room.with(find).map(|tile| tile.media).or(before.copied()).unwrap_or_default()
    });
    let video = Memo::new(move |_| media.get().video);
    let muted = Memo::new(move |_| media.get().muted);
    let frozen = Memo::new(move |_| room.with(|room| room.link == Link::Reconnecting));
    let name = user.display_name.clone();
    let picture = NodeRef::<Video>::new();
    handle.show(Picture::Remote(device), picture);
    view! {
        <div class="tile" data-frozen=move || frozen.get().to_string()>
            // It also plays the sound, so it stays when there is no picture.
            <video
                class="tile-picture"
                data-picture="remote"
                data-shown=move || video.get().to_string()
                node_ref=picture
                autoplay
                playsinline
                aria-label=format!("Picture of {name}")
            ></video>
            <Show when=move || !video.get()>
                <div class="tile-person">
                    <Avatar of=user.clone() size=AvatarSize::Huge />
                </div>
            </Show>
            <Show when=move || muted.get()>
                <p class="tile-badge pill">
                    <Icon of=Glyph::MicOff />
                    <span>{format!("{name} is muted")}</span>
                </p>
            </Show>
        </div>
    }
    .into_any()
}
