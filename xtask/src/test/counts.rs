//! Counts tests from the output of test programs. libtest and wasm-bindgen's runner print the same format.

/// The results of all tests that have run.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: usize,
    pub failed: usize,
    pub failures: Vec<String>,
    /// The skipped tests, each with its name and reason.
    pub skipped: Vec<(String, String)>,
}

impl Counts {
    pub fn fail(&mut self, name: &str) {
        self.failed += 1;
        self.failures.push(name.to_owned());
    }

    pub fn skip(&mut self, name: &str, reason: &str) {
        self.skipped.push((name.to_owned(), reason.to_owned()));
    }

    /// Counts one line of a test program's output.
    ///
    /// The numbers come from the result lines; the lines of single tests only give names. A test's own output
    /// can separate its name from its verdict, but the result line stays whole.
    pub fn read(&mut self, line: &str) {
        let line = line.trim();
        if let Some(result) = line.strip_prefix("test result: ") {
            self.passed += number_before(result, "passed");
            self.failed += number_before(result, "failed");
        } else if let Some((name, verdict)) =
            line.strip_prefix("test ").and_then(|rest| rest.split_once(" ... "))
        {
            if verdict.starts_with("FAIL") {
                self.failures.push(name.to_owned());
            } else if let Some(reason) = verdict.strip_prefix("ignored") {
                let reason = reason.trim_start_matches([',', ' ']);
                self.skip(name, if reason.is_empty() { "ignored without a reason" } else { reason });
            }
        }
    }

    pub fn summary(&self) -> String {
        format!("{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped.len())
    }
}

/// Returns the number before a word: `3` for `passed` in `ok. 3 passed; 0 failed`.
fn number_before(text: &str, word: &str) -> usize {
    let words: Vec<&str> = text.split_whitespace().collect();
    words
        .windows(2)
        .find(|pair| pair[1].trim_end_matches(';') == word)
        .and_then(|pair| pair[0].parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(output: &str) -> Counts {
        let mut counts = Counts::default();
        output.lines().for_each(|line| counts.read(line));
        counts
    }

    #[test]
    fn results_of_several_programs_add_up() {
        let counts = read(
            "running 2 tests\ntest a ... ok\ntest b::c ... FAILED\n\n\
             test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 7 filtered out; finished in 0.0s\n\
             test result: ok. 3 passed; 0 failed; 0 ignored; 0 filtered out\n",
        );
        assert_eq!((counts.passed, counts.failed), (4, 1));
        assert_eq!(counts.failures, ["b::c"]);
        assert_eq!(counts.summary(), "4 passed, 1 failed, 0 skipped");
    }

    #[test]
    fn ignored_tests_are_skipped_with_their_reason() {
        let counts = read("test a ... ignored, needs a moon\ntest b ... ignored\n");
        assert_eq!(counts.skipped[0], ("a".to_owned(), "needs a moon".to_owned()));
        assert_eq!(counts.summary(), "0 passed, 0 failed, 2 skipped");
    }
}
