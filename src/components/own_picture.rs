//! This person's own picture in the corner, as a mirror.

use super::each::flag;
use crate::call::{
    handle::{CallHandle, Picture},
    view::CallViewStoreFields,
};
use crate::words::{Word, say};
use leptos::{html::Video, prelude::*};
use parley_core::phone::Capture;

#[component]
pub fn OwnPicture() -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let view = handle.view();
    let on = move || matches!(view.camera().get(), Capture::On | Capture::Starting);
    let picture = NodeRef::<Video>::new();
    handle.show(Picture::Own, picture);
    view! {
        <div class="own-picture" data-shown=flag(on)>
            <video
                data-picture="own"
                node_ref=picture
                autoplay
                playsinline
                muted
                prop:muted=true
                aria-label=say(Word::YourPicture)
            ></video>
        </div>
    }
}
