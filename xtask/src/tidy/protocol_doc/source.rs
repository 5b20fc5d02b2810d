//! Reads messages with their fields, constants and routes from the sources of the protocol.
//!
//! The sources are read as tokens, so that neither formatting nor comments matter. Only the forms that Parley
//! uses are understood; other code is skipped.

use std::collections::BTreeMap;

/// A token of Rust source, as far as this parser needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    /// A name or a number.
    Word(&'a str),
    Text(&'a str),
    Sign(char),
}

use Token::{Sign, Text, Word};

/// Splits source into tokens; comments and white space are dropped.
pub fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(text) = rest.strip_prefix('"') {
            let end = text.find('"').unwrap_or(text.len());
            found.push(Text(&text[..end]));
            (end + 2).min(rest.len())
        } else if is_word(first) {
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            found.push(Word(&rest[..end]));
            end
        } else {
            if !first.is_whitespace() {
                found.push(Sign(first));
            }
            first.len_utf8()
        };
        rest = &rest[length..];
    }
    found
}

/// Returns the tokens between the bracket at `open` and the one that closes it.
fn inside<'t, 'a>(tokens: &'t [Token<'a>], open: usize) -> &'t [Token<'a>] {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token {
            Sign('(' | '[' | '{') => depth += 1,
            Sign(')' | ']' | '}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return &tokens[open + 1..at.max(open + 1)];
        }
    }
    tokens.get(open + 1..).unwrap_or_default()
}

/// Splits tokens at commas, but not at those inside brackets.
fn parts<'t, 'a>(tokens: &'t [Token<'a>]) -> Vec<&'t [Token<'a>]> {
    let mut found = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Sign('(' | '[' | '{' | '<') => depth += 1,
            Sign(')' | ']' | '}' | '>') => depth = depth.saturating_sub(1),
            Sign(',') if depth == 0 => {
                found.push(&tokens[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(&tokens[start..]);
    found.retain(|part| !part.is_empty());
    found
}

/// Splits a variant or a field into the name that `rename` gives it, if any, and the tokens after attributes
/// and `pub`.
fn named<'t, 'a>(mut part: &'t [Token<'a>]) -> (Option<&'a str>, &'t [Token<'a>]) {
    let mut rename = None;
    while let [Sign('#'), Sign('['), ..] = part {
        let attribute = inside(part, 1);
        for window in attribute.windows(3) {
            if let [Word("rename"), Sign('='), Text(name)] = window {
                rename = Some(*name);
            }
        }
        part = part.get(attribute.len() + 3..).unwrap_or_default();
    }
    if let [Word("pub"), rest @ ..] = part {
        part = rest;
    }
    (rename, part)
}

/// A variant of an enum: its tag, if `rename` gives one, and its fields, with `?` after those that may be
/// absent.
#[derive(Debug, PartialEq, Eq)]
pub struct Variant<'a> {
    pub name: &'a str,
    pub tag: Option<&'a str>,
    pub fields: Vec<String>,
}

/// Returns the variants of `enum name … { … }`; an empty list if there is no such enum.
pub fn variants<'a>(tokens: &[Token<'a>], name: &str) -> Vec<Variant<'a>> {
    let Some(start) = tokens.windows(2).position(|pair| *pair == [Word("enum"), Word(name)]) else {
        return Vec::new();
    };
    let Some(open) = tokens.iter().skip(start).position(|token| *token == Sign('{')) else {
        return Vec::new();
    };
    let variant = |part| {
        let (tag, rest) = named(part);
        let [Word(name), rest @ ..] = rest else { return None };
        let fields = if rest.first() == Some(&Sign('{')) { inside(rest, 0) } else { &[] };
        Some(Variant { name, tag, fields: parts(fields).into_iter().filter_map(field).collect() })
    };
    parts(inside(tokens, start + open)).into_iter().filter_map(variant).collect()
}

fn field(part: &[Token<'_>]) -> Option<String> {
    let (rename, rest) = named(part);
    let [Word(name), Sign(':'), kind, ..] = rest else { return None };
    let mark = if *kind == Word("Option") { "?" } else { "" };
    Some(format!("{}{mark}", rename.unwrap_or(name)))
}

/// Returns the constants of the form `const NAME: type = product;` with their values. A value is `None` if it
/// is more than a product of numbers and of constants above it.
pub fn constants<'a>(tokens: &[Token<'a>]) -> BTreeMap<&'a str, Option<u64>> {
    let mut found = BTreeMap::new();
    for (at, pair) in tokens.windows(2).enumerate() {
        let [Word("const"), Word(name)] = pair else { continue };
        let statement = tokens[at..].split(|token| *token == Sign(';')).next().unwrap_or_default();
        let value = statement.splitn(2, |token| *token == Sign('=')).nth(1).unwrap_or_default();
        let factors = value.split(|token| *token == Sign('*')).map(|factor| match factor {
            [Word(word)] => number(word).or_else(|| found.get(word).copied().flatten()),
            _ => None,
        });
        let product = factors.reduce(|a, b| a?.checked_mul(b?)).flatten();
        found.insert(*name, product);
    }
    found
}

