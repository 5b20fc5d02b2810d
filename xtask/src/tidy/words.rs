//! Checks that texts for people are only in the catalogue, `src/words/english.rs`, where they can be
//! translated.

use super::repo::{File, Problem, Repo};
use super::rust_text::strings;

const PLACES: [&str; 5] = ["src/components/", "src/pages/", "src/app.rs", "src/platform", "src/api"];
/// The styleguide, which is not part of a release and shows made-up people.
const EXCEPT: &str = "src/pages/styleguide";
/// Names that are the same in every language: of keys, of headers, of the product.
const NAMES: [&str; 12] = [
    "Enter",
    "Escape",
    "Tab",
    "ArrowLeft",
    "ArrowRight",
    "ArrowUp",
    "ArrowDown",
    "Parley",
    "Home",
    "Idempotency-Key",
    "Content-Type",
    "(min-width",
];
/// Attributes whose values people do not read.
const ATTRIBUTES: [&str; 7] = ["class=", "rel=", "viewBox=", "d=", "allow=", "reason = ", "points="];

/// Reports texts for people in the page's code.
pub fn outside_the_catalogue(repo: &Repo) -> Vec<Problem> {
    let read = |file: &&File| PLACES.iter().any(|place| file.path.starts_with(place));
    let mut problems = Vec::new();
    for file in repo.rust().filter(read).filter(|file| !file.path.starts_with(EXCEPT)) {
        for (at, (text, code)) in file.text.lines().zip(file.shipped.lines()).enumerate() {
            for literal in literals(text, code).into_iter().filter(|literal| is_read(literal)) {
                let what = format!("\"{literal}\" belongs in src/words/english.rs");
                problems.push(file.problem(at + 1, &what));
            }
        }
    }
    problems
}

/// Lists the strings of a line, without the values of `ATTRIBUTES`.
fn literals(text: &str, code: &str) -> Vec<String> {
    let is_attribute = |at: usize| {
        let before: String = code.chars().take(at).collect();
        ATTRIBUTES.iter().any(|attribute| before.ends_with(attribute))
    };
    let read = strings(text, code).into_iter().filter(|(at, _)| !is_attribute(*at));
    read.map(|(_, string)| string).collect()
}

/// Tells whether a string looks like text for people: it begins like a sentence, or has two words with a
/// space between.
fn is_read(literal: &str) -> bool {
    if NAMES.iter().any(|name| literal.trim() == *name || literal.starts_with("(min-width")) {
        return false;
    }
    let letters: Vec<char> = literal.trim().chars().collect();
    let sentence =
        matches!(letters[..], [first, second, ..] if first.is_uppercase() && second.is_lowercase());
    let is_word = |word: &str| word.len() > 1 && word.chars().all(char::is_alphabetic);
    let words: Vec<&str> = literal.split(' ').collect();
    sentence
        || words.windows(2).any(|pair| is_word(pair[0]) && is_word(pair[1].trim_end_matches(['.', ',', '!'])))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(line: &str) -> usize {
        let text = format!("//! A component.\n{line}\n");
        outside_the_catalogue(&Repo::fixture(&[("src/components/x.rs", &text)])).len()
    }

    #[test]
    fn a_text_for_people_is_found() {
        for line in [
            r#"<p>"Leave call"</p>"#,
            r#"let label = "Leave".to_owned();"#,
            r#"<button aria-label="leave the call" />"#,
            r#"format!("{name} is muted")"#,
            r#"format!("Calling {name}")"#,
        ] {
            assert_eq!(problems(line), 1, "{line}");
        }
    }

    #[test]
    fn a_string_that_only_the_page_reads_is_allowed() {
        for line in [
            r#"<p class="call bar">{say(Word::LeaveCall)}</p>"#,
            r#"data-tone="danger""#,
            r#"// "Leave call" is said elsewhere"#,
            r#"if event.key() == "Escape" {}"#,
            r#"<svg viewBox="0 0 24 24"><path d="M12 3a3 3 0 0 0" /></svg>"#,
            r#"#[cfg(test)] mod tests { const X: &str = "Leave call"; }"#,
            r#"format!("{hours}:{minutes:02}")"#,
        ] {
            assert_eq!(problems(line), 0, "{line}");
        }
    }
}
