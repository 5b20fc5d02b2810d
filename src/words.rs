//! The texts of the page, in the user's language.
//!
//! English, with its plural rule, is compiled into the page. Another language is loaded before the page is drawn
//! (`state/language.rs`). The texts are therefore not reactive: a new language shows after a reload. The first line of
//! a language file is the digest of the English it was made from. A file with another digest is not used.

pub mod clients;
mod english;

use english::ENGLISH;
pub use english::Word;
use std::cell::Cell;

/// The languages of the page: tag and native name.
pub const LANGUAGES: [(&str, &str); 2] = [("en", "English"), ("de", "Deutsch")];

/// A function that returns the plural category of a number in a language: `one`, `few`, `other` …
pub type Plural = fn(&str, u32) -> String;

/// Languages that are written from right to left.
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

/// Returns the text with its placeholders filled in.
pub fn fill(word: Word, parts: &[(&str, &str)]) -> String {
    fill_in(say(word), parts)
}

/// Returns the text in its plural form for `n`, filled in as by [`fill`]; `{n}` is the number.
pub fn count(word: Word, n: u32, parts: &[(&str, &str)]) -> String {
    let number = n.to_string();
    let with_n: Vec<_> = parts.iter().copied().chain([("n", number.as_str())]).collect();
    fill_in(form(say(word), &(PLURAL.get())(LANGUAGE.get(), n)), &with_n)
}

/// Returns the tag of the page's current language.
pub fn language() -> &'static str {
    LANGUAGE.get()
}

/// Switches to another language, with the texts of its file and its plural rule. Returns false and changes nothing if
/// the file was made for another version of the page.
pub fn speak(language: &'static str, file: &str, plural: Plural) -> bool {
    let Some(told) = read(file) else { return false };
    TOLD.set(Some(told));
    LANGUAGE.set(language);
    PLURAL.set(plural);
    true
}

/// Returns the writing direction of the language, as a value of the attribute `dir`.
pub fn direction(language: &str) -> &'static str {
    if FROM_RIGHT.contains(&language) { "rtl" } else { "ltr" }
}

/// Finds the language of the page for a requested tag such as `de-AT`.
pub fn known(wish: &str) -> Option<&'static str> {
    let wish = wish.split('-').next()?;
    LANGUAGES.into_iter().map(|(language, _)| language).find(|language| *language == wish)
}

/// Parses a file made by `cargo xtask words`: the digest of the English that it translates, then one line per word.
/// The texts live as long as the page, so their memory is leaked on purpose.
fn read(file: &str) -> Option<&'static [&'static str]> {
    let (of, lines) = file.split_once('\n')?;
    if of != english::digest().to_string() {
        return None;
    }
    let lines: &'static str = lines.to_owned().leak();
    let told: Vec<&'static str> = lines.lines().collect();
    (told.len() == ENGLISH.len()).then(|| &*told.leak())
}

/// Picks the form of a plural category from `one=…|other=…`. The last form serves every category that is not named.
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
