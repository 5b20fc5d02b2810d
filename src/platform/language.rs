//! The browser's knowledge of languages: those of the person, and plural rules.

use crate::browser::language;

/// Lists the languages that the person reads, the best first.
pub fn languages() -> Vec<String> {
    language::preferred()
}

/// Returns the plural category of a number: `one`, `few`, `other` …
pub fn plural(language: &str, n: u32) -> String {
    language::plural(language, n)
}
