//! A choice of yes or no that holds as soon as it is made.

use super::each::flag;
use leptos::prelude::*;

/// `set` is told what is wanted; what is shown follows `on`.
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
