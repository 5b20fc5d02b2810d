//! The time budget of the tests, on two processors with everything installed. Suites that are planned have
//! their share already.

use std::fmt::Write as _;
use std::time::Duration;

/// The parts of the tests, each with its name, its minutes and the beginnings of the names of its steps.
const PARTS: [(&str, f32, &[&str]); 9] = [
    ("checks and units", 5.0, &["format", "tidy", "clippy", "unit"]),
    ("server", 4.0, &["server"]),
    ("web", 2.0, &["web"]),
    ("stories", 12.0, &["e2e", "page and tools"]),
    ("hostile", 1.5, &["hostile"]),
    ("lab", 6.0, &["lab"]),
    ("LiveKit", 8.0, &["livekit"]),
    ("streams", 8.0, &["streams"]),
    ("WebKit", 3.0, &["webkit"]),
];
/// Minutes for all parts together. A run that takes longer fails.
const ALL: f32 = 60.0;

/// Returns a table of the time that each part took, and whether all of them together took too long.
pub fn spent(steps: &[(String, Duration)]) -> (String, bool) {
    let minutes = |begins: &[&str]| {
        let of_part = steps.iter().filter(|(step, _)| begins.iter().any(|begin| step.starts_with(begin)));
        of_part.map(|(_, took)| took.as_secs_f32() / 60.0).fold(0.0, |all, one| all + one)
    };
    let all = minutes(&[""]);
    let mut table = String::new();
    for (part, due, begins) in PARTS {
        let took = minutes(begins);
        let over = if took > due { "  over its budget" } else { "" };
        let _ = writeln!(table, "  {took:>5.1} of {due:>4.1} min  {part}{over}");
    }
    let _ = write!(table, "  {all:>5.1} of {ALL:>4.1} min  all");
    (table, all > ALL)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(minutes: &[(&str, f32)]) -> Vec<(String, Duration)> {
        let step =
            |&(name, minutes): &(&str, f32)| (name.to_owned(), Duration::from_secs_f32(minutes * 60.0));
        minutes.iter().map(step).collect()
    }

    #[test]
    fn steps_count_for_their_part_and_for_all() {
        let (table, over) = spent(&steps(&[("clippy: page", 2.0), ("unit", 1.0), ("e2e", 13.0)]));
        assert!(table.contains("3.0 of  5.0 min  checks and units\n"), "{table}");
        assert!(table.contains("13.0 of 12.0 min  stories  over its budget\n"), "{table}");
        assert!(table.ends_with("16.0 of 60.0 min  all") && !over, "{table}");
    }

    #[test]
    fn a_run_of_more_than_an_hour_is_over_budget() {
        assert!(!spent(&steps(&[("e2e", 59.9)])).1);
        assert!(spent(&steps(&[("e2e", 30.0), ("a step of no part", 30.5)])).1);
    }
}
