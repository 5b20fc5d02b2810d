//! The placeholder for a part of the page that failed to load: the reason, a retry, and a reload of the page.

use super::each::press;
use crate::{
    platform,
    words::{Word, say},
};
use leptos::prelude::*;

#[component]
pub fn PartMissing(retry: Callback<()>) -> impl IntoView {
    view! {
        <div class="part-missing" role="alert">
            <h2>{say(Word::PartMissing)}</h2>
            <p>{say(Word::PartMissingMeans)}</p>
            <div class="part-missing-ways">
                <button type="button" class="button" on:click=press(move || retry.run(()))>
                    {say(Word::TryAgain)}
                </button>
                <button type="button" class="button" data-tone="quiet" on:click=press(platform::reload)>
                    {say(Word::ReloadPage)}
                </button>
            </div>
        </div>
    }
}
