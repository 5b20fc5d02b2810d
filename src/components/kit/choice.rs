//! A group of radio buttons, side by side.

use leptos::prelude::*;

/// Shows the group. `chosen` is the index of the selected entry; `take` runs with a newly chosen index.
#[component]
pub fn Choice(
    legend: &'static str,
    /// The name of the radio group, unique on the page.
    name: &'static str,
    of: Vec<&'static str>,
    chosen: RwSignal<usize>,
    #[prop(into)] take: Callback<usize>,
) -> impl IntoView {
    let entry = move |(place, label): (usize, &'static str)| {
        let take = move |_| {
            chosen.set(place);
            take.run(place);
        };
        view! {
            <label class="choice">
                <input type="radio" name=name prop:checked=move || chosen.get() == place on:change=take />
                <span>{label}</span>
            </label>
        }
    };
    view! {
        <fieldset class="choices">
            <legend>{legend}</legend>
            <div class="choices-row">{of.into_iter().enumerate().map(entry).collect_view()}</div>
        </fieldset>
    }
}
