//! A switch: an on/off setting that applies as soon as it is flipped.

use super::each::flag;
use leptos::prelude::*;

/// Shows the switch. `set` runs with the wanted value; the position of the switch follows `on`.
#[component]
pub fn Switch(
    label: &'static str,
    #[prop(optional)] means: &'static str,
    #[prop(into)] on: Signal<bool>,
    #[prop(into)] set: Callback<bool>,
) -> impl IntoView {
    view! {
        <label class="switch">
            <span class="switch-text">
                <span class="switch-label">{label}</span>
                {(!means.is_empty()).then(|| view! { <span class="soft">{means}</span> })}
            </span>
            <input
                type="checkbox"
                role="switch"
                aria-checked=flag(move || on.get())
                prop:checked=on
                on:change=move |event| set.run(event_target_checked(&event))
            />
        </label>
    }
}
