//! Style rules: files have a module doc, lint exceptions have a reason, tests neither sleep nor are ignored,
//! and every stylesheet is imported.

use super::repo::{File, Problem, Repo};
use super::rust_text;
use crate::css;

/// Reports files that do not start with a module doc.
pub fn headers(repo: &Repo) -> Vec<Problem> {
    let missing = |file: &&File| {
        let first = file.text.lines().find(|line| !line.trim().is_empty() && !line.starts_with("#!"));
        first.is_some_and(|line| !line.starts_with("//!"))
    };
    let what = "must start with a `//!` module doc that says what the file is for";
    repo.rust().filter(missing).map(|file| file.problem(1, what)).collect()
}

/// Reports files named `mod.rs`.
pub fn module_files(repo: &Repo) -> Vec<Problem> {
    let is_mod = |file: &&File| file.path.rsplit('/').next() == Some("mod.rs");
    repo.rust()
        .filter(is_mod)
        .map(|file| file.problem(0, "must be `foo.rs` beside `foo/`, not `foo/mod.rs`"))
        .collect()
}

const SLEEPS: [&str; 4] = ["sleep(", "sleep_until(", "sleep_ms(", "TimeoutFuture"];
/// The comment that excuses a sleep; a reason must follow.
const MAY_SLEEP: &str = "// tidy: allow sleep: ";

/// Reports tests that sleep or are ignored. A test must wait for the event that proves its claim.
pub fn sleeping_or_ignored_tests(repo: &Repo) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in repo.rust() {
        let lines: Vec<&str> = file.text.lines().collect();
        for (at, code) in file.code.lines().enumerate() {
            let allowed = |line: Option<&&str>| line.is_some_and(|line| has_reason(line));
            let excused = allowed(lines.get(at)) || (at > 0 && allowed(lines.get(at - 1)));
            if in_test(file, at) && !excused && SLEEPS.iter().any(|sleep| rust_text::names(code, sleep)) {
                problems.push(
                    file.problem(at + 1, "a test must not sleep; wait for the event that proves the claim"),
                );
            }
            if code.contains("#[ignore") || code.contains("#[wasm_bindgen_test(ignore") {
                problems.push(file.problem(at + 1, "a test must not be ignored"));
            }
        }
    }
    problems
}

fn has_reason(line: &str) -> bool {
    line.split_once(MAY_SLEEP).is_some_and(|(_, reason)| !reason.trim().is_empty())
}

/// Tells whether a line belongs to a test program or a test module. The code of a test module is blank in
/// `shipped`.
fn in_test(file: &File, at: usize) -> bool {
    file.is_test() || file.shipped.lines().nth(at).is_some_and(|line| line.trim().is_empty())
}

/// Reports `#[allow]` and `#[expect]` without a reason.
pub fn lint_exceptions(repo: &Repo) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in repo.rust() {
        for start in ["#[allow(", "#![allow(", "#[expect(", "#![expect("] {
            for (at, _) in file.code.match_indices(start) {
                let end = file.code[at..].find(")]").map_or(file.code.len(), |end| at + end);
                if !file.code[at..end].contains("reason") {
                    let line = file.code[..at].matches('\n').count() + 1;
                    problems.push(file.problem(line, "a lint exception must have a `reason`"));
                }
            }
        }
    }
    problems
}

/// Reports stylesheets that no other one imports: they have no effect, which is easy to overlook.
pub fn sheets(repo: &Repo) -> Vec<Problem> {
    let sheets: Vec<&File> =
        repo.files.iter().filter(|file| file.within("style") && file.is("css")).collect();
    let imported: Vec<String> = sheets.iter().flat_map(|sheet| imports(sheet)).collect();
    sheets
        .iter()
        .filter(|sheet| sheet.path != "style/main.css" && !imported.contains(&sheet.path))
        .map(|sheet| sheet.problem(0, "is not imported by style/main.css or by its imports"))
        .collect()
}

/// Lists the sheets that this one imports, as whole paths, because `button.css` is another sheet in every
/// folder.
fn imports(sheet: &File) -> Vec<String> {
    let folder = sheet.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let imports = sheet.text.lines().filter_map(css::Import::parse);
    imports.map(|import| format!("{folder}/{}", import.path.trim_start_matches("./"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_module_doc_is_found() {
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

    fn problems_in(path: &str, text: &str) -> usize {
        sleeping_or_ignored_tests(&Repo::fixture(&[(path, text)])).len()
    }

    #[test]
    fn a_sleeping_test_is_found() {
        assert_eq!(problems_in("server/tests/a.rs", "tokio::time::sleep(d).await;"), 1);
        assert_eq!(problems_in("server/tests/a.rs", "use std::thread;\nsleep(d);"), 1);
        assert_eq!(problems_in("src/a.rs", "#[cfg(test)]\nmod tests {\n thread::sleep(d);\n}\n"), 1);
        assert_eq!(problems_in("src/a.rs", "thread::sleep(d);\n"), 0);
        assert_eq!(problems_in("tests/web/a.rs", "TimeoutFuture::new(1).await;"), 1);
    }

    #[test]
    fn a_sleep_may_be_excused_with_a_reason() {
        let with = |reason: &str| format!("{MAY_SLEEP}{reason}\nthread::sleep(d);");
        assert_eq!(problems_in("tests/e2e/src/a.rs", &with("the media must run this long")), 0);
        assert_eq!(problems_in("tests/e2e/src/a.rs", &with("")), 1);
    }

    #[test]
    fn an_ignored_test_is_found() {
        assert_eq!(problems_in("core/src/a.rs", "#[test]\n#[ignore = \"later\"]\nfn a() {}"), 1);
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
