//! The seeds that a property is tested with: a fixed window, and one that changes every day.
//!
//! `PARLEY_SEED=42` repeats one seed alone, `PARLEY_SEED_DAY=20787` repeats the window of that day.

use std::{
    env,
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
    time::{SystemTime, UNIX_EPOCH},
};

/// Number of seeds in each window.
const WINDOW: u64 = 5_000;
const DAY_SECONDS: u64 = 24 * 60 * 60;

/// Runs the test with every seed. Its second argument is true when a single seed is repeated, so that it can
/// print what happens.
pub fn each(run: impl Fn(u64, bool)) {
    if let Some(seed) = number("PARLEY_SEED") {
        return run(seed, true);
    }
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock that is set");
    let day = number("PARLEY_SEED_DAY").unwrap_or(since_1970.as_secs() / DAY_SECONDS);
    println!("the new seeds are those of PARLEY_SEED_DAY={day}");
    for seed in (0..WINDOW).chain(window_of(day)) {
        let caught = catch_unwind(AssertUnwindSafe(|| run(seed, false)));
        assert!(caught.is_ok(), "failed with PARLEY_SEED={seed}");
    }
}

/// Returns the seeds of a day. The windows of two days never overlap, nor does any overlap the fixed window.
fn window_of(day: u64) -> Range<u64> {
    (day + 1) * WINDOW..(day + 2) * WINDOW
}

fn number(variable: &str) -> Option<u64> {
    env::var(variable).ok()?.parse().ok()
}
