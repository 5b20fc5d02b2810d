//! The timer that shows the duration of a call.

use crate::call::handle::CallHandle;
use crate::components::kit::each::text;
use crate::words::{Word, say};
use leptos::prelude::*;
use parley_core::time::Instant;
use std::time::Duration;

/// The update interval, short enough that no second is skipped.
const TICK: Duration = Duration::from_millis(250);

#[component]
pub fn CallTimer(#[prop(into)] since: Signal<Option<Instant>>) -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let now = RwSignal::new(handle.now());
    if let Ok(timer) = set_interval_with_handle(move || now.set(handle.now()), TICK) {
        on_cleanup(move || timer.clear());
    }
    let shown = move || since.get().map_or_else(String::new, |since| clock(now.get().since(since).as_secs()));
    view! {
        <p class="call-timer" role="timer" aria-label=say(Word::CallDuration)>
            {text(shown)}
        </p>
    }
}

/// Formats a duration as "0:07", "12:44" or "1:02:03".
pub fn clock(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}
