//! The notice while this person receives no pictures of the others, with a button to receive them again.

use crate::components::kit::each::{flag, press};
use crate::{
    call::{
        extras::view::RoomExtrasViewStoreFields,
        handle::{Ask, CallHandle},
    },
    words::{Word, say},
};
use leptos::prelude::*;

#[component]
pub fn RefusedCameras() -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let refused = handle.extras().refuses_cameras();
    view! {
        <div class="share-notice" data-shown=flag(move || refused.get())>
            <p role="status">{move || if refused.get() { say(Word::OthersCamerasOff) } else { "" }}</p>
            <Show when=move || refused.get()>
                <button
                    type="button"
                    class="connection-action"
                    on:click=press(move || handle.ask(Ask::RefuseCameras(false)))
                >
                    {say(Word::ShowThemAgain)}
                </button>
            </Show>
        </div>
    }
}
