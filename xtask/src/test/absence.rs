//! The policy for a test whose program is missing and cannot be installed: it is skipped, or it fails in CI.

use std::env;

use super::counts::Counts;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// The test is skipped: a developer's machine need not have everything.
    Skips,
    /// The test fails: CI must run everything.
    Fails,
}

impl Absence {
    /// Chooses by the environment: whether this is CI.
    pub fn here() -> Self {
        Self::of(env::var("CI").ok().as_deref())
    }

    /// Chooses by the value of `CI`, which services set to `true` or `1`.
    fn of(ci: Option<&str>) -> Self {
        match ci.map(str::trim).unwrap_or_default() {
            "" | "0" | "false" => Self::Skips,
            _ => Self::Fails,
        }
    }

    /// Counts a test that cannot run, with the program that is missing.
    pub fn count(self, counts: &mut Counts, name: &str, missing: &str) {
        match self {
            Self::Skips => counts.skip(name, missing),
            Self::Fails => counts.fail(&format!("{name}: {missing}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_fails_in_ci() {
        for ci in ["true", "1", "TRUE", "yes"] {
            assert_eq!(Absence::of(Some(ci)), Absence::Fails, "CI={ci}");
        }
        for ci in [None, Some(""), Some(" "), Some("0"), Some("false")] {
            assert_eq!(Absence::of(ci), Absence::Skips, "CI={ci:?}");
        }
    }

    #[test]
    fn a_failure_is_named_by_its_reason_as_a_skip_is() {
        let mut counts = Counts::default();
        Absence::Skips.count(&mut counts, "web", "install chromium");
        assert_eq!((counts.failed, counts.skipped.len()), (0, 1));
        Absence::Fails.count(&mut counts, "web", "install chromium");
        assert_eq!((counts.failed, counts.skipped.len()), (1, 1));
        assert_eq!(counts.failures, ["web: install chromium"]);
    }
}
