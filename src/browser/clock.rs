//! The wall clock and the calendar, in the time zone of the person's browser.

use js_sys::{Date, Object, Reflect};
use leptos::prelude::window;
use parley_protocol::Timestamp;
use wasm_bindgen::JsValue;

/// A day in the person's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    pub year: u32,
    pub month: u32,
    pub day: u32,
}

/// Returns the current time.
#[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit for ages")]
pub fn now() -> Timestamp {
    Timestamp(Date::now() as i64)
}

pub fn day_of(at: Timestamp) -> Day {
    let date = date_of(at);
    Day { year: date.get_full_year(), month: date.get_month(), day: date.get_date() }
}

/// Writes the time as in "14:05" or "2:05 PM", by the first language of the browser.
pub fn time_of_day(at: Timestamp) -> String {
    let locale = window().navigator().language().unwrap_or_else(|| "en".to_owned());
    format(at, &locale, &[("hour", "numeric"), ("minute", "2-digit")])
}

/// Writes the day as in "Monday, 3 March", in the given language.
pub fn day_name(at: Timestamp, language: &str) -> String {
    format(at, language, &[("weekday", "long"), ("day", "numeric"), ("month", "long")])
}

/// Writes the day as in "3 Mar".
pub fn short_day(at: Timestamp, language: &str) -> String {
    format(at, language, &[("day", "numeric"), ("month", "short")])
}

fn format(at: Timestamp, locale: &str, parts: &[(&str, &str)]) -> String {
    let options = Object::new();
    for (part, style) in parts {
        // Setting a property of a plain object cannot fail.
        let _ = Reflect::set(&options, &JsValue::from_str(part), &JsValue::from_str(style));
    }
    date_of(at).to_locale_string(locale, &options).into()
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit into 53 bits for ages")]
fn date_of(at: Timestamp) -> Date {
    Date::new(&JsValue::from_f64(at.as_millis() as f64))
}
