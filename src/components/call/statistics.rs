//! The own calls in one line of numbers, under their list.

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
    // Again with every call that ends.
    Effect::new(move |_| {
        inbox.calls_over().track();
        spawn_local(async move {
            // Without them nothing is missing from the list.
            if let Ok(told) = history::statistics().await {
                numbers.try_set(told);
            }
        });
    });
    view! {
        <p class="call-statistics">{text(move || numbers.with(sentence))}</p>
    }
}

/// Nothing for who has never talked.
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

/// As exactly as anybody wants to know it.
fn duration(seconds: u64) -> String {
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    match (hours, minutes) {
        (0, 0) => fill(Word::InSeconds, &[("n", &seconds.to_string())]),
        (0, minutes) => fill(Word::InMinutes, &[("n", &minutes.to_string())]),
        (hours, minutes) => fill(Word::InHours, &[("h", &hours.to_string()), ("n", &minutes.to_string())]),
    }
}
