//! The offer to turn on the own camera when somebody else does in an audio call. It never goes on by itself.

use crate::components::kit::each::press;
use crate::{
    call::{
        handle::CallHandle,
        view::{CallViewStoreFields, Room},
    },
    words::{Word, fill, say},
};
use leptos::prelude::*;
use parley_core::phone::Capture;
use parley_protocol::call::CallType;

#[component]
pub fn CameraOffer(room: Signal<Room>) -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let refused = RwSignal::new(false);
    let who = Memo::new(move |_| {
        let shows = |room: &Room| {
            let first = room.tiles().into_iter().find(|tile| tile.media.video);
            first.filter(|_| room.call_type == CallType::Audio).map(|tile| tile.user.display_name)
        };
        room.with(shows)
    });
    // Once nobody shows a camera the refusal is forgotten, so that the next camera brings a new offer.
    Effect::new(move |_| {
        if who.with(Option::is_none) {
            refused.set(false);
        }
    });
    let asks = Memo::new(move |_| {
        who.get().filter(|_| !refused.get() && handle.view().camera().get() == Capture::Off)
    });
    view! {
        <div role="status">
            {move || {
                asks.get()
                    .map(|name| {
                        view! {
                            <div class="camera-offer">
                                <p>{fill(Word::TheyShowCamera, &[("name", &name)])}</p>
                                <button
                                    type="button"
                                    class="connection-action"
                                    on:click=press(move || handle.toggle_camera())
                                >
                                    {say(Word::TurnMineOn)}
                                </button>
                                <button
                                    type="button"
                                    class="connection-action"
                                    on:click=press(move || refused.set(true))
                                >
                                    {say(Word::NotNow)}
                                </button>
                            </div>
                        }
                    })
            }}
        </div>
    }
}
