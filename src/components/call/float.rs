//! The floating call window on top of all others: a picture, microphone, camera, and the leave button.

use super::{controls::MiniControls, share::shown};
use crate::components::kit::{
    avatar::{Avatar, AvatarSize},
    each::{flag, press},
    icon::{Glyph, Icon},
};
use crate::{
    call::{
        extras::view::RoomExtrasViewStoreFields,
        handle::{CallHandle, Picture},
        view::Room,
    },
    platform,
    state::settings,
    words::{Word, fill, say},
};
use leptos::{html::Video, prelude::*, task::spawn_local};

const WIDTH: u32 = 360;
const HEIGHT: u32 = 260;

/// Shows the menu row that opens the window. Where settings and browser allow it, the window also opens by
/// itself when the person leaves the tab.
#[component]
pub fn FloatButton(room: Signal<Room>) -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let window = StoredValue::new_local(None::<platform::FloatWindow>);
    let is_open = RwSignal::new(false);
    let close = move || {
        window.try_update_value(Option::take);
        is_open.try_set(false);
    };
    let open = move || {
        if is_open.get_untracked() {
            return;
        }
        is_open.set(true);
        spawn_local(async move {
            let contents = move || {
                provide_context(handle);
                view! { <Floating room /> }
            };
            let opened = platform::float(WIDTH, HEIGHT, contents, close).await;
            match opened {
                // The call may have ended while the browser opened the window.
                Some(opened) if is_open.try_get_untracked() == Some(true) => {
                    window.try_set_value(Some(opened));
                }
                _ => close(),
            }
        });
    };
    platform::when_tab_is_left(move || match (settings::floats_by_itself(), platform::can_float()) {
        (false, _) => {}
        (true, true) => open(),
        (true, false) => platform::float_picture(),
    });
    on_cleanup(close);
    let toggle = move || match (is_open.get_untracked(), platform::can_float()) {
        (true, _) => close(),
        (false, true) => open(),
        (false, false) => platform::toggle_float_picture(),
    };
    (platform::can_float() || platform::can_float_picture()).then(|| {
        view! {
            <button
                type="button"
                class="menu-row"
                aria-pressed=flag(move || is_open.get())
                on:click=press(toggle)
            >
                <Icon of=Glyph::PictureInPicture />
                {say(Word::FloatCall)}
            </button>
        }
    })
}

#[component]
fn Floating(room: Signal<Room>) -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    // A shared screen comes first, then the first person with a camera, then the first person.
    let of = Memo::new(move |_| {
        let room = room.get();
        if let Some(tile) = shown(&room) {
            return Some((Picture::MiniScreen(tile.device_id), tile.user, true));
        }
        let tiles = room.tiles();
        let refused = handle.extras().refuses_cameras().get();
        let seen = tiles.iter().find(|tile| tile.media.video).or(tiles.first());
        seen.map(|tile| (Picture::Mini(tile.device_id), tile.user.clone(), tile.media.video && !refused))
    });
    view! {
        <div class="cover float-call">
            {move || {
                of.get()
                    .map(|(picture, user, moves)| {
                        view! {
                            <FloatPicture picture moves name=user.display_name.clone() />
                            <Show when=move || !moves>
                                <div class="float-person">
                                    <Avatar of=user.clone() size=AvatarSize::Huge />
                                </div>
                            </Show>
                        }
                    })
            }}
            <MiniControls />
        </div>
    }
}

#[component]
fn FloatPicture(picture: Picture, moves: bool, name: String) -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let element = NodeRef::<Video>::new();
    handle.show(picture, element);
    view! {
        <video
            class="float-picture"
            data-shown=moves.to_string()
            node_ref=element
            autoplay
            playsinline
            muted
            prop:muted=true
            aria-label=fill(Word::PictureOf, &[("name", &name)])
        ></video>
    }
}
