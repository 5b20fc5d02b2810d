//! Parley's logo: two overlapping circles, for two people and what they share.

use leptos::prelude::*;

#[component]
pub fn Brand() -> impl IntoView {
    view! {
        <span class="brand">
            <BrandMark />
            <span class="brand-name">"Parley"</span>
        </span>
    }
}

/// Shows the logo without the name, as decoration.
#[component]
pub fn BrandMark() -> impl IntoView {
    view! {
        <svg class="brand-mark" viewBox="0 0 48 32" aria-hidden="true" focusable="false">
            <circle class="brand-one" cx="17" cy="16" r="14" />
            <circle class="brand-other" cx="31" cy="16" r="14" />
            <path class="brand-shared" d="M24 3.88a14 14 0 0 1 0 24.24a14 14 0 0 1 0-24.24z" />
        </svg>
    }
}
