//! `cargo xtask words`: the languages of the page, checked against its English and made ready to be fetched.
//!
//! A translation has a line `Key = text` for each key of `src/words/english.rs`, and fills in the same names. What the page
//! fetches is shorter: the digest of the English that it was made from, then the texts alone, in order.

use crate::paths;
use anyhow::{Context, Result, bail};
use std::{collections::BTreeSet, fs, path::Path, process::ExitCode};

const ENGLISH: &str = "src/words/english.rs";

pub fn run() -> Result<ExitCode> {
    let root = paths::root();
    let english = english(&root)?;
    let made = paths::generated().join("words");
    fs::create_dir_all(&made)?;
    let mut problems = Vec::new();
    for (language, text) in translations(&root)? {
        let (file, wrong) = make(&english, &text);
        problems.extend(wrong.into_iter().map(|problem| format!("words/{language}.txt: {problem}")));
        write_if_new(&made.join(format!("{language}.txt")), &file)?;
    }
    if !problems.is_empty() {
        bail!("{}", problems.join("\n"));
    }
    Ok(ExitCode::SUCCESS)
}

/// The keys and texts of the page's own language.
fn english(root: &Path) -> Result<Vec<(String, String)>> {
    let source = fs::read_to_string(root.join(ENGLISH)).context(ENGLISH)?;
    Ok(catalogue(&source))
}

fn catalogue(source: &str) -> Vec<(String, String)> {
    let entry = |line: &str| {
        let (key, text) = line.trim().split_once(" = \"")?;
        let text = text.strip_suffix("\",")?;
        Some((key.to_owned(), text.replace("\\\"", "\"")))
    };
    source.lines().filter_map(entry).collect()
}

fn translations(root: &Path) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root.join("words"))?.flatten() {
        let path = entry.path();
        if let Some(language) = path.file_stem().and_then(|stem| stem.to_str()) {
            found.push((language.to_owned(), fs::read_to_string(&path)?));
        }
    }
    found.sort();
    Ok(found)
}

/// What the page fetches, and what is wrong with the translation. A text that is missing stays English.
fn make(english: &[(String, String)], translation: &str) -> (String, Vec<String>) {
    let lines = translation.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    let told: Vec<(&str, &str)> = lines.filter_map(|line| line.split_once(" = ")).collect();
    let mut problems = Vec::new();
    for (key, _) in &told {
        if !english.iter().any(|(known, _)| known == key) {
            problems.push(format!("{key} is not in {ENGLISH}"));
        }
    }
    let mut file = format!("{}\n", digest(english));
    for (key, original) in english {
        let text = told.iter().find(|(known, _)| known == key).map(|(_, text)| text.trim());
        match text {
            None => problems.push(format!("{key} is missing")),
            Some(text) if names(text) != names(original) => {
                problems.push(format!("{key} fills in {:?}, its English {:?}", names(text), names(original)));
            }
            Some(_) => {}
        }
        file.push_str(text.unwrap_or(original));
        file.push('\n');
    }
    (file, problems)
}

/// What stands in braces.
fn names(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// The same as `english::digest` in the page: FNV-1a.
fn digest(english: &[(String, String)]) -> u64 {
    let fold = |digest: u64, byte: &u8| (digest ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    english.iter().fold(0xcbf2_9ce4_8422_2325, |digest, (_, text)| {
        text.as_bytes().iter().chain(b"\n").fold(digest, fold)
    })
}

fn write_if_new(path: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(path).ok().as_deref() != Some(text) {
        fs::write(path, text)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn english() -> Vec<(String, String)> {
        catalogue("words! {\n    Leave = \"Leave call\",\n    With = \"Call with {name}\",\n}\n")
    }

    #[test]
    fn a_translation_is_put_in_the_order_of_the_english() {
        let (file, problems) = make(&english(), "# Deutsch\nWith = Anruf mit {name}\nLeave = Auflegen\n");
        assert_eq!(problems, Vec::<String>::new());
        let (of, texts) = file.split_once('\n').expect("two lines");
        assert_eq!(texts, "Auflegen\nAnruf mit {name}\n");
        assert_eq!(of.parse::<u64>().expect("a number"), digest(&english()));
    }

    #[test]
    fn what_is_missing_unknown_or_filled_in_otherwise_is_named() {
        let (file, problems) = make(&english(), "With = Anruf\nLave = Auflegen\n");
        assert_eq!(problems.len(), 3, "{problems:?}");
        for (problem, key) in problems.iter().zip(["Lave", "Leave", "With"]) {
            assert!(problem.starts_with(key), "{problem}");
        }
        assert!(file.contains("Leave call"), "what is missing stays English");
    }

    #[test]
    fn every_language_of_the_page_is_whole() {
        let root = paths::root();
        let english = super::english(&root).expect("read");
        assert!(english.len() > 100);
        for (language, text) in translations(&root).expect("read") {
            assert_eq!(make(&english, &text).1, Vec::<String>::new(), "{language}");
        }
    }
}
