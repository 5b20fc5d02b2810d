//! Checks that paths exist: those in rules and commands, those that Trunk watches, and those in comments and
//! documents.
//!
//! Without this check, a rule about a renamed folder would find no files there and always pass.

use super::repo::{Problem, Repo};
use super::rust_text::strings;

/// The sources whose strings are paths of the checkout.
const COMMANDS: &str = "xtask/src";
const TRUNK: &str = "Trunk.toml";
/// Folders at the top of the checkout: a word that begins with one of them and a slash is a path.
const TOP: [&str; 13] = [
    "bench", "core", "deploy", "docs", "fuzz", "protocol", "public", "server", "src", "style", "tests",
    "words", "xtask",
];
/// Extensions of the files that prose names by the end of their path.
const KINDS: [&str; 5] = [".rs", ".md", ".css", ".mjs", ".js"];

/// Reports missing paths in a rule, in a command or in Trunk's configuration.
pub fn of_rules(repo: &Repo) -> Vec<Problem> {
    let mut problems = Vec::new();
    let read = repo.files.iter().filter(|file| file.within(COMMANDS) || file.path == TRUNK);
    for file in read {
        for (at, (text, code)) in file.text.lines().zip(file.shipped.lines()).enumerate() {
            let named: Vec<String> = if file.is("rs") {
                strings(text, code).into_iter().map(|(_, string)| string).collect()
            } else {
                text.split('"').skip(1).step_by(2).map(str::to_owned).collect()
            };
            let words = named.iter().flat_map(|string| string.split(|c: char| c.is_whitespace() || c == '`'));
            for path in words.filter_map(path_from_top).filter(|path| !repo.has(path)) {
                problems.push(file.problem(at + 1, format!("names {path}, which does not exist")));
            }
        }
    }
    problems
}

/// Reports missing files that a comment or a document names, from the checkout's root or by the end of their
/// path, and broken links of documents.
pub fn of_prose(repo: &Repo) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in &repo.files {
        for (at, line) in file.text.lines().enumerate() {
            let prose = match file.is("rs") {
                true => comment(line, file.code.lines().nth(at).unwrap_or_default()),
                false if file.is("md") => line,
                false => continue,
            };
            let words = prose.split(|c: char| !(c.is_alphanumeric() || "/._-".contains(c)));
            let files = words.map(|word| word.trim_matches('.')).filter(|word| is_file(word));
            for named in files.filter(|named| !repo.ends_with(named)) {
                problems.push(file.problem(at + 1, format!("names {named}, which does not exist")));
            }
            if file.is("md") {
                let broken = links(line).filter(|link| !repo.has(&joined(&file.path, link)));
                problems.extend(
                    broken.map(|link| file.problem(at + 1, format!("links to {link}, which does not exist"))),
                );
            }
        }
    }
    problems
}

/// Returns the path in a word without punctuation around it; `None` for a word that is no path.
fn path_from_top(word: &str) -> Option<&str> {
    let path = word.trim_matches(|c: char| ",;:.()".contains(c)).trim_end_matches('/');
    let (top, rest) = path.split_once('/')?;
    let is_path = rest.chars().all(|c| c.is_alphanumeric() || "/._-".contains(c));
    (TOP.contains(&top) && !rest.is_empty() && is_path).then_some(path)
}

/// Tells whether a word names a file in some folder.
fn is_file(word: &str) -> bool {
    let folder = word.split_once('/').map(|(folder, _)| folder);
    folder.is_some_and(|folder| !folder.is_empty()) && KINDS.iter().any(|kind| word.ends_with(kind))
}

/// Returns the comment on a line, or an empty string. Comments are blank in `code`.
fn comment<'a>(line: &'a str, code: &str) -> &'a str {
    let starts = line.match_indices("//").map(|(at, _)| at);
    let is_comment = |at: &usize| code.get(*at..).is_none_or(|rest| rest.trim().is_empty());
    starts.filter(is_comment).map(|at| &line[at..]).next().unwrap_or_default()
}

/// Lists the links on a line that lead to a file of the checkout.
fn links(line: &str) -> impl Iterator<Item = &str> {
    let markdown = line.split("](").skip(1).filter_map(|rest| rest.split_once(')').map(|(link, _)| link));
    let html = line.split("src=\"").skip(1).filter_map(|rest| rest.split_once('"').map(|(link, _)| link));
    let whole = markdown.chain(html).filter_map(|link| link.split('#').next());
    whole.filter(|link| !link.is_empty() && !link.contains("://") && !link.starts_with("mailto:"))
}

/// Resolves a link of a document to a path from the checkout's root.
fn joined(document: &str, link: &str) -> String {
    let mut parts: Vec<&str> = document.split('/').collect();
    parts.pop();
    for part in link.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part == ".." {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(problems: &[Problem]) -> Vec<String> {
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_rule_about_a_missing_path_is_a_problem() {
        let rule = "const PLACES: [&str; 3] = [\"src/pages/\", \"src/gone.rs\", \"only server/gone speaks\"];\n\
                    //! Prose may say anything.\n\
                    #[cfg(test)]\nmod tests { const A: &str = \"src/made_up.rs\"; }\n";
        let trunk = "watch = [\"src\", \"core/src\", \"index.html\"]\n";
        let repo = Repo::fixture(&[
            ("xtask/src/tidy/words.rs", rule),
            ("Trunk.toml", trunk),
            ("src/pages/home.rs", ""),
            ("server/Cargo.toml", ""),
        ]);
        let expected = [
            "xtask/src/tidy/words.rs:1: names src/gone.rs, which does not exist",
            "xtask/src/tidy/words.rs:1: names server/gone, which does not exist",
            "Trunk.toml:1: names core/src, which does not exist",
        ];
        assert_eq!(shown(&of_rules(&repo)), expected);
    }

    #[test]
    fn prose_that_names_a_missing_file_is_a_problem() {
        let repo = Repo::fixture(&[
            ("src/a.rs", "//! See `calls/wire.rs` and calls/gone.rs.\nlet a = \"b/c.rs\"; // in d/e.md\n"),
            ("server/src/calls/wire.rs", ""),
            ("docs/a.md", "[one](../src/a.rs), [two](b.md#part), [three](https://example.org/x.md)\n"),
        ]);
        let expected = [
            "src/a.rs:1: names calls/gone.rs, which does not exist",
            "src/a.rs:2: names d/e.md, which does not exist",
            "docs/a.md:1: links to b.md, which does not exist",
        ];
        assert_eq!(shown(&of_prose(&repo)), expected);
    }
}
