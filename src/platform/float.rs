//! The small window on top of everything, or a floating picture where the browser has no such windows.

use crate::browser::float;
use leptos::prelude::*;

/// The selector of the picture that floats where a browser can float only pictures: the visible remote one.
const FLOATING: &str = "video[data-picture=remote][data-shown=true]";

/// Tells whether the browser has small windows.
pub fn can_float() -> bool {
    float::is_possible()
}

/// Tells whether only a picture can float, because the browser has no such windows.
pub fn can_float_picture() -> bool {
    !can_float() && float::is_possible_for_a_picture()
}

/// Floats the picture; one that floats already stays.
pub fn float_picture() {
    float::show_picture(FLOATING);
}

/// Floats the picture, or puts it back.
pub fn toggle_float_picture() {
    float::toggle_picture(FLOATING);
}

/// An open small window with its mounted contents; dropping it unmounts them and closes the window.
pub struct FloatWindow {
    _contents: Box<dyn std::any::Any>,
    _window: float::Float,
}

/// Opens a small window with these contents; returns none where the browser refuses.
pub async fn float<V: IntoView + 'static>(
    width: u32,
    height: u32,
    contents: impl FnOnce() -> V + 'static,
    closed: impl Fn() + 'static,
) -> Option<FloatWindow> {
    let window = float::open(width, height, closed).await.ok()?;
    let contents = leptos::mount::mount_to(window.body()?, contents);
    Some(FloatWindow { _contents: Box::new(contents), _window: window })
}

/// Calls back when the tab is left and the browser would open a small window, for as long as the calling
/// component is mounted.
pub fn when_tab_is_left(left: impl FnMut() + 'static) {
    let handler = StoredValue::new_local(float::AutoFloat::when_tab_is_left(left));
    on_cleanup(move || drop(handler.try_update_value(Option::take)));
}
