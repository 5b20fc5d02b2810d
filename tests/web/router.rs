//! Addresses and what they mean.

use super::support::{find, mount};
use futures::channel::oneshot;
use leptos::{ev, prelude::*};
use parley::router::{Route, Walk};
use std::{cell::Cell, rc::Rc};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, MouseEvent, MouseEventInit};

const TALK: &str = "/c/01890a5d-ac96-774b-bcce-b302099a8057";

#[wasm_bindgen_test]
fn a_place_survives_the_address_bar() {
    for path in ["/", TALK, "/i/aZ-_09"] {
        assert_ne!(Route::of(path), Route::Nowhere, "{path}");
        assert_eq!(Route::of(path).path(), path);
    }
}

#[wasm_bindgen_test]
fn what_is_no_place_is_nowhere() {
    for path in ["/c/", "/c/7", "/i/", "/i/a%2Fb", "/i/a/b", "/x"] {
        assert_eq!(Route::of(path), Route::Nowhere, "{path}");
    }
}

#[wasm_bindgen_test]
async fn a_link_leads_elsewhere_and_back_returns() {
    let out = Rc::new(Cell::new(None));
    let into = Rc::clone(&out);
    let page = mount(move || {
        let walk = Walk::start();
        into.set(Some(walk.route()));
        view! {
            <a id="talk" href=TALK>
                <span>"A talk"</span>
            </a>
            <a id="file" href="/x.txt">"A file"</a>
        }
    });
    let route = out.get().unwrap();
    let before = (route.get_untracked(), path());
    let click = |selector: &str, with_ctrl: bool| {
        let init = MouseEventInit::new();
        init.set_bubbles(true);
        init.set_cancelable(true);
        init.set_ctrl_key(with_ctrl);
        let event = MouseEvent::new_with_mouse_event_init_dict("click", &init).unwrap();
        let link: HtmlElement = find(&page.root, selector).unchecked_into();
        // What is not followed here must not take the tests away.
        let taken = Rc::new(Cell::new(false));
        let seen = Rc::clone(&taken);
        let guard = window_event_listener(ev::click, move |event| {
            seen.set(event.default_prevented());
            event.prevent_default();
        });
        link.dispatch_event(&event).unwrap();
        guard.remove();
        taken.get()
    };
    assert!(!click("#talk", true), "a new tab is the browser's business");
    assert!(!click("#file", false), "and so is what is no place");
    assert_eq!((route.get_untracked(), path()), before);
    assert!(click("#talk span", false));
    assert_eq!((route.get_untracked(), path()), (Route::of(TALK), TALK.to_owned()));
    let (told, walked) = oneshot::channel();
    let told = Cell::new(Some(told));
    let listener = window_event_listener(ev::popstate, move |_| {
        told.take().unwrap().send(()).unwrap();
    });
    window().history().unwrap().back().unwrap();
    walked.await.unwrap();
    listener.remove();
    assert_eq!((route.get_untracked(), path()), before);
}

fn path() -> String {
    location().pathname().unwrap()
}
