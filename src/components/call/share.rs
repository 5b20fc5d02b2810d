//! Screen sharing: the button, the notice for the person who shares, and the shared screens on the stage.

use super::{shortcuts::with_key, tile_frame::TileFrame};
use crate::components::kit::{
    each::{Key, each, flag, press, text},
    icon::{Glyph, Icon},
};
use crate::{
    call::{
        extras::view::{RoomExtrasViewStoreFields, Sharing},
        handle::{Ask, CallHandle, Picture},
        view::{Room, Tile},
    },
    words::{Word, fill, say},
};
use leptos::{html::Video, prelude::*};
use parley_core::layout::TileId;
use parley_protocol::DeviceId;
use std::sync::Arc;
use uuid::Uuid;

#[component]
pub fn ShareButton() -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let on = Memo::new(move |_| matches!(handle.extras().sharing().get(), Sharing::On { .. }));
    let name = text(move || say(if on.get() { Word::StopSharing } else { Word::ShareScreen }).to_owned());
    CallHandle::can_share().then(|| {
        view! {
            <button
                type="button"
                class="call-control"
                data-tone="active"
                aria-pressed=flag(move || on.get())
                aria-label=name
                title=text(move || with_key(&name.get(), Word::KeyS))
                on:click=press(move || handle.ask(Ask::ToggleShare))
            >
                <Icon of=Glyph::ScreenShare />
            </button>
        }
    })
}

/// Shows the notice for the person who shares their screen.
#[component]
pub fn ShareNotice() -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let sharing = handle.extras().sharing();
    let on = move || matches!(sharing.get(), Sharing::On { .. });
    let says = move || match sharing.get() {
        Sharing::Off | Sharing::Choosing => String::new(),
        Sharing::Failed => say(Word::ShareFailed).to_owned(),
        Sharing::On { silenced: false } => say(Word::YouShare).to_owned(),
        Sharing::On { silenced: true } => format!("{} {}", say(Word::YouShare), say(Word::ShareSilenced)),
    };
    view! {
        <div class="share-notice" data-shown=flag(move || !says().is_empty())>
            <p role="status">{text(says)}</p>
            <Show when=on>
                <button type="button" class="connection-action" on:click=press(move || handle.ask(Ask::ToggleShare))>
                    {say(Word::StopSharing)}
                </button>
            </Show>
        </div>
    }
}

/// Shows the shared screens of others, each in its own tile.
#[component]
pub fn SharedScreens(room: Signal<Room>) -> impl IntoView {
    let shows = |tile: &Tile| tile.media.screen;
    let key = |tile: Tile| (tile.device_id.0.as_u128(), 0);
    let keys = move || room.with(|room| room.tiles().into_iter().filter(shows).map(key).collect());
    let screen =
        move |(id, _): Key| view! { <Screen room device=DeviceId(Uuid::from_u128(id)) /> }.into_any();
    each(keys, Arc::new(screen))
}

#[component]
fn Screen(room: Signal<Room>, device: DeviceId) -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let name = room.with_untracked(|room| {
        let tiles = room.tiles();
        let tile = tiles.iter().find(|tile| tile.device_id == device);
        tile.map(|tile| tile.user.display_name.clone()).unwrap_or_default()
    });
    let picture = NodeRef::<Video>::new();
    handle.show(Picture::Screen(device), picture);
    let label = fill(Word::ScreenOf, &[("name", &name)]);
    view! {
        <TileFrame tile=TileId::screen(device)>
            // The element also plays the sound of the shared screen.
            <video
                class="shared-screen"
                data-picture="screen"
                node_ref=picture
                autoplay
                playsinline
                aria-label=label.clone()
            ></video>
            <p class="tile-name">
                <Icon of=Glyph::ScreenShare />
                <span>{label.clone()}</span>
            </p>
        </TileFrame>
    }
}

/// Returns the first tile whose screen is shared.
pub fn shown(room: &Room) -> Option<Tile> {
    room.tiles().into_iter().find(|tile| tile.media.screen)
}
