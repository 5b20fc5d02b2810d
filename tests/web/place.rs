//! Addresses and what they mean.

use parley::place::Place;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn a_place_survives_the_address_bar() {
    for path in ["/", "/c/01890a5d-ac96-774b-bcce-b302099a8057", "/i/aZ-_09"] {
        assert_ne!(Place::of(path), Place::Nowhere, "{path}");
        assert_eq!(Place::of(path).path(), path);
    }
}

#[wasm_bindgen_test]
fn what_is_no_place_is_nowhere() {
    for path in ["/c/", "/c/7", "/i/", "/i/a%2Fb", "/i/a/b", "/x"] {
        assert_eq!(Place::of(path), Place::Nowhere, "{path}");
    }
}
