//! Nothing is here.

use crate::place::Place;
use leptos::prelude::*;

#[component]
pub fn NotFound(#[prop(optional)] text: Option<&'static str>) -> impl IntoView {
    view! {
        <section class="home">
            <h1>"Nothing is here"</h1>
            <p>{text.unwrap_or("The address may have been mistyped, or the page was taken away.")}</p>
            <a class="button" href=Place::Home.path()>
                "To the conversations"
            </a>
        </section>
    }
}
