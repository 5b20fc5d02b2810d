//! The router: addresses, and the pages that they show.

use super::{
    inbox::{conversation, me},
    support::{find, mount, settle},
};
use futures::channel::oneshot;
use leptos::{ev, prelude::*};
use leptos_router::{
    components::{A, FlatRoutes, Route as Shown},
    path as pattern,
};
use parley::{
    call::{handle::CallHandle, view::CallView},
    pages::signed_in::Pane,
    router::{PageRouter, Route, Section, Walk},
    state::{features::Features, inbox::Inbox, session::Session, toasts::Toasts},
    words::{Word, say},
};
use reactive_stores::Store;
use std::{
    cell::Cell,
    rc::Rc,
    sync::{Arc, Mutex},
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Event, HtmlElement, MouseEvent, MouseEventInit};

const TALK: &str = "/c/01890a5d-ac96-774b-bcce-b302099a8057";

#[wasm_bindgen_test]
fn a_route_survives_the_address_bar() {
    for path in ["/", TALK, "/i/aZ-_09"] {
        assert_ne!(Route::of(path), Route::Nowhere, "{path}");
        assert_eq!(Route::of(path).path(), path);
    }
}

#[wasm_bindgen_test]
fn an_unknown_address_is_nowhere() {
    for path in ["/c/", "/c/7", "/i/", "/i/a%2Fb", "/i/a/b", "/x"] {
        assert_eq!(Route::of(path), Route::Nowhere, "{path}");
    }
}

#[wasm_bindgen_test]
async fn a_link_leads_elsewhere_and_back_returns() {
    let out = Arc::new(Mutex::new(None));
    let into = Arc::clone(&out);
    let page = mount(move || {
        let walk = Walk::start();
        provide_context(walk);
        *into.lock().unwrap() = Some(walk.route());
        view! {
            <PageRouter>
                <A href=Route::of(TALK) attr:id="talk">
                    <span>"A talk"</span>
                </A>
                <a id="file" href="/x.txt">"A file"</a>
                <FlatRoutes fallback=|| ()>
                    <Shown path=pattern!("c/:id") view=|| () />
                </FlatRoutes>
            </PageRouter>
        }
    });
    let route = out.lock().unwrap().take().unwrap();
    let before = (route.get_untracked(), path());
    let click = |selector: &str, with_ctrl: bool| {
        let init = MouseEventInit::new();
        init.set_bubbles(true);
        init.set_cancelable(true);
        init.set_ctrl_key(with_ctrl);
        let event = MouseEvent::new_with_mouse_event_init_dict("click", &init).unwrap();
        let link: HtmlElement = find(&page.root, selector).unchecked_into();
        // A click that the router leaves alone must not make the browser navigate away from the tests.
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
    assert!(!click("#file", false), "and so is an address without a route");
    assert_eq!((route.get_untracked(), path()), before);
    assert!(click("#talk span", false));
    settle().await;
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

#[wasm_bindgen_test]
async fn every_route_has_a_page_of_its_own_and_another_address_has_none() {
    let out = Arc::new(Mutex::new(None));
    let into = Arc::clone(&out);
    let page = mount(move || {
        let inbox = Inbox::new(me());
        inbox.replace(vec![conversation(None)]);
        provide_context(inbox);
        provide_context(Toasts::new());
        provide_context(Features::new());
        provide_context(RwSignal::new(Session::SignedOut));
        provide_context(CallHandle::waiting(Store::new(CallView::default())));
        let walk = Walk::start();
        provide_context(walk);
        *into.lock().unwrap() = Some(walk);
        view! { <Pane /> }
    });
    let walk = out.lock().unwrap().take().unwrap();
    let before = path();
    let id = conversation(None).id;
    for (path, shown) in [
        ("/".to_owned(), Some(".home-steps")),
        (Route::Conversation(id).path(), Some(".conversation-header")),
        (Route::Details(id).path(), Some(".details-who")),
        (Route::NewGroup.path(), Some("form")),
        (Route::Calls.path(), Some(".home-steps")),
        (Route::Invite("aZ-_09".to_owned()).path(), Some(".invitation")),
        (Route::Settings(None).path(), Some(".settings[data-open=false]")),
        (Route::Settings(Some(Section::Keys)).path(), Some(".settings[data-open=true]")),
        (Route::Settings(Some(Section::Ringing)).path(), Some(".settings[data-open=true]")),
        ("/settings/x".to_owned(), None),
        ("/c/7".to_owned(), None),
        ("/i/a%2Fb".to_owned(), None),
        ("/x/y/z".to_owned(), None),
    ] {
        match Route::of(&path) {
            Route::Nowhere => type_in(&path),
            route => walk.go(&route),
        }
        settle().await;
        assert_eq!(self::path(), path);
        let is_missing = page.root.text_content().unwrap_or_default().contains(say(Word::NothingHere));
        assert_eq!(is_missing, shown.is_none(), "{path}");
        if let Some(shown) = shown {
            find(&page.root, shown);
        }
    }
    walk.replace(&Route::of(&before));
}

/// Changes the address as the address bar does, without telling the page directly.
fn type_in(path: &str) {
    window().history().unwrap().push_state_with_url(&JsValue::NULL, "", Some(path)).unwrap();
    window().dispatch_event(&Event::new("popstate").unwrap()).unwrap();
}

fn path() -> String {
    location().pathname().unwrap()
}
