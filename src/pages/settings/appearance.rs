//! The appearance section: theme, language, and the floating window of a call.

use crate::{
    components::kit::{choice::Choice, switch::Switch},
    state::{
        language,
        settings::{self, Theme},
    },
    words::{LANGUAGES, Word, say},
};
use leptos::prelude::*;

#[component]
pub fn Appearance() -> impl IntoView {
    let now = Theme::chosen();
    let theme = RwSignal::new(Theme::ALL.iter().position(|each| *each == now).unwrap_or(0));
    let paint = |place: usize| {
        if let Some(theme) = Theme::ALL.get(place) {
            theme.choose();
        }
    };
    // The first entry stands for the languages that the browser prefers.
    let spoken = language::chosen();
    let language = LANGUAGES.iter().position(|(code, _)| Some(*code) == spoken).map_or(0, |place| place + 1);
    let language = RwSignal::new(language);
    let speak = |place: usize| {
        let code = place.checked_sub(1).and_then(|place| LANGUAGES.get(place)).map(|(code, _)| *code);
        language::choose(code);
    };
    let names = [say(Word::AsBrowser)].into_iter().chain(LANGUAGES.map(|(_, name)| name)).collect::<Vec<_>>();
    let floats = RwSignal::new(settings::floats_by_itself());
    let set_floats = move |wanted| {
        settings::choose_float(wanted);
        floats.set(wanted);
    };
    view! {
        <div class="settings-group">
            <Choice
                legend=say(Word::Theme)
                name="theme"
                of=vec![say(Word::ThemeSystem), say(Word::ThemeLight), say(Word::ThemeDark)]
                chosen=theme
                take=paint
            />
        </div>
        <div class="settings-group">
            <Choice legend=say(Word::Language) name="language" of=names chosen=language take=speak />
            <p class="soft">{say(Word::LanguageMeans)}</p>
        </div>
        <div class="settings-group">
            <Switch
                label=say(Word::FloatByItself)
                means=say(Word::FloatByItselfMeans)
                on=floats
                set=set_floats
            />
        </div>
    }
}
