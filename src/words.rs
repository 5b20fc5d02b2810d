//! The page's texts, in the language of its person.
//!
//! English is part of the page, its plurals included. Another language is handed in before the page is drawn
//! (`state/language.rs`), so nothing here follows a signal: another language shows when the page is loaded anew. A
//! file that was made for another version of the page says so in its first line, and is not used.

pub mod clients;
mod english;

use english::ENGLISH;
pub use english::Word;
use std::cell::Cell;

/// The languages of the page, each by its own name.
pub const LANGUAGES: [(&str, &str); 2] = [("en", "English"), ("de", "Deutsch")];

/// The function that finds the plural category of a number in a language: `one`, `few`, `other` …
pub type Plural = fn(&str, u32) -> String;

const FROM_RIGHT: [&str; 4] = ["ar", "fa", "he", "ur"];

thread_local! {
    static TOLD: Cell<Option<&'static [&'static str]>> = const { Cell::new(None) };
    static LANGUAGE: Cell<&'static str> = const { Cell::new("en") };
    static PLURAL: Cell<Plural> = const { Cell::new(english::plural) };
}

/// Returns the text of a word.
pub fn say(word: Word) -> &'static str {
    let at = word as usize;
    TOLD.get().and_then(|told| told.get(at)).or_else(|| ENGLISH.get(at)).copied().unwrap_or_default()
}

/// Returns the text with the names in braces replaced.
pub fn fill(word: Word, parts: &[(&str, &str)]) -> String {
    fill_in(say(word), parts)
}

/// Returns the text in its form for this number, filled in as by [`fill`]; `{n}` is the number.
pub fn count(word: Word, n: u32, parts: &[(&str, &str)]) -> String {
    let number = n.to_string();
    let with_n: Vec<_> = parts.iter().copied().chain([("n", number.as_str())]).collect();
    fill_in(form(say(word), &(PLURAL.get())(LANGUAGE.get(), n)), &with_n)
}

/// Returns the language that the page speaks, as browsers name it.
pub fn language() -> &'static str {
    LANGUAGE.get()
}

/// Speaks another language from here on: the texts of its file, and its plurals. Returns false, and changes nothing,
/// if the file was made for another version of the page.
pub fn speak(language: &'static str, file: &str, plural: Plural) -> bool {
    let Some(told) = read(file) else { return false };
    TOLD.set(Some(told));
    LANGUAGE.set(language);
    PLURAL.set(plural);
    true
}

/// Returns the side that lines of the language begin on, as the attribute `dir` has it.
pub fn direction(language: &str) -> &'static str {
    if FROM_RIGHT.contains(&language) { "rtl" } else { "ltr" }
}

/// Finds the language of the page that answers to a wish such as `de-AT`.
pub fn known(wish: &str) -> Option<&'static str> {
    let wish = wish.split('-').next()?;
    LANGUAGES.into_iter().map(|(language, _)| language).find(|language| *language == wish)
}

/// Reads a file as `cargo xtask words` makes it: the digest of the English that it translates, then a line for each
/// word.
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
