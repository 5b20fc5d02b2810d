//! A small window that stays on top of everything (Document Picture-in-Picture), where the browser has it.
//!
//! See <https://wicg.github.io/document-picture-in-picture/>.

use super::{error::BrowserError, listener::Listener};
use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlElement, Window};

#[wasm_bindgen]
extern "C" {
    type DocumentPictureInPicture;
    #[wasm_bindgen(method, catch, js_name = requestWindow)]
    fn request_window(this: &DocumentPictureInPicture, options: &Object) -> Result<Promise, JsValue>;
}

/// An open window; dropping it closes it.
pub struct Float {
    window: Window,
    _closed: Listener,
}

/// Tells whether the browser has Document Picture-in-Picture.
pub fn is_possible() -> bool {
    api().is_some()
}

/// Opens a window of that size. Browsers allow it shortly after a click, or in the handler of [`AutoFloat`].
pub async fn open(width: u32, height: u32, closed: impl Fn() + 'static) -> Result<Float, BrowserError> {
    const OPERATION: &str = "requestWindow";
    let Some(api) = api() else { return Err(BrowserError::new(OPERATION, &JsValue::UNDEFINED)) };
    let options = Object::new();
    let _ = Reflect::set(&options, &"width".into(), &width.into());
    let _ = Reflect::set(&options, &"height".into(), &height.into());
    let asked = api.request_window(&options).map_err(BrowserError::of(OPERATION))?;
    let window: Window = JsFuture::from(asked).await.map_err(BrowserError::of(OPERATION))?.unchecked_into();
    copy_look(&window);
    let listener = Listener::new(&window, "pagehide", move |_: JsValue| closed());
    Ok(Float { window, _closed: listener })
}

impl Float {
    /// Returns the element for the contents.
    pub fn body(&self) -> Option<HtmlElement> {
        self.window.document()?.body()
    }
}

impl Drop for Float {
    fn drop(&mut self) {
        let _ = self.window.close();
    }
}

/// Gives the window the page's stylesheet, language, theme and title.
fn copy_look(window: &Window) {
    let (Some(theirs), own) = (window.document(), document()) else { return };
    if let (Some(head), Ok(Some(style))) = (theirs.head(), own.query_selector("link[rel=stylesheet]"))
        && let Ok(copy) = style.clone_node()
    {
        let _ = head.append_child(&copy);
    }
    if let (Some(from), Some(to)) = (own.document_element(), theirs.document_element()) {
        for name in ["lang", "dir", "data-theme"] {
            if let Some(value) = from.get_attribute(name) {
                let _ = to.set_attribute(name, &value);
            }
        }
    }
    theirs.set_title(&own.title());
}

/// Tells whether the browser can float a single video element, which some can that have no such windows.
pub fn is_possible_for_a_picture() -> bool {
    let enabled = Reflect::get(&document(), &"pictureInPictureEnabled".into());
    enabled.ok().and_then(|enabled| enabled.as_bool()).unwrap_or(false)
}

/// Floats the first video element that matches, or puts the floating one back.
pub fn toggle_picture(selector: &str) {
    if floats_a_picture() {
        return call(&document(), "exitPictureInPicture");
    }
    show_picture(selector);
}

fn floats_a_picture() -> bool {
    let floats = Reflect::get(&document(), &"pictureInPictureElement".into());
    floats.is_ok_and(|element| element.is_object())
}

/// Floats the first video element that matches, unless one floats already.
pub fn show_picture(selector: &str) {
    if floats_a_picture() {
        return;
    }
    if let Ok(Some(picture)) = document().query_selector(selector) {
        call(&picture, "requestPictureInPicture");
    }
}

/// Calls a method that `web_sys` does not have. A refusal is ignored: nothing changes then.
fn call(of: &JsValue, method: &str) {
    let found = Reflect::get(of, &method.into()).ok().and_then(|found| found.dyn_into::<Function>().ok());
    if let Some(Ok(promise)) = found.map(|method| method.call0(of)) {
        wasm_bindgen_futures::spawn_local(async move {
            let _ = JsFuture::from(Promise::from(promise)).await;
        });
    }
}

/// Returns the interface that opens such windows.
fn api() -> Option<DocumentPictureInPicture> {
    let found = Reflect::get(&window(), &"documentPictureInPicture".into()).ok()?;
    (!found.is_undefined() && !found.is_null()).then(|| found.unchecked_into())
}

/// The media session handler that the browser calls when the person goes to another tab. In it the page may
/// open a window without a click.
pub struct AutoFloat {
    session: JsValue,
    _closure: Closure<dyn FnMut()>,
}

const ACTION: &str = "enterpictureinpicture";

impl AutoFloat {
    /// Sets the handler; none where the browser does not know this action.
    pub fn when_tab_is_left(act: impl FnMut() + 'static) -> Option<Self> {
        let session = Reflect::get(&window().navigator(), &"mediaSession".into()).ok()?;
        let closure = Closure::<dyn FnMut()>::new(act);
        set_handler(&session, closure.as_ref())?;
        Some(Self { session, _closure: closure })
    }
}

impl Drop for AutoFloat {
    fn drop(&mut self) {
        set_handler(&self.session, &JsValue::NULL);
    }
}

fn set_handler(session: &JsValue, handler: &JsValue) -> Option<()> {
    let set: Function = Reflect::get(session, &"setActionHandler".into()).ok()?.dyn_into().ok()?;
    set.call2(session, &ACTION.into(), handler).ok().map(drop)
}
