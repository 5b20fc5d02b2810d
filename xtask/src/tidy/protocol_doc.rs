//! `docs/protocol.md` and the crate `parley-protocol` name the same things.

use std::collections::BTreeSet;

use super::repo::{Problem, Repo};

const DOC: &str = "docs/protocol.md";
const TAGS: &str = "protocol/src/ws.rs";
const CODES: &str = "protocol/src/error.rs";
const LIMITS: &str = "protocol/src/limits.rs";

pub fn in_step(repo: &Repo) -> Vec<Problem> {
    let text = |path: &str| repo.file(path).map_or("", |file| file.text.as_str());
    if [TAGS, CODES, LIMITS].iter().all(|path| repo.file(path).is_none()) {
        return Vec::new();
    }
    let (tags, codes, limits) = (tags(text(TAGS)), codes(text(CODES)), limits(text(LIMITS)));
    let doc = text(DOC);
    let mut problems = Vec::new();
    for (kind, names) in [("message", &tags), ("error code", &codes), ("limit", &limits)] {
        let missing = names.iter().filter(|name| !doc.contains(&format!("`{name}`")));
        problems.extend(missing.map(|name| problem(0, format!("does not name the {kind} `{name}`"))));
    }
    for (line, name, section) in rows(doc) {
        let known = match kind(name, &section) {
            Kind::Tag => tags.contains(name),
            Kind::Code => codes.contains(name),
            Kind::Limit => limits.contains(name),
            Kind::Other => true,
        };
        if !known {
            problems.push(problem(line, format!("names `{name}`, which the crate does not have")));
        }
    }
    problems
}

fn problem(line: usize, what: String) -> Problem {
    Problem { path: DOC.to_owned(), line, what }
}

/// `#[serde(rename = "call.incoming")]`
fn tags(source: &str) -> BTreeSet<&str> {
    after_each(source, "rename = \"", '"')
}

/// `Unauthorized = "unauthorized",` within `ErrorCode { … }`
fn codes(source: &str) -> BTreeSet<&str> {
    let start = source.find("ErrorCode {").unwrap_or(source.len());
    let end = source[start..].find('}').map_or(source.len(), |end| start + end);
    after_each(&source[start..end], " = \"", '"')
}

/// `pub const NAME_MAX_CHARS: usize`
fn limits(source: &str) -> BTreeSet<&str> {
    after_each(source, "pub const ", ':')
}

fn after_each<'a>(text: &'a str, before: &str, end: char) -> BTreeSet<&'a str> {
    let found = text.match_indices(before).filter_map(|(at, _)| {
        let rest = &text[at + before.len()..];
        Some(&rest[..rest.find(end)?])
    });
    found.collect()
}

/// What the first cell of each table row names in backticks, with its line and the heading above.
fn rows(doc: &str) -> Vec<(usize, &str, String)> {
    let mut heading = String::new();
    let mut found = Vec::new();
    for (at, line) in doc.lines().enumerate() {
        if line.starts_with('#') {
            heading = line.to_lowercase();
        }
        let Some(cell) = line.trim().strip_prefix('|').and_then(|row| row.split('|').next()) else {
            continue;
        };
        // A cell may name several: every second piece between backticks.
        for name in cell.split('`').skip(1).step_by(2) {
            found.push((at + 1, name, heading.clone()));
        }
    }
    found
}

enum Kind {
    Tag,
    Code,
    Limit,
    Other,
}

/// Messages have a dot or stand under their direction; limits are written in capitals.
fn kind(name: &str, heading: &str) -> Kind {
    let all = |allowed: fn(char) -> bool| !name.is_empty() && name.chars().all(allowed);
    if all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_') {
        Kind::Limit
    } else if !all(|c| c.is_ascii_lowercase() || c == '_' || c == '.') {
        Kind::Other
    } else if name.contains('.') || heading.contains("client →") || heading.contains("server →") {
        Kind::Tag
    } else if heading.contains("error") {
        Kind::Code
    } else {
        Kind::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCES: [(&str, &str); 3] = [
        (TAGS, "#[serde(rename = \"call.ended\")]\nCallEnded,\n#[serde(rename = \"ping\")]\nPing,\n"),
        (CODES, "words!(ErrorCode {\n    Internal = \"internal\",\n});\nlet other = \"no code\";\n"),
        (LIMITS, "pub const FRAME_MAX_BYTES: usize = 1;\n"),
    ];

    fn problems(doc: &str) -> Vec<String> {
        let files: Vec<_> = SOURCES.iter().copied().chain([(DOC, doc)]).collect();
        in_step(&Repo::fixture(&files)).iter().map(|problem| problem.what.clone()).collect()
    }

    #[test]
    fn a_complete_document_is_in_step() {
        let doc = "## Server → client\n| `call.ended` | x |\n| `ping` | `y.z` |\n## Errors\n| `internal` | x |\n\
                   Frames: `FRAME_MAX_BYTES`.\n## Fields\n| `anything` | x |\n";
        assert_eq!(problems(doc), Vec::<String>::new());
    }

    #[test]
    fn what_the_document_leaves_out_is_found() {
        assert_eq!(
            problems("`ping`"),
            [
                "does not name the message `call.ended`",
                "does not name the error code `internal`",
                "does not name the limit `FRAME_MAX_BYTES`",
            ]
        );
    }

    #[test]
    fn what_the_crate_does_not_have_is_found() {
        let doc = "`ping` `call.ended` `internal` `FRAME_MAX_BYTES`\n## Client → server\n| `pong` | x |\n\
                   | `call.gone` | x |\n## Errors\n| `gone` | x |\n| `GONE_MAX` | x |\n";
        assert_eq!(problems(doc).len(), 4);
    }
}
