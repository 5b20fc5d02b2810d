//! The language of the page: the one chosen in this browser, or the first of the person's languages that
//! exists.

use crate::{api, platform, words};

/// The storage key of the chosen language.
const KEPT: &str = "language";

/// Returns the chosen language; none if the browser's order decides.
pub fn chosen() -> Option<&'static str> {
    words::known(&platform::kept(KEPT)?)
}

/// Chooses a language, or the browser's order, and reloads the page in it.
pub fn choose(language: Option<&str>) {
    platform::keep(KEPT, language);
    platform::reload();
}

/// Loads the person's language, before the page is drawn. Where that fails, the page speaks English.
pub async fn load() {
    let mut wished = platform::kept(KEPT).into_iter().chain(platform::languages());
    let language = wished.find_map(|wish| words::known(&wish)).unwrap_or("en");
    if language != "en" {
        let Ok(file) = api::text(&format!("/words/{language}.txt")).await else { return };
        if !words::speak(language, &file, platform::plural) {
            return;
        }
    }
    platform::set_language(language, words::direction(language));
}
