//! Plain English: documentation names its subject first, and so do functions and tests.

use super::repo::{File, Problem, Repo};

/// First words that leave the reader to guess the noun.
const RIDDLES: [&str; 11] =
    ["What", "Who", "Whose", "Whom", "Whoever", "Whatever", "How", "Of", "Nobody", "Nothing", "In vain"];
/// Beginnings of names that are clauses instead of nouns or verbs.
const CLAUSES: [&str; 5] = ["who_", "whom_", "whoever_", "whose_", "what_"];

pub fn first_words(repo: &Repo) -> Vec<Problem> {
    repo.rust().flat_map(documentation).collect()
}

fn documentation(file: &File) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut before = None;
    for (at, line) in file.text.lines().enumerate() {
        let doc = ["///", "//!"].into_iter().find(|marker| line.trim_start().starts_with(marker));
        if let Some(marker) = doc.filter(|_| doc != before) {
            let text = line.trim_start().trim_start_matches(marker).trim_start();
            if let Some(word) = RIDDLES.into_iter().find(|word| begins_with(text, word)) {
                let what =
                    format!("documentation begins with `{word}`: name the thing, or begin with a verb");
                problems.push(file.problem(at + 1, what));
            }
        }
        before = doc;
    }
    problems
}

fn begins_with(text: &str, word: &str) -> bool {
    text.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
}

pub fn names(repo: &Repo) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in repo.rust() {
        for (at, line) in file.code.lines().enumerate() {
            let declared =
                line.split("fn ").skip(1).filter(|name| CLAUSES.iter().any(|c| name.starts_with(c)));
            for name in declared {
                let name = name.split(['(', '<']).next().unwrap_or(name);
                let what = format!("`{name}` is a clause: a function is a verb, a test a claim about a noun");
                problems.push(file.problem(at + 1, what));
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(rule: fn(&Repo) -> Vec<Problem>, text: &str) -> usize {
        rule(&Repo::fixture(&[("server/src/x.rs", text)])).len()
    }

    #[test]
    fn riddles_at_the_beginning_are_found() {
        for text in [
            "//! What is counted.\n",
            "/// Who is counted.\nfn f() {}\n",
            "/// In vain.\nfn f() {}\n",
            "struct A {\n    /// Of the last report.\n    b: u8,\n}\n",
            "//! A module.\n/// How it is done.\nfn f() {}\n",
        ] {
            assert_eq!(problems(first_words, text), 1, "{text}");
        }
    }

    #[test]
    fn documentation_that_names_its_subject_passes() {
        for text in [
            "/// Returns the loudness.\n/// What is below it counts for nothing.\nfn f() {}\n",
            "/// Offers to be sent.\nfn f() {}\n",
            "// What follows is subtle.\n",
            "/// Whole seconds.\nconst A: u8 = 1;\n",
        ] {
            assert_eq!(problems(first_words, text), 0, "{text}");
        }
    }

    #[test]
    fn names_that_are_clauses_are_found() {
        for text in ["fn what_is_left() {}\n", "    pub(super) async fn who_rings<T>() {}\n"] {
            assert_eq!(problems(names, text), 1, "{text}");
        }
        for text in ["fn whole() {}\n", "let a = \"fn what_is_left\";\n", "// fn who_rings\n"] {
            assert_eq!(problems(names, text), 0, "{text}");
        }
    }
}
