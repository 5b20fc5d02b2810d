//! The page for an address that leads nowhere.

use crate::router::Route;
use crate::words::{Word, say};
use leptos::prelude::*;

#[component]
pub fn NotFound(#[prop(optional)] text: Option<&'static str>) -> impl IntoView {
    view! {
        <section class="home">
            <h1>{say(Word::NothingHere)}</h1>
            <p>{text.unwrap_or(say(Word::NothingHereMeans))}</p>
            <a class="button" href=Route::Home.path()>
                {say(Word::ToConversations)}
            </a>
        </section>
    }
}
