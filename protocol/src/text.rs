//! Cleaning and length checks of text that people type.

use crate::limits::{FEEDBACK_COMMENT_MAX_CHARS, MESSAGE_MAX_CHARS, NAME_MAX_CHARS};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextError {
    Empty,
    TooLong { max_chars: usize },
}

impl std::fmt::Display for TextError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => f.write_str("must not be empty"),
            Self::TooLong { max_chars } => write!(f, "must be at most {max_chars} characters"),
        }
    }
}

impl std::error::Error for TextError {}

/// Returns a name as it is shown: trimmed, white space folded, without invisible characters, 1 to 64
/// characters long.
pub fn display_name(raw: &str) -> Result<String, TextError> {
    let visible: String = raw.chars().filter(|c| !is_invisible(*c)).collect();
    let folded = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    if folded.chars().all(|c| c.is_whitespace() || is_combining(c)) {
        return Err(TextError::Empty);
    }
    checked(folded, NAME_MAX_CHARS)
}

/// Returns the text of a message: trimmed, without control characters other than line breaks and tabs.
pub fn message(raw: &str) -> Result<String, TextError> {
    let clean = lines(raw);
    if clean.chars().all(|c| c.is_whitespace() || is_invisible(c)) {
        return Err(TextError::Empty);
    }
    checked(clean.trim().to_owned(), MESSAGE_MAX_CHARS)
}

/// Returns the comment on a call: cleaned as a message is, but it may be empty.
pub fn comment(raw: &str) -> Result<String, TextError> {
    let text = lines(raw).trim().to_owned();
    if text.is_empty() { Ok(text) } else { checked(text, FEEDBACK_COMMENT_MAX_CHARS) }
}

/// Removes control characters other than line breaks and tabs, and those that turn the order of the text
/// around them.
fn lines(raw: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202A}'..='\u{202E}');
    raw.chars().filter(|c| matches!(c, '\n' | '\t') || !(c.is_control() || turns(*c))).collect()
}

fn checked(text: String, max_chars: usize) -> Result<String, TextError> {
    if text.is_empty() {
        Err(TextError::Empty)
    } else if text.chars().count() > max_chars {
        Err(TextError::TooLong { max_chars })
    } else {
        Ok(text)
    }
}

/// Tells whether a character is only drawn onto the one before it.
fn is_combining(c: char) -> bool {
    matches!(c,
        '\u{0300}'..='\u{036F}' | '\u{0483}'..='\u{0489}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
}

/// Tells whether a character shows nothing, or changes how its neighbours show. A name made of such
/// characters would look empty, or like somebody else's.
fn is_invisible(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
            | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
            // Private use: what these show, if anything, depends on the fonts of the reader.
            | '\u{E000}'..='\u{F8FF}' | '\u{E0000}'..='\u{E0FFF}' | '\u{F0000}'..='\u{10FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_1_to_64_visible_characters() {
        assert_eq!(display_name("  Ana \t María\n"), Ok("Ana María".into()));
        assert_eq!(display_name(" \u{200B}\u{202E} "), Err(TextError::Empty));
        assert_eq!(display_name(&"ä".repeat(64)), Ok("ä".repeat(64)));
        assert_eq!(display_name(&"ä".repeat(65)), Err(TextError::TooLong { max_chars: 64 }));
        assert_eq!(display_name("A\u{202E}na\u{0000}"), Ok("Ana".into()));
        for nothing in
            ["\u{1D173}", "\u{1BCA0}", "\u{FFF0}", "\u{E000}", "\u{F0000}", "\u{10FFFD}", "\u{301}\u{20DD}"]
        {
            assert_eq!(display_name(nothing), Err(TextError::Empty), "{nothing:?}");
        }
        assert_eq!(display_name("Ne\u{301}"), Ok("Ne\u{301}".into()), "an accent has its letter");
    }

    #[test]
    fn messages_have_1_to_4000_characters() {
        assert_eq!(message(" hello\nyou \u{0007}"), Ok("hello\nyou".into()));
        assert_eq!(message("\n \u{200B}"), Err(TextError::Empty));
        assert_eq!(message("moc.\u{202E}knab\u{202C}"), Ok("moc.knab".into()), "nothing is turned around");
        assert!(message(&"x".repeat(4_000)).is_ok());
        assert_eq!(message(&"x".repeat(4_001)), Err(TextError::TooLong { max_chars: 4_000 }));
    }

    #[test]
    fn comments_have_up_to_1000_characters_in_lines() {
        assert_eq!(comment(" good\r\n\u{0000}sound\u{0007} "), Ok("good\nsound".into()));
        assert_eq!(comment("\u{0000} "), Ok(String::new()));
        assert_eq!(comment(&"é".repeat(1_000)), Ok("é".repeat(1_000)));
        assert_eq!(comment(&"é".repeat(1_001)), Err(TextError::TooLong { max_chars: 1_000 }));
    }
}
