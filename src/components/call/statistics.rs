//! The person's call statistics in one line, under the call history.

use crate::components::kit::each::text;
use crate::{
    api::history,
    state::inbox::Inbox,
    words::{Word, count, fill},
};
use leptos::{prelude::*, task::spawn_local};
use parley_protocol::quality::CallStatistics as Numbers;

#[component]
pub fn CallStatistics() -> impl IntoView {
    let inbox = expect_context::<Inbox>();
    let numbers = RwSignal::new(Numbers::default());
    // Reloads after every call that ends.
    Effect::new(move |_| {
        inbox.calls_over().track();
        spawn_local(async move {
            // The list is complete without the statistics, so an error is not shown.
            if let Ok(told) = history::statistics().await {
                numbers.try_set(told);
            }
        });
    });
    view! {
        <p class="call-statistics">{text(move || numbers.with(sentence))}</p>
    }
}

/// Returns the statistics in one line; empty for a person without any talk time.
pub fn sentence(numbers: &Numbers) -> String {
    if numbers.talk_seconds == 0 {
        return String::new();
    }
    let parts = [
        count(Word::CallsCounted, u32::try_from(numbers.calls).unwrap_or(u32::MAX), &[]),
        fill(Word::TalkedFor, &[("time", &duration(numbers.talk_seconds))]),
        fill(Word::LongestCall, &[("time", &duration(numbers.longest_seconds))]),
    ];
    parts.join(" · ")
}

/// Returns a duration in seconds, minutes, or hours and minutes, whichever fits its size.
pub fn duration(seconds: u64) -> String {
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    match (hours, minutes) {
        (0, 0) => fill(Word::InSeconds, &[("n", &seconds.to_string())]),
        (0, minutes) => fill(Word::InMinutes, &[("n", &minutes.to_string())]),
        (hours, 0) => fill(Word::InWholeHours, &[("h", &hours.to_string())]),
        (hours, minutes) => fill(Word::InHours, &[("h", &hours.to_string()), ("n", &minutes.to_string())]),
    }
}
