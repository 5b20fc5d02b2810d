//! The person's own picture, mirrored: a tile among the others, or in a corner over the large one.

use super::{flip_camera::FlipCamera, tile_frame::TileFrame};
use crate::call::{
    handle::{CallHandle, Picture},
    view::CallViewStoreFields,
};
use crate::components::kit::{
    each::{flag, text},
    icon::{Glyph, Icon},
};
use crate::words::{Word, say};
use leptos::{html::Video, prelude::*};
use parley_core::{layout::TileId, phone::Capture};
use parley_protocol::DeviceId;

#[component]
pub fn OwnPicture(device: DeviceId) -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let view = handle.view();
    let on = move |capture| matches!(capture, Capture::On | Capture::Starting);
    let seen = move || on(view.camera().get());
    let muted = move || !on(view.mic().get());
    let speaks = move || view.stage().with(|stage| stage.ringed.contains(&device));
    let picture = NodeRef::<Video>::new();
    handle.show(Picture::Own, picture);
    view! {
        <TileFrame tile=TileId::camera(device) speaks=Signal::derive(speaks)>
            <div class="own-picture" data-shown=flag(seen)>
                <video
                    data-picture="own"
                    node_ref=picture
                    autoplay
                    playsinline
                    muted
                    prop:muted=true
                    aria-label=say(Word::YourPicture)
                ></video>
                <FlipCamera />
                <p class="tile-name">
                    <Show when=muted>
                        <Icon of=Glyph::MicOff />
                    </Show>
                    <Show when=speaks>
                        <Icon of=Glyph::Mic />
                    </Show>
                    <span>{text(move || say(Word::You).to_owned())}</span>
                </p>
            </div>
        </TileFrame>
    }
}
