//! The browser as components and pages may use it, without the browser's own types. Functions that open
//! something for a component close it when that component is unmounted.

mod calendar;
mod document;
mod float;
mod language;
mod notices;
mod picture;
pub mod preview;
mod sounds;
mod storage;
mod window;

pub use calendar::{Day, day_name, day_of, now, on_day, time_of_day, today, when};
#[cfg(debug_assertions)]
pub use document::press;
pub use document::{
    Focused, close_menu, focus_on, focused, is_dialog_open, on_size, set_language, set_title,
};
pub use float::{
    FloatWindow, can_float, can_float_picture, float, float_picture, toggle_float_picture, when_tab_is_left,
};
pub use language::{languages, plural};
pub use notices::{Permission, ask_notices, notices};
pub use picture::{Square, Unfit, chosen_picture};
pub use sounds::Sounds;
pub use storage::{keep, kept};
pub use window::{
    can_full_screen, copy, has_coarse_pointer, is_visible, keep_awake, origin, path, random_word, reload,
    set_badge, toggle_full_screen, while_hidden,
};
