//! A table of the time that stories spent in each phase, from the file that they write.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The phases, in the order of a story. The end-to-end harness defines them (`tests/e2e/src/clock.rs`).
const PHASES: [&str; 6] = ["starting", "meeting", "acting", "waiting", "measuring", "ending"];

/// A story: its name, and the seconds of each phase.
struct Story<'a> {
    name: &'a str,
    phases: BTreeMap<&'a str, f64>,
}

impl Story<'_> {
    fn total(&self) -> f64 {
        self.phases.values().sum()
    }
}

/// Returns a table of all stories, the longest first, after a line with their sum.
pub fn table(file: &str) -> String {
    let mut stories: Vec<Story<'_>> = file.lines().filter_map(story).collect();
    stories.sort_by(|one, other| other.total().total_cmp(&one.total()));
    let mut sum = Story { name: "all stories", phases: BTreeMap::new() };
    for (phase, seconds) in stories.iter().flat_map(|story| &story.phases) {
        *sum.phases.entry(phase).or_default() += seconds;
    }
    let mut table = format!("{:>9}", "seconds");
    for phase in PHASES {
        let _ = write!(table, " {phase:>9}");
    }
    for story in [sum].iter().chain(&stories) {
        let _ = write!(table, "\n{:>9.1}", story.total());
        for phase in PHASES {
            let _ = write!(table, " {:>9.1}", story.phases.get(phase).copied().unwrap_or_default());
        }
        let _ = write!(table, "  {}", story.name);
    }
    table
}

/// Parses a line of the file; `None` for one that was cut off.
fn story(line: &str) -> Option<Story<'_>> {
    let mut parts = line.split('\t');
    let name = parts.next()?;
    let phases =
        parts.map(|part| part.split_once('=').and_then(|(phase, time)| Some((phase, time.parse().ok()?))));
    Some(Story { name, phases: phases.collect::<Option<_>>()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_story_stands_first_after_the_sum() {
        let table =
            table("short\tstarting=1.00\twaiting=0.50\nlong\tstarting=1.50\twaiting=7.00\nbroken off\tstar");
        let lines: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[0], ["seconds", "starting", "meeting", "acting", "waiting", "measuring", "ending"]);
        assert_eq!(lines[1], ["10.0", "2.5", "0.0", "0.0", "7.5", "0.0", "0.0", "all", "stories"]);
        assert_eq!(lines[2], ["8.5", "1.5", "0.0", "0.0", "7.0", "0.0", "0.0", "long"]);
        assert_eq!(lines[3], ["1.5", "1.0", "0.0", "0.0", "0.5", "0.0", "0.0", "short"]);
        assert_eq!(lines.len(), 4);
    }
}
