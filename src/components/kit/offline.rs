//! The pill that says that the server is out of reach, once that has lasted longer than a moment.

use super::icon::{Glyph, Icon};
use crate::call::{handle::CallHandle, view::CallViewStoreFields};
use crate::state::inbox::Inbox;
use crate::words::{Word, say};
use leptos::prelude::*;
use std::time::Duration;

/// The delay before the pill appears, so that a short reconnect goes unnoticed.
const SHOW_AFTER: Duration = Duration::from_secs(2);

#[component]
pub fn OfflinePill() -> impl IntoView {
    let view = expect_context::<CallHandle>().view();
    let online = Memo::new(move |_| view.online().get());
    let shown = RwSignal::new(false);
    Effect::new(move |_| {
        shown.set(false);
        if online.get() {
            return;
        }
        if let Ok(timer) = set_timeout_with_handle(move || shown.set(true), SHOW_AFTER) {
            on_cleanup(move || timer.clear());
        }
    });
    let renewing = expect_context::<Inbox>().renewing();
    let why = move || say(if renewing.get() { Word::Renewing } else { Word::Offline });
    view! {
        <div class="offline" role="status">
            <Show when=move || shown.get()>
                <p>
                    <Icon of=Glyph::WifiOff />
                    {why}
                </p>
            </Show>
        </div>
    }
}
