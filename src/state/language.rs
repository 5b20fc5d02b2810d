//! The language of the page: the one that was chosen in this browser, or the first of the person's that there is.

use crate::{api, platform, words};

/// The key under which a browser keeps the language that was chosen.
const KEPT: &str = "language";

/// Returns the language that was chosen, unless the browser's own order decides.
pub fn chosen() -> Option<&'static str> {
    words::known(&platform::kept(KEPT)?)
}

/// Chooses a language, or the browser's own order, and loads the page again to speak it.
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
