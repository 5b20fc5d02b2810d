//! The back link: an arrow at the head of a page.

use super::icon::{Glyph, Icon};
use crate::router::Route;
use leptos::prelude::*;
use leptos_router::components::A;

/// Shows the link. `phone_only` hides it on wide screens, where the page that it leads to is visible anyway.
#[component]
pub fn BackLink(to: Route, label: &'static str, #[prop(optional)] phone_only: bool) -> impl IntoView {
    let class = if phone_only { "icon-button back" } else { "icon-button" };
    view! {
        <A href=to exact=true attr:class=class attr:aria-label=label>
            <Icon of=Glyph::ArrowLeft />
        </A>
    }
}
