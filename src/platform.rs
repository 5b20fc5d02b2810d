//! What components may ask of the page around them. The browser's own words stay behind it.

pub mod preview;

use crate::browser::{
    address, clipboard, clock, float, focus, language, page, permission, picture, sized::SizeWatch, storage,
    tones::Tones, wake::Awake,
};
use crate::words::{self, Word, fill, say};
use leptos::{
    html::{Div, Input},
    prelude::*,
};
use parley_core::alert::Ringtone;
use parley_protocol::Timestamp;
use std::rc::Rc;

pub use crate::browser::{
    clock::Day,
    focus::Focused,
    permission::Leave,
    picture::{Square, Unfit},
};

/// What floats where a browser floats pictures alone: whoever is seen.
const FLOATING: &str = "video[data-picture=remote][data-shown=true]";

/// Whether the text is on the clipboard.
pub async fn copy(text: &str) -> bool {
    clipboard::copy(text).await
}

/// Where the keyboard is, to be given back later.
pub fn focused() -> Focused {
    Focused::now()
}

/// How much waits, on the page's sign where the system shows one.
pub fn set_badge(count: usize) {
    page::set_badge(count);
}

/// To tell a repeated request from a new one.
pub fn random_word() -> Option<String> {
    page::random_word()
}

pub fn set_title(title: &str) {
    page::set_title(title);
}

/// What the address bar shows behind the origin.
pub fn path() -> String {
    address::path()
}

pub fn reload() {
    page::reload();
}

pub fn origin() -> String {
    page::origin()
}

/// Whether anybody can see the page.
pub fn is_visible() -> bool {
    page::is_visible()
}

/// The person's languages, the best first.
pub fn languages() -> Vec<String> {
    language::preferred()
}

/// What the page is written in, and from which side.
pub fn set_language(language: &str, direction: &str) {
    language::set(language, direction);
}

/// The plural category of a number.
pub fn plural(language: &str, n: u32) -> String {
    language::plural(language, n)
}

/// What this browser was told to remember.
pub fn kept(key: &str) -> Option<String> {
    storage::read(key)
}

/// Without a value, forgets it.
pub fn keep(key: &str, value: Option<&str>) {
    match value {
        Some(value) => storage::write(key, value),
        None => storage::forget(key),
    }
}

/// The keyboard goes back to what opened it.
pub fn close_menu(id: &str) {
    focus::close_menu(id);
}

pub fn focus_on(selector: &str) {
    focus::focus_on(selector);
}

/// As a person would press it.
#[cfg(debug_assertions)]
pub fn press(selector: &str) {
    focus::press(selector);
}

pub fn is_dialog_open() -> bool {
    focus::is_dialog_open()
}

/// For as long as the calling component is there: calls back when nobody can see the page any longer.
pub fn while_hidden(hidden: impl Fn() + 'static) {
    let listener = page::on_visibility(move |visible| {
        if !visible {
            hidden();
        }
    });
    let listener = StoredValue::new_local(Some(listener));
    on_cleanup(move || drop(listener.try_update_value(Option::take)));
}

/// Fingers, not a mouse.
pub fn has_coarse_pointer() -> bool {
    page::matches("(pointer: coarse)")
}

pub fn can_float() -> bool {
    float::is_possible()
}

/// Where there are no such windows: the picture alone.
pub fn can_float_picture() -> bool {
    !can_float() && float::is_possible_for_a_picture()
}

/// Puts it on top; what is there already stays.
pub fn float_picture() {
    float::show_picture(FLOATING);
}

pub fn toggle_float_picture() {
    float::toggle_picture(FLOATING);
}

/// A small window on top of everything, with contents of its own; both are gone when it is dropped.
pub struct FloatWindow {
    _contents: Box<dyn std::any::Any>,
    _window: float::Float,
}

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

/// For as long as the calling component is there: calls back when the browser would have the small window.
pub fn when_tab_is_left(left: impl FnMut() + 'static) {
    let asked = StoredValue::new_local(float::Asked::when_tab_is_left(left));
    on_cleanup(move || drop(asked.try_update_value(Option::take)));
}

/// For as long as the calling component is there, the screen stays on.
pub fn keep_awake() {
    let awake = StoredValue::new_local(Some(Awake::keep()));
    on_cleanup(move || drop(awake.try_update_value(Option::take)));
}

/// For as long as the calling component is there: tells how large the element is, in whole pixels, and when that changes.
pub fn on_size(element: NodeRef<Div>, sized: impl Fn(u32, u32) + Copy + 'static) {
    let watched = StoredValue::new_local(None::<SizeWatch>);
    Effect::new(move |_| {
        let watch = element.get().and_then(|element| SizeWatch::watch(&element, sized));
        watched.try_set_value(watch);
    });
    on_cleanup(move || drop(watched.try_update_value(Option::take)));
}

/// Ringtones to listen to; silent when the owner is gone.
#[derive(Clone, Copy)]
pub struct Sounds(StoredValue<Rc<Tones>, LocalStorage>);

impl Sounds {
    #[expect(clippy::new_without_default, reason = "it belongs to whoever calls it")]
    pub fn new() -> Self {
        Self(StoredValue::new_local(Tones::new()))
    }

    pub fn play(self, ringtone: Ringtone, volume: u8) {
        self.0.try_with_value(|tones| {
            tones.set_volume(volume);
            tones.play(ringtone.sound().notes, None);
        });
    }
}

/// What was chosen in a field for files, as a small square. Nothing, where nothing was chosen.
pub async fn chosen_picture(field: NodeRef<Input>) -> Option<Result<Square, Unfit>> {
    let file = picture::take_file(&field.get_untracked()?)?;
    Some(picture::square(&file).await)
}

/// Whether the system may tell of calls.
pub fn notices() -> Leave {
    permission::notices()
}

/// Asks the person; browsers do so only after a click.
pub async fn ask_notices() -> Leave {
    permission::ask_notices().await
}

pub fn can_full_screen() -> bool {
    page::can_full_screen()
}

pub fn toggle_full_screen() {
    page::toggle_full_screen();
}

pub fn now() -> Timestamp {
    clock::now()
}

pub fn today() -> Day {
    clock::day_of(clock::now())
}

pub fn day_of(at: Timestamp) -> Day {
    clock::day_of(at)
}

pub fn time_of_day(at: Timestamp) -> String {
    clock::time_of_day(at)
}

/// As `today`, as `yesterday`, or as `other` with the name of the day.
pub fn on_day(at: Timestamp, today: Word, yesterday: Word, other: Word) -> String {
    let now = clock::now();
    let day = clock::day_of(at);
    if day == clock::day_of(now) {
        say(today).to_owned()
    } else if day == clock::day_of(Timestamp(now.as_millis() - 86_400_000)) {
        say(yesterday).to_owned()
    } else {
        fill(other, &[("day", &clock::day_name(at, locale()))])
    }
}

/// Today, yesterday, or the day's name.
pub fn day_name(at: Timestamp) -> String {
    on_day(at, Word::Today, Word::Yesterday, Word::OtherDay)
}

/// The time for today, the day for what is older.
pub fn when(at: Timestamp) -> String {
    if clock::day_of(at) == clock::day_of(clock::now()) {
        clock::time_of_day(at)
    } else {
        clock::short_day(at, locale())
    }
}

/// English days before months, as everywhere but in one country.
fn locale() -> &'static str {
    match words::language() {
        "en" => "en-GB",
        language => language,
    }
}
