//! The keyboard section: the shortcuts of a call, and the switch that turns them off.

use crate::{
    components::{call::shortcuts::KeyList, kit::switch::Switch},
    state::settings,
    words::{Word, say},
};
use leptos::prelude::*;

#[component]
pub fn Keyboard() -> impl IntoView {
    let on = RwSignal::new(settings::has_keys());
    let set = move |wanted| {
        settings::choose_keys(wanted);
        on.set(wanted);
    };
    view! {
        <div class="settings-group">
            <Switch label=say(Word::KeysInCalls) means=say(Word::KeysInCallsMeans) on set />
            <KeyList />
        </div>
    }
}
