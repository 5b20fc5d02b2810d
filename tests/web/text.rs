//! Formatting: links in messages, initials of names, and durations.

use parley::components::{
    call::timer::clock,
    conversation::linked_text::{
        Piece::{Link, Text},
        pieces,
    },
    kit::avatar::initials,
};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn addresses_become_links_and_the_rest_stays_text() {
    assert_eq!(pieces("hello"), [Text("hello")]);
    let sentence = [Text("(see "), Link("https://a.example/x?y=1"), Text(").")];
    assert_eq!(pieces("(see https://a.example/x?y=1)."), sentence);
    assert_eq!(pieces("http://a http://b"), [Link("http://a"), Text(" "), Link("http://b")]);
    let none = "http:// xhttp://a javascript:alert(1)";
    assert_eq!(pieces(none), [Text(none)]);
}

#[wasm_bindgen_test]
fn initials_are_of_the_first_and_the_last_word() {
    assert_eq!(initials("Ana"), "A");
    assert_eq!(initials("ana maría de la cruz"), "AC");
    assert_eq!(initials("(Bo) 7up"), "B7");
    assert_eq!(initials("🦜"), "🦜");
}

#[wasm_bindgen_test]
fn durations_read_like_a_clock() {
    assert_eq!(clock(7), "0:07");
    assert_eq!(clock(764), "12:44");
    assert_eq!(clock(3_723), "1:02:03");
}
