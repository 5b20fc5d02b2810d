//! Dates and times in the words of the page: a time of the day, a day, *yesterday*.

use crate::browser::clock;
use crate::words::{self, Word, fill, say};
use parley_protocol::Timestamp;

pub use crate::browser::clock::Day;

/// Returns the current time.
pub fn now() -> Timestamp {
    clock::now()
}

/// Returns the current day.
pub fn today() -> Day {
    clock::day_of(clock::now())
}

/// Returns the day of a moment, where the person is.
pub fn day_of(at: Timestamp) -> Day {
    clock::day_of(at)
}

/// Writes the time of the day, in hours and minutes.
pub fn time_of_day(at: Timestamp) -> String {
    clock::time_of_day(at)
}

/// Chooses the word for today or yesterday, or fills the name of the day into `other`.
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

/// Names the day: today, yesterday, or by its date.
pub fn day_name(at: Timestamp) -> String {
    on_day(at, Word::Today, Word::Yesterday, Word::OtherDay)
}

/// Writes the time for a moment of today, and the day for an older one.
pub fn when(at: Timestamp) -> String {
    if clock::day_of(at) == clock::day_of(clock::now()) {
        clock::time_of_day(at)
    } else {
        clock::short_day(at, locale())
    }
}

/// Returns the locale for dates: the page's language, with the British order of days and months for English.
fn locale() -> &'static str {
    match words::language() {
        "en" => "en-GB",
        language => language,
    }
}
