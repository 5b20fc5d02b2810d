//! The notice that a call has been reconnecting for a while. It leaves the controls free.

use crate::components::kit::icon::{Glyph, Icon};
use crate::{
    call::view::{Link, Room},
    state::inbox::call_name,
    words::{Word, fill, say},
};
use leptos::prelude::*;
use std::time::Duration;

/// The time for which the small pill in the bar is enough.
const PATIENCE: Duration = Duration::from_secs(10);

#[component]
pub fn LongLoss(room: Signal<Room>) -> impl IntoView {
    let lost = Memo::new(move |_| room.with(|room| room.link == Link::Reconnecting));
    let long = RwSignal::new(false);
    Effect::new(move |_| {
        long.set(false);
        if lost.get()
            && let Ok(timer) = set_timeout_with_handle(move || long.set(true), PATIENCE)
        {
            on_cleanup(move || timer.clear());
        }
    });
    let name = room.with_untracked(|room| call_name(room.conversation_id, &room.with));
    view! {
        <div role="alert">
            <Show when=move || long.get()>
                <div class="long-loss">
                    <Icon of=Glyph::WifiOff />
                    <p>{fill(Word::LongLoss, &[("name", &name)])}</p>
                    <p class="long-loss-hint">{say(Word::LongLossHint)}</p>
                </div>
            </Show>
        </div>
    }
}
