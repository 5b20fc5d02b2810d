//! In place of a part of the page that could not be loaded: why, and two ways on.

use super::each::press;
use crate::host;
use leptos::prelude::*;

#[component]
pub fn PartMissing(retry: Callback<()>) -> impl IntoView {
    view! {
        <div class="part-missing" role="alert">
            <h2>"This part of Parley could not be loaded"</h2>
            <p>"The network is away, or there is a newer Parley."</p>
            <div class="part-missing-ways">
                <button type="button" class="button" on:click=press(move || retry.run(()))>
                    "Try again"
                </button>
                <button type="button" class="button" data-tone="quiet" on:click=press(host::reload)>
                    "Reload the page"
                </button>
            </div>
        </div>
    }
}
