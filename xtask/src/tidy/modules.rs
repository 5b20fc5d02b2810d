//! The order of a crate's top-level modules, and the check that every import follows it. Imports are read
//! from the text.

use super::repo::{File, Problem, Repo};

/// The top-level modules of a crate in rows, from the ground up. A module may import only from lower rows.
pub struct Order {
    /// The crate's `src`.
    pub root: &'static str,
    pub rows: &'static [&'static [&'static str]],
    /// Modules that may import from any row.
    pub exempt: &'static [&'static str],
}

/// Reports every import against the order, every module that is not in the order, and every name in the order
/// that has no module.
pub fn against(repo: &Repo, order: &Order) -> Vec<Problem> {
    let row = |module: &str| order.rows.iter().position(|row| row.contains(&module));
    let mut problems = Vec::new();
    let mut found = Vec::new();
    for file in repo.rust().filter(|file| file.within(order.root)) {
        let Some(own) = top(file, order.root) else { continue };
        found.push(own);
        let Some(own_row) = row(own) else {
            problems.push(file.problem(0, format!("`{own}` is not in the module order of {}", order.root)));
            continue;
        };
        let known = imports(file, order.root).into_iter().filter(|(_, module)| module != own);
        for (line, module) in known.filter(|_| !order.exempt.contains(&own)) {
            if row(&module).is_some_and(|row| row >= own_row) {
                problems.push(
                    file.problem(line, format!("`{own}` must not import `{module}`, which is not below it")),
                );
            }
        }
    }
    let missing = order.rows.iter().copied().flatten().filter(|module| !found.contains(module));
    problems.extend(missing.map(|module| Problem {
        path: order.root.to_owned(),
        line: 0,
        what: format!("has no module `{module}`, but the module order names it"),
    }));
    problems
}

/// Returns the top-level module that a file belongs to; `None` for the root of the crate.
fn top<'a>(file: &'a File, root: &str) -> Option<&'a str> {
    let inside = file.path.strip_prefix(root)?.strip_prefix('/')?.strip_suffix(".rs")?;
    let module = inside.split('/').next()?;
    (!["lib", "main"].contains(&module)).then_some(module)
}

/// Lists the top-level modules that a file names, each with its line.
fn imports(file: &File, root: &str) -> Vec<(usize, String)> {
    let depth = file.path.trim_start_matches(root).matches('/').count();
    let up = "super::".repeat(depth);
    let mut found = Vec::new();
    for prefix in ["crate::", &up] {
        for (at, _) in file.shipped.match_indices(prefix) {
            let before = file.shipped[..at].chars().next_back();
            // After a word or `::`, the match is the end of a longer path, such as a longer chain of `super`,
            // which a module inside the file needs. That chain is not looked at.
            let is_start = !before.is_some_and(|c| c.is_alphanumeric() || "_:".contains(c));
            if is_start {
                let line = file.shipped[..at].matches('\n').count() + 1;
                let names = heads(&file.shipped[at + prefix.len()..]);
                found.extend(names.into_iter().map(|(lines, name)| (line + lines, name)));
            }
        }
    }
    found
}

/// Lists the first name of a path, or of each path in braces, with the number of lines before it.
fn heads(path: &str) -> Vec<(usize, String)> {
    let Some(group) = path.strip_prefix('{') else {
        return vec![(0, head(path))];
    };
    let mut found = Vec::new();
    let (mut depth, mut expects) = (0_usize, true);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => expects = true,
            _ if expects && !c.is_whitespace() => {
                expects = false;
                found.push((group[..at].matches('\n').count(), head(&group[at..])));
            }
            _ => {}
        }
    }
    found
}

fn head(path: &str) -> String {
    path.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDER: Order =
        Order { root: "server/src", rows: &[&["clock", "storage"], &["app"], &["calls"]], exempt: &[] };

    fn problems(files: &[(&str, &str)]) -> Vec<String> {
        let all = ["clock", "storage", "app", "calls"].map(|module| format!("server/src/{module}.rs"));
        let mut whole: Vec<(&str, &str)> = files.to_vec();
        whole.extend(
            all.iter()
                .map(|path| (path.as_str(), ""))
                .filter(|(path, _)| files.iter().all(|(p, _)| p != path)),
        );
        against(&Repo::fixture(&whole), &ORDER).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn imports_from_below_are_fine() {
        let calls =
            "use crate::{\n    app::{App, calls::x},\n    storage::Store,\n};\nuse super::clock::Clock;\n";
        let inside = "use super::super::app;\nuse super::calls;\nfn f() { crate::storage::open() }\n";
        let found = problems(&[("server/src/calls.rs", calls), ("server/src/calls/start.rs", inside)]);
        assert_eq!(found, [""; 0]);
    }

    #[test]
    fn an_import_from_above_is_found_however_it_is_written() {
        let what = "must not import `calls`, which is not below it";
        for (text, line) in [
            ("use crate::calls::start;", 1),
            ("use crate::{\n    storage::Store,\n    calls::{self, start},\n};", 3),
            ("use super::calls;", 1),
            ("fn f() { crate::calls::start() }", 1),
        ] {
            assert_eq!(
                problems(&[("server/src/app.rs", text)]),
                [format!("server/src/app.rs:{line}: `app` {what}")]
            );
        }
        let inside = problems(&[("server/src/app/alarm.rs", "use super::super::calls;")]);
        assert_eq!(inside, [format!("server/src/app/alarm.rs:1: `app` {what}")]);
    }

    #[test]
    fn an_import_within_a_row_is_found() {
        assert_eq!(problems(&[("server/src/clock.rs", "use crate::storage::Store;")]).len(), 1);
    }

    #[test]
    fn tests_may_import_from_anywhere() {
        let text = "#[cfg(test)]\nmod tests {\n    use crate::calls::start;\n}\n";
        assert_eq!(problems(&[("server/src/app.rs", text)]), [""; 0]);
    }

    #[test]
    fn a_module_that_is_missing_in_the_order_or_in_the_crate_is_found() {
        let found = problems(&[("server/src/new.rs", "")]);
        assert_eq!(found, ["server/src/new.rs:0: `new` is not in the module order of server/src"]);
        let found = against(&Repo::fixture(&[("server/src/app.rs", "")]), &ORDER);
        assert_eq!(found.len(), 3, "{found:?}");
    }
}
