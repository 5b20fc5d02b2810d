//! The picture-in-picture window: its content, and when it opens by itself.

use super::support::{CallStand, button, calls, room, settle};
use futures::{StreamExt, channel::mpsc};
use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::*;
use parley::{
    call::{
        handle::Picture,
        view::{CallViewStoreFields, Link},
    },
    state::settings,
};
use parley_core::phone::{Capture, Intent, Screen};
use parley_protocol::call::OwnMedia;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlIFrameElement, Window};

const FLOAT: &str = "Picture in picture";
const SEEN: OwnMedia = OwnMedia { muted: false, video: true, screen: false, hand: false };

/// A stand-in for the browser's picture-in-picture: its window is an iframe of this page, and the test says
/// when the person goes to another tab.
struct Browser {
    frame: HtmlIFrameElement,
    opened: mpsc::UnboundedReceiver<()>,
    handlers: Object,
    _request: Closure<dyn FnMut() -> JsValue>,
    _handle: Closure<dyn FnMut(JsValue, JsValue)>,
    maker: JsValue,
    set_handler: JsValue,
}

fn session() -> JsValue {
    Reflect::get(&window().navigator(), &"mediaSession".into()).unwrap()
}

/// Replaces a property of a browser object.
fn define(of: &JsValue, name: &str, value: &JsValue) {
    let property = Object::new();
    Reflect::set(&property, &"value".into(), value).unwrap();
    Reflect::set(&property, &"configurable".into(), &true.into()).unwrap();
    Reflect::set(&property, &"writable".into(), &true.into()).unwrap();
    Reflect::define_property(of.unchecked_ref::<Object>(), &name.into(), &property).unwrap();
}

impl Browser {
    fn new() -> Self {
        let frame: HtmlIFrameElement = document().create_element("iframe").unwrap().unchecked_into();
        document().body().unwrap().append_child(&frame).unwrap();
        let (sender, opened) = mpsc::unbounded();
        let small: Window = frame.content_window().unwrap();
        let request = Closure::<dyn FnMut() -> JsValue>::new(move || {
            sender.unbounded_send(()).unwrap();
            JsValue::from(Promise::resolve(&small))
        });
        let maker = Object::new();
        Reflect::set(&maker, &"requestWindow".into(), request.as_ref()).unwrap();
        let handlers = Object::new();
        let kept = Clone::clone(&handlers);
        let handle = Closure::<dyn FnMut(JsValue, JsValue)>::new(move |action: JsValue, handler: JsValue| {
            Reflect::set(&kept, &action, &handler).unwrap();
        });
        let own = Reflect::get(&window(), &"documentPictureInPicture".into()).unwrap();
        let set_handler = Reflect::get(&session(), &"setActionHandler".into()).unwrap();
        define(&window(), "documentPictureInPicture", &maker);
        define(&session(), "setActionHandler", handle.as_ref());
        Self { frame, opened, handlers, _request: request, _handle: handle, maker: own, set_handler }
    }

    /// Calls the handler that the browser calls when the person goes to another tab.
    fn leave_tab(&self) {
        let handler = Reflect::get(&self.handlers, &"enterpictureinpicture".into()).unwrap();
        handler.dyn_into::<Function>().unwrap().call0(&JsValue::UNDEFINED).unwrap();
    }

    fn has_opened(&mut self) -> bool {
        self.opened.try_recv().is_ok()
    }

    fn body(&self) -> HtmlElement {
        self.frame.content_document().unwrap().body().unwrap()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        define(&window(), "documentPictureInPicture", &self.maker);
        define(&session(), "setActionHandler", &self.set_handler);
        self.frame.remove();
        settings::choose_float(true);
    }
}

async fn talking() -> CallStand {
    let page = calls(Screen::Room(room(Link::Connected, SEEN))).await;
    page.view.mic().set(Capture::On);
    settle().await;
    page
}

#[wasm_bindgen_test]
async fn the_small_window_has_the_picture_the_switches_and_the_way_out() {
    let mut browser = Browser::new();
    let page = talking().await;
    page.button(FLOAT).click();
    browser.opened.next().await.unwrap();
    settle().await;
    assert_eq!(page.button(FLOAT).get_attribute("aria-pressed").as_deref(), Some("true"));
    let small = browser.body();
    let picture = small.query_selector("video[aria-label]").unwrap().unwrap();
    assert_eq!(picture.get_attribute("data-shown").as_deref(), Some("true"));
    assert!(page.recorder.shown.borrow().iter().any(|shown| matches!(shown, Picture::Mini(_))));
    for name in ["Mute microphone", "Turn camera on", "Leave call"] {
        button(&small, name).unwrap_or_else(|| panic!("no {name}")).click();
    }
    assert_eq!(page.intents(), [Intent::ToggleMic, Intent::ToggleCamera, Intent::Leave]);
    page.show(Screen::Idle).await;
    assert!(small.query_selector("video").unwrap().is_none(), "it is gone with the call");
    assert!(page.recorder.hidden.borrow().iter().any(|hidden| matches!(hidden, Picture::Mini(_))));
}

#[wasm_bindgen_test]
async fn the_small_window_opens_by_itself_where_wanted() {
    let mut browser = Browser::new();
    let _page = talking().await;
    settings::choose_float(false);
    browser.leave_tab();
    assert!(!browser.has_opened());
    assert!(!settings::floats_by_itself(), "it is remembered");
    settings::choose_float(true);
    browser.leave_tab();
    settle().await;
    assert!(browser.has_opened());
}
