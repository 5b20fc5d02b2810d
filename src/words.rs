//! What the page says, in the language of its person.
//!
//! English is part of the page. Another language is a file that is fetched before the page is drawn, so
//! nothing here follows a signal: another language shows when the page is loaded anew. A file that was made for
//! another version of the page says so in its first line, and is not used.

pub mod clients;
mod english;

use crate::{api, platform};
use english::ENGLISH;
pub use english::Word;
use std::cell::Cell;

/// The languages that there are, each by its own name.
pub const LANGUAGES: [(&str, &str); 2] = [("en", "English"), ("de", "Deutsch")];

/// Under which a browser remembers the one that was chosen.
const KEPT: &str = "language";
const FROM_RIGHT: [&str; 4] = ["ar", "fa", "he", "ur"];

thread_local! {
    static TOLD: Cell<Option<&'static [&'static str]>> = const { Cell::new(None) };
    static LANGUAGE: Cell<&'static str> = const { Cell::new("en") };
}

pub fn say(word: Word) -> &'static str {
    let at = word as usize;
    TOLD.get().and_then(|told| told.get(at)).or_else(|| ENGLISH.get(at)).copied().unwrap_or_default()
}

/// With what stands in braces replaced.
pub fn fill(word: Word, parts: &[(&str, &str)]) -> String {
    fill_in(say(word), parts)
}

/// As [`fill`], in the form for this many, which `{n}` names.
pub fn count(word: Word, n: u32, parts: &[(&str, &str)]) -> String {
    let number = n.to_string();
    let with_n: Vec<_> = parts.iter().copied().chain([("n", number.as_str())]).collect();
    fill_in(form(say(word), &platform::plural(LANGUAGE.get(), n)), &with_n)
}

/// The language that the page speaks, as browsers name it.
pub fn language() -> &'static str {
    LANGUAGE.get()
}

/// The one that was chosen, unless the browser's own order decides.
pub fn chosen() -> Option<&'static str> {
    known(&platform::kept(KEPT)?)
}

/// Speaks this one, or as the browser has it, from when the page is loaded again.
pub fn choose(language: Option<&str>) {
    platform::keep(KEPT, language);
    platform::reload();
}

/// Before the page is drawn: the chosen language, or the first of the person's that there is.
pub async fn load() {
    let mut wished = platform::kept(KEPT).into_iter().chain(platform::languages());
    let language = wished.find_map(|wish| known(&wish)).unwrap_or("en");
    if language != "en" {
        let Ok(file) = api::text(&format!("/words/{language}.txt")).await else { return };
        let Some(told) = read(&file) else { return };
        TOLD.set(Some(told));
    }
    LANGUAGE.set(language);
    let direction = if FROM_RIGHT.contains(&language) { "rtl" } else { "ltr" };
    platform::set_language(language, direction);
}

fn known(wish: &str) -> Option<&'static str> {
    let wish = wish.split('-').next()?;
    LANGUAGES.into_iter().map(|(language, _)| language).find(|language| *language == wish)
}

/// A file as `cargo xtask words` makes it: whose translation it is, then a line for each word.
fn read(file: &str) -> Option<&'static [&'static str]> {
    let (of, lines) = file.split_once('\n')?;
    if of != english::digest().to_string() {
        return None;
    }
    let lines: &'static str = lines.to_owned().leak();
    let told: Vec<&'static str> = lines.lines().collect();
    (told.len() == ENGLISH.len()).then(|| &*told.leak())
}

/// Forms stand one after the other, `one=… | other=…`; the last is for all that are not named.
fn form<'a>(forms: &'a str, category: &str) -> &'a str {
    let named = |form: &'a str| {
        let (name, text) = form.trim().split_once('=')?;
        (name == category).then_some(text)
    };
    let last =
        || forms.rsplit('|').next().and_then(|form| form.split_once('=')).map_or(forms, |(_, text)| text);
    forms.split('|').find_map(named).unwrap_or_else(last)
}

fn fill_in(text: &str, parts: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        filled.push_str(parts.iter().find(|(part, _)| *part == name).map_or("", |(_, value)| value));
        rest = after;
    }
    filled.push_str(rest);
    filled
}