/// Parses an integer such as `64` or `4_000`.
fn number(word: &str) -> Option<u64> {
    word.replace('_', "").parse().ok()
}

/// Returns the words of a `words!` enum: `internal` for `Internal = "internal"` in `ErrorCode { … }`.
pub fn words<'a>(tokens: &[Token<'a>], name: &str) -> Vec<&'a str> {
    let start = tokens.windows(2).position(|pair| *pair == [Word(name), Sign('{')]);
    let body = start.map_or(&[][..], |start| inside(tokens, start + 1));
    let word = |part: &&[Token<'a>]| match named(part).1 {
        [Word(_), Sign('='), Text(word)] => Some(*word),
        _ => None,
    };
    parts(body).iter().filter_map(word).collect()
}

/// Returns the names after `struct`, `enum` and `type`.
pub fn defined<'a>(tokens: &[Token<'a>]) -> Vec<&'a str> {
    let name = |pair: &[Token<'a>]| match pair {
        [Word("struct" | "enum" | "type"), Word(name)] => Some(*name),
        _ => None,
    };
    tokens.windows(2).filter_map(name).collect()
}

/// Returns `GET /path` for every `#[utoipa::path(get, path = "/path", …)]`.
pub fn routes(tokens: &[Token<'_>]) -> Vec<String> {
    let mut found = Vec::new();
    for (at, window) in tokens.windows(5).enumerate() {
        let [Word("utoipa"), Sign(':'), Sign(':'), Word("path"), Sign('(')] = window else { continue };
        let said = inside(tokens, at + 4);
        let path = said.windows(3).find_map(|window| match window {
            [Word("path"), Sign('='), Text(path)] => Some(path),
            _ => None,
        });
        if let (Some(Word(method)), Some(path)) = (said.first(), path) {
            found.push(format!("{} {path}", method.to_uppercase()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_are_read_in_any_formatting() {
        let source = "tagged! { /// A comment, with `enum Other {`.\npub enum Said by \"type\" {
            #[serde(rename = \"a.b\")] A { id: Id, more: Vec<(u8, u8)>, },
            /// Why.
            #[serde(\n rename = \"c\"\n)]
            C,
            #[serde(rename = \"d\")] D {},
            E { #[serde(default, skip_serializing_if = \"Option::is_none\")] e: Option<Id>,
                #[serde(rename = \"type\")] kind: Map<A, B> },
        } } enum Next { X }";
        let tokens = tokens(source);
        let found = variants(&tokens, "Said");
        let shown: Vec<_> = found.iter().map(|v| (v.name, v.tag, v.fields.join(" "))).collect();
        assert_eq!(
            shown,
            [
                ("A", Some("a.b"), "id more".to_owned()),
                ("C", Some("c"), String::new()),
                ("D", Some("d"), String::new()),
                ("E", None, "e? type".to_owned()),
            ]
        );
        assert_eq!(variants(&tokens, "Gone"), []);
    }

    #[test]
    fn products_are_evaluated() {
        let source = "/// Why.\npub const A: usize = 64 * 1_024;\npub(crate) const B: u64 =\n  2 * A;\n\
                      const C: u8 = f(1);\n";
        let expected = [("A", Some(65_536)), ("B", Some(131_072)), ("C", None)];
        assert_eq!(constants(&tokens(source)), BTreeMap::from(expected));
    }

    #[test]
    fn codes_are_read() {
        let source =
            "words!(ErrorCode {\n /// Ours.\n Internal = \"internal\", Gone = \"gone\" });\nlet a = \"b\";";
        assert_eq!(words(&tokens(source), "ErrorCode"), ["internal", "gone"]);
        assert_eq!(words(&tokens(source), "Other"), [""; 0]);
    }

    #[test]
    fn types_are_read() {
        let source = "pub struct A<T> {}\n// struct B\npub enum C {}\ntype D = A<C>;\nlet e: E;";
        assert_eq!(defined(&tokens(source)), ["A", "C", "D"]);
    }

    #[test]
    fn routes_are_read_from_their_descriptions() {
        let source = "#[utoipa::path(\n    get, path = \"/api/me\", tag = \"people\", responses((status = 200)))]\n\
                      async fn get() {}\n#[utoipa::path(patch, path = \"/api/a/{id}\")]\n// #[utoipa::path(put, path = \"/c\")]\n";
        assert_eq!(routes(&tokens(source)), ["GET /api/me", "PATCH /api/a/{id}"]);
    }
}
