//! Which browsers an end-to-end story is told in, read off its name.

/// The browsers that this machine has.
#[derive(Debug, Clone, Copy)]
pub struct Present {
    pub chromium: bool,
    pub firefox: bool,
}

/// The stories that cannot be told here, out of a test program's `--list`.
pub fn untellable(list: &str, present: Present) -> Vec<String> {
    let names = list.lines().filter_map(|line| line.trim().strip_suffix(": test"));
    let lacks = |name: &&str| {
        let needs = needs(name);
        needs.chromium && !present.chromium || needs.firefox && !present.firefox
    };
    names.filter(lacks).map(str::to_owned).collect()
}

/// The stories of one file.
pub fn of(list: &str, file: &str) -> Vec<String> {
    let names = list.lines().filter_map(|line| line.trim().strip_suffix(": test"));
    names.filter(|name| name.split("::").next() == Some(file)).map(str::to_owned).collect()
}

/// A pair of browsers is the last part of the name; else the name says which; else it is Chromium.
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
        untellable(LIST, Present { chromium, firefox })
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
    fn a_file_tells_its_own_stories() {
        assert_eq!(of(LIST, "call").len(), 4);
        assert_eq!(of(LIST, "cal"), [""; 0]);
    }

    #[test]
    fn with_both_browsers_every_story_is_told() {
        assert_eq!(left_out(true, true), [""; 0]);
    }
}
