//! The sign-in form: it checks the name before any request.

use super::support::{button, find, mount, settle, submit};
use leptos::prelude::*;
use parley::{
    components::kit::sign_in_form::SignInForm,
    state::{features::Features, session::Session},
};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlInputElement;

#[wasm_bindgen_test]
async fn an_empty_name_is_refused_and_the_field_says_why() {
    let page = mount(|| {
        provide_context(RwSignal::new(Session::SignedOut));
        provide_context(Features::new());
        view! { <SignInForm /> }
    });
    settle().await;
    let field: HtmlInputElement = find(&page.root, "input").unchecked_into();
    assert_eq!(find(&page.root, "label").text_content().as_deref(), Some("Your name"));
    assert_eq!(find(&page.root, "label").get_attribute("for"), field.get_attribute("id"));
    assert!(button(&page.root, "Continue").is_some());
    for empty in ["", "  ", "\u{200B}"] {
        field.set_value(empty);
        submit(&page.root);
        settle().await;
        let trouble = find(&page.root, "[role=alert]").text_content().unwrap_or_default();
        assert!(trouble.starts_with("Enter a name"), "{trouble}");
        assert_eq!(field.get_attribute("aria-invalid").as_deref(), Some("true"));
        assert_eq!(document().active_element().as_ref(), Some(field.as_ref()));
    }
}

#[wasm_bindgen_test]
async fn a_name_that_is_too_long_is_refused() {
    let page = mount(|| {
        provide_context(RwSignal::new(Session::SignedOut));
        provide_context(Features::new());
        view! { <SignInForm /> }
    });
    settle().await;
    let field: HtmlInputElement = find(&page.root, "input").unchecked_into();
    field.set_value(&"x".repeat(65));
    submit(&page.root);
    settle().await;
    assert_eq!(
        find(&page.root, "[role=alert]").text_content().as_deref(),
        Some("Use at most 64 characters.")
    );
}
