//! A scanner with just enough of Rust's syntax to tell code from comments, strings and tests.

/// Returns the code of a file: comments and the contents of strings become blanks, and every line keeps its
/// place.
pub fn code(text: &str) -> String {
    let mut reader = Reader { rest: text, out: String::with_capacity(text.len()) };
    while !reader.rest.is_empty() {
        reader.step();
    }
    reader.out
}

/// Lists the strings on a line: the column of each opening quote, and the contents.
pub fn strings(text: &str, code: &str) -> Vec<(usize, String)> {
    let text: Vec<char> = text.chars().collect();
    let quotes: Vec<usize> = code.chars().enumerate().filter(|(_, c)| *c == '"').map(|(at, _)| at).collect();
    let string = |pair: &[usize]| {
        let end = pair.get(1).copied().unwrap_or(text.len());
        (pair[0], text.get(pair[0] + 1..end).unwrap_or_default().iter().collect())
    };
    quotes.chunks(2).map(string).collect()
}

struct Reader<'a> {
    rest: &'a str,
    out: String,
}

impl Reader<'_> {
    fn step(&mut self) {
        let rest = self.rest;
        if rest.starts_with("//") {
            self.blank(rest.find('\n').unwrap_or(rest.len()));
        } else if rest.starts_with("/*") {
            self.blank(comment_length(rest));
        } else if let Some(length) = raw_string_length(rest).filter(|_| !self.in_word()) {
            self.string(length);
        } else if rest.starts_with('"') {
            self.string(quoted_length(rest, '"'));
        } else if let Some(length) = char_length(rest) {
            self.string(length);
        } else {
            self.keep();
        }
    }

    /// Tells whether the text before is part of a word, so that an `r` here does not start a raw string.
    fn in_word(&self) -> bool {
        self.out.chars().next_back().is_some_and(is_word)
    }

    fn keep(&mut self) {
        let mut chars = self.rest.chars();
        self.out.extend(chars.next());
        self.rest = chars.as_str();
    }

    fn blank(&mut self, length: usize) {
        let (part, rest) = self.rest.split_at(length);
        self.out.extend(part.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        self.rest = rest;
    }

    /// Blanks a string but for its first and last character, so that the line still has code.
    fn string(&mut self, length: usize) {
        let end = self.rest[..length].chars().next_back().map_or(0, char::len_utf8);
        self.keep();
        self.blank(length.saturating_sub(1 + end));
        if length > 1 {
            self.keep();
        }
    }
}

fn comment_length(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

fn quoted_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

fn raw_string_length(text: &str) -> Option<usize> {
    let after = text.strip_prefix("br").or_else(|| text.strip_prefix('r'))?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    let body = after[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let start = text.len() - body.len();
    Some(body.find(&end).map_or(text.len(), |at| start + at + end.len()))
}

/// Returns the length of a character literal; `None` for a lifetime.
fn char_length(text: &str) -> Option<usize> {
    let mut chars = text.strip_prefix('\'')?.chars();
    if chars.next()? == '\\' {
        return Some(quoted_length(text, '\''));
    }
    (chars.next() == Some('\'')).then(|| text.len() - chars.as_str().len())
}

/// Blanks every item under `#[cfg(test)]`.
pub fn without_tests(code: &str) -> String {
    let mut out = code.to_owned();
    let mut from = 0;
    while let Some(at) = out[from..].find("#[cfg(test)]").map(|at| from + at) {
        let end = item_end(&out, at);
        let blanked: String = out[at..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
        from = at + blanked.len();
        out.replace_range(at..end, &blanked);
    }
    out
}

/// Returns the end of the item that starts here: after its closing brace or its semicolon.
fn item_end(code: &str, start: usize) -> usize {
    match code[start..].find(['{', ';']).map(|at| start + at) {
        Some(at) if code[at..].starts_with('{') => block_end(code, at),
        Some(at) => at + 1,
        None => code.len(),
    }
}

/// Returns the position after the brace that closes the one at `open`.
pub fn block_end(code: &str, open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, c) in code[open..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return open + at + 1;
                }
            }
            _ => {}
        }
    }
    code.len()
}

/// Tells whether the line names this whole word or path: `brand::` does not name `rand::`.
pub fn names(line: &str, word: &str) -> bool {
    let (first, last) = (word.starts_with(is_word), word.ends_with(is_word));
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let goes_on = first && before.is_some_and(is_word) || last && after.is_some_and(is_word);
        !goes_on
    })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Counts the lines that are not blank.
pub fn lines_of_code(code: &str) -> usize {
    code.lines().filter(|line| !line.trim().is_empty()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_strings_become_blanks() {
        assert_eq!(code("a // b\nc"), "a     \nc");
        assert_eq!(code("a /* b /* c */ \n d */ e"), "a              \n      e");
        assert_eq!(code(r#"f("x // y", 'z', '\'', b"\"")"#), r#"f("      ", ' ', '  ', b"  ")"#);
        assert_eq!(code("r#\"{ \" }\"#;"), "r        #;");
        assert_eq!(code("fn f<'a>(x: &'a str) {}"), "fn f<'a>(x: &'a str) {}");
        assert_eq!(code("for\"x\""), "for\" \"");
    }

    #[test]
    fn tests_are_cut_out() {
        let code = "a\n#[cfg(test)]\nmod tests {\n fn b() { }\n}\nc\n#[cfg(test)]\nmod d;\ne";
        let kept: Vec<&str> = without_tests(code).leak().split_whitespace().collect();
        assert_eq!(kept, ["a", "c", "e"]);
    }

    #[test]
    fn words_are_whole_words() {
        assert!(names("use rand::Rng;", "rand::"));
        assert!(!names("use brand::New;", "rand::"));
        assert!(names("HashMap<", "HashMap"));
        assert!(!names("HashMapLike", "HashMap"));
        assert!(names("x.forget();", ".forget()"));
    }
}
