//! Habits: every file says what it is for, every exception says why, tests neither sleep nor rest.

use super::repo::{File, Problem, Repo};
use super::rust_text;
use crate::css;

pub fn headers(repo: &Repo) -> Vec<Problem> {
    let missing = |file: &&File| {
        let first = file.text.lines().find(|line| !line.trim().is_empty() && !line.starts_with("#!"));
        first.is_some_and(|line| !line.starts_with("//!"))
    };
    let what = "starts with `//!`: what it decides and what it leaves to others";
    repo.rust().filter(missing).map(|file| file.problem(1, what)).collect()
}

pub fn module_files(repo: &Repo) -> Vec<Problem> {
    let is_mod = |file: &&File| file.path.rsplit('/').next() == Some("mod.rs");
    repo.rust().filter(is_mod).map(|file| file.problem(0, "`foo.rs` beside `foo/`, no `mod.rs`")).collect()
}

const SLEEPS: [&str; 4] = ["sleep(", "sleep_until(", "sleep_ms(", "TimeoutFuture"];
const MAY_SLEEP: &str = "// tidy: allow sleep: ";

/// A test waits for the event that proves it; a rested test proves nothing.
pub fn tests_that_wait_or_rest(repo: &Repo) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in repo.rust() {
        let lines: Vec<&str> = file.text.lines().collect();
        for (at, code) in file.code.lines().enumerate() {
            let allowed = |line: Option<&&str>| line.is_some_and(|line| has_reason(line));
            let excused = allowed(lines.get(at)) || (at > 0 && allowed(lines.get(at - 1)));
            if in_test(file, at) && !excused && SLEEPS.iter().any(|sleep| rust_text::names(code, sleep)) {
                problems.push(file.problem(at + 1, "a test does not sleep; wait for what proves it"));
            }
            if code.contains("#[ignore") || code.contains("#[wasm_bindgen_test(ignore") {
                problems.push(file.problem(at + 1, "no ignored tests"));
            }
        }
    }
    problems
}

fn has_reason(line: &str) -> bool {
    line.split_once(MAY_SLEEP).is_some_and(|(_, reason)| !reason.trim().is_empty())
}

/// A line of a test program, or of a test module: blank in what is shipped, but not in the code.
fn in_test(file: &File, at: usize) -> bool {
    file.is_test() || file.shipped.lines().nth(at).is_some_and(|line| line.trim().is_empty())
}

/// `#[allow]` and `#[expect]` say why.
pub fn lint_exceptions(repo: &Repo) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in repo.rust() {
        for start in ["#[allow(", "#![allow(", "#[expect(", "#![expect("] {
            for (at, _) in file.code.match_indices(start) {
                let end = file.code[at..].find(")]").map_or(file.code.len(), |end| at + end);
                if !file.code[at..end].contains("reason") {
                    let line = file.code[..at].matches('\n').count() + 1;
                    problems.push(file.problem(line, "an exception from a lint has a `reason`"));
                }
            }
        }
    }
    problems
}

/// A stylesheet that nothing imports has no effect, and nobody notices.
pub fn sheets(repo: &Repo) -> Vec<Problem> {
    let sheets: Vec<&File> =
        repo.files.iter().filter(|file| file.within("style") && file.is("css")).collect();
    let imported: Vec<String> = sheets.iter().flat_map(|sheet| imports(sheet)).collect();
    sheets
        .iter()
        .filter(|sheet| sheet.path != "style/main.css" && !imported.contains(&sheet.path))
        .map(|sheet| sheet.problem(0, "style/main.css does not import it"))
        .collect()
}

/// Lists the whole paths of the sheets that this one imports: `button.css` is another sheet in every folder.
fn imports(sheet: &File) -> Vec<String> {
    let folder = sheet.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let imports = sheet.text.lines().filter_map(css::Import::parse);
    imports.map(|import| format!("{folder}/{}", import.path.trim_start_matches("./"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_what_it_is_for() {
        let repo = Repo::fixture(&[
            ("src/a.rs", "use b;\n"),
            ("src/b.rs", "//! Says it.\n"),
            ("src/c.rs", "\n#![cfg(x)]\n//! Says it.\n"),
        ]);
        assert_eq!(headers(&repo).len(), 1);
    }

    #[test]
    fn a_mod_rs_is_found() {
        assert_eq!(module_files(&Repo::fixture(&[("src/a/mod.rs", "")])).len(), 1);
    }

    fn restless(path: &str, text: &str) -> usize {
        tests_that_wait_or_rest(&Repo::fixture(&[(path, text)])).len()
    }

    #[test]
    fn a_sleeping_test_is_found() {
        assert_eq!(restless("server/tests/a.rs", "tokio::time::sleep(d).await;"), 1);
        assert_eq!(restless("server/tests/a.rs", "use std::thread;\nsleep(d);"), 1);
        assert_eq!(restless("src/a.rs", "#[cfg(test)]\nmod tests {\n thread::sleep(d);\n}\n"), 1);
        assert_eq!(restless("src/a.rs", "thread::sleep(d);\n"), 0);
        assert_eq!(restless("tests/web/a.rs", "TimeoutFuture::new(1).await;"), 1);
    }

    #[test]
    fn a_sleep_may_be_excused_with_a_reason() {
        let with = |reason: &str| format!("{MAY_SLEEP}{reason}\nthread::sleep(d);");
        assert_eq!(restless("tests/e2e/src/a.rs", &with("the media must run this long")), 0);
        assert_eq!(restless("tests/e2e/src/a.rs", &with("")), 1);
    }

    #[test]
    fn an_ignored_test_is_found() {
        assert_eq!(restless("core/src/a.rs", "#[test]\n#[ignore = \"later\"]\nfn a() {}"), 1);
    }

    #[test]
    fn an_exception_without_a_reason_is_found() {
        let repo = Repo::fixture(&[(
            "src/a.rs",
            "#[allow(clippy::unwrap_used)]\nfn a() {}\n#[expect(\n    clippy::x,\n    reason = \"it is so\"\n)]\nfn b() {}\n",
        )]);
        let problems = lint_exceptions(&repo);
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].line, 1);
    }

    #[test]
    fn a_forgotten_stylesheet_is_found() {
        let repo = Repo::fixture(&[
            ("style/main.css", "@import \"tokens.css\";\n"),
            ("style/tokens.css", ""),
            ("style/components/tile.css", ""),
        ]);
        let problems = sheets(&repo);
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].path, "style/components/tile.css");
    }

    #[test]
    fn a_forgotten_stylesheet_is_found_beside_another_of_its_name() {
        let repo = Repo::fixture(&[
            (
                "style/main.css",
                "@import \"components/kit/button.css\";\n@import './components/call.css' layer(b);\n",
            ),
            ("style/button.css", ""),
            ("style/components/kit/button.css", ""),
            ("style/components/call/button.css", ""),
            ("style/components/call.css", "@import \"call/stage.css\";\n"),
            ("style/components/call/stage.css", ""),
        ]);
        let found: Vec<String> = sheets(&repo).into_iter().map(|problem| problem.path).collect();
        assert_eq!(found, ["style/button.css", "style/components/call/button.css"]);
    }
}
