//! Chooses stories, the end-to-end tests, by name. A name also tells which browsers the story needs.

use super::selection::Shard;

/// The browsers that this machine has.
#[derive(Debug, Clone, Copy)]
pub struct Present {
    pub chromium: bool,
    pub firefox: bool,
}

/// Parses the names of stories from a test program's `--list`.
pub fn read(list: &str) -> Vec<String> {
    list.lines().filter_map(|line| line.trim().strip_suffix(": test")).map(str::to_owned).collect()
}

/// Returns the stories of this shard whose names contain one of the filters; all of its stories if there is
/// no filter.
pub fn chosen(all: &[String], filters: &[String], shard: Shard) -> Vec<String> {
    let wanted =
        |name: &&String| filters.is_empty() || filters.iter().any(|part| name.contains(part.as_str()));
    let wanted = all.iter().filter(wanted).enumerate();
    wanted.filter(|(at, _)| shard.takes(*at)).map(|(_, name)| name.clone()).collect()
}

/// Tells whether the browsers that a story needs are present.
pub fn can_run(name: &str, present: Present) -> bool {
    let needs = needs(name);
    (present.chromium || !needs.chromium) && (present.firefox || !needs.firefox)
}

/// Tells whether a story belongs to this file.
pub fn is_in_file(name: &str, file: &str) -> bool {
    name.split("::").next() == Some(file)
}

/// Returns the browsers that a story needs. The last part of its name may be a pair of browsers or contain
/// the name of one; a story that names none needs Chromium.
fn needs(name: &str) -> Present {
    let pair = name.rsplit("::").next().unwrap_or(name).to_lowercase();
    let both = pair.starts_with("mixed");
    let firefox = both || pair.contains("firefox");
    Present { chromium: both || pair.contains("chromium") || !firefox, firefox }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "\
call::video_flows::Chromium: test
call::video_flows::Firefox: test
call::video_flows::Mixed: test
call::video_flows::MixedBack: test
harness::chromium_can_be_without_devices: test
harness::firefox_can_be_without_devices: test
harness::warnings_are_seen: test

7 tests, 0 benchmarks
";

    fn left_out(chromium: bool, firefox: bool) -> Vec<String> {
        let present = Present { chromium, firefox };
        read(LIST).into_iter().filter(|name| !can_run(name, present)).collect()
    }

    #[test]
    fn a_story_needs_each_of_its_browsers() {
        let without_firefox = [
            "call::video_flows::Firefox",
            "call::video_flows::Mixed",
            "call::video_flows::MixedBack",
            "harness::firefox_can_be_without_devices",
        ];
        assert_eq!(left_out(true, false), without_firefox);
        let without_chromium = [
            "call::video_flows::Chromium",
            "call::video_flows::Mixed",
            "call::video_flows::MixedBack",
            "harness::chromium_can_be_without_devices",
            "harness::warnings_are_seen",
        ];
        assert_eq!(left_out(false, true), without_chromium);
    }

    #[test]
    fn a_story_belongs_to_the_file_that_begins_its_name() {
        let of = |file| read(LIST).iter().filter(|name| is_in_file(name, file)).count();
        assert_eq!((of("call"), of("cal")), (4, 0));
    }

    #[test]
    fn with_both_browsers_every_story_runs() {
        assert_eq!(left_out(true, true), [""; 0]);
    }

    #[test]
    fn stories_are_chosen_by_parts_of_their_names() {
        let chosen = |filters: &[&str], shard| {
            let filters: Vec<String> = filters.iter().map(|&part| part.to_owned()).collect();
            chosen(&read(LIST), &filters, Shard::parse(shard).unwrap())
        };
        assert_eq!(chosen(&[], "1/1").len(), 7);
        assert_eq!(chosen(&["Mixed", "warnings"], "1/1").len(), 3);
        assert_eq!(chosen(&["Mixed", "warnings"], "2/2"), ["call::video_flows::MixedBack"]);
        assert_eq!(chosen(&["nowhere"], "1/1"), [""; 0]);
    }
}
