//! Texts of the page: placeholders and plural forms.

use parley::words::{Word, count, fill, say};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn placeholders_in_braces_are_filled_in() {
    assert_eq!(say(Word::LeaveCall), "Leave call");
    assert_eq!(fill(Word::CallWith, &[("name", "Ana {x}")]), "Call with Ana {x}");
    assert_eq!(fill(Word::YouSaid, &[]), "You: ");
}

#[wasm_bindgen_test]
fn numbers_choose_the_plural_form() {
    assert_eq!(count(Word::CharactersLeft, 1, &[]), "1 character left");
    assert_eq!(count(Word::CharactersLeft, 2, &[]), "2 characters left");
    assert_eq!(count(Word::CharactersLeft, 0, &[]), "0 characters left");
}

#[wasm_bindgen_test]
fn english_plurals_are_those_of_the_browser() {
    for n in [0, 1, 2, 11, 21, 101, 1_000] {
        let form = if parley::platform::plural("en", n) == "one" { "character" } else { "characters" };
        assert_eq!(count(Word::CharactersLeft, n, &[]), format!("{n} {form} left"));
    }
}
