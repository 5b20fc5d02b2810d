//! `cargo xtask words`: checks the translations of the page against its English, and writes the files that
//! the page fetches.
//!
//! A translation has a line `Key = text` for each key of `src/words/english.rs`, with the same placeholders
//! in braces. The fetched file is shorter: the digest of the English that it was made from, then the texts
//! alone, in the order of the keys.

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

/// Reads the keys and texts of the page's English.
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

/// Returns the file that the page fetches, and the problems of the translation. A missing text stays English.
fn make(english: &[(String, String)], translation: &str) -> (String, Vec<String>) {
    let lines = translation.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    let translated: Vec<(&str, &str)> = lines.filter_map(|line| line.split_once(" = ")).collect();
    let mut problems = Vec::new();
    for (key, _) in &translated {
        if !english.iter().any(|(known, _)| known == key) {
            problems.push(format!("{key} is not in {ENGLISH}"));
        }
    }
    let mut file = format!("{}\n", digest(english));
    for (key, original) in english {
        let text = translated.iter().find(|(known, _)| known == key).map(|(_, text)| text.trim());
        match text {
            None => problems.push(format!("{key} is missing")),
            Some(text) if names(text) != names(original) => {
                problems.push(format!(
                    "{key} has the placeholders {:?}, its English text {:?}",
                    names(text),
                    names(original)
                ));
            }
            Some(_) => {}
        }
        file.push_str(text.unwrap_or(original));
        file.push('\n');
    }
    (file, problems)
}

/// Returns the placeholders of a text: the names in braces.
fn names(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// Returns the FNV-1a digest of the texts; `english::digest` in the page computes the same one.
fn digest(english: &[(String, String)]) -> u64 {
    let fold = |digest: u64, byte: &u8| (digest ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    english.iter().fold(0xcbf2_9ce4_8422_2325, |digest, (_, text)| {
        text.as_bytes().iter().chain(b"\n").fold(digest, fold)
    })
}

/// Writes a file unless it has this text already.
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
    fn missing_and_unknown_keys_and_other_placeholders_are_problems() {
        let (file, problems) = make(&english(), "With = Anruf\nLave = Auflegen\n");
        assert_eq!(problems.len(), 3, "{problems:?}");
        for (problem, key) in problems.iter().zip(["Lave", "Leave", "With"]) {
            assert!(problem.starts_with(key), "{problem}");
        }
        assert!(file.contains("Leave call"), "what is missing stays English");
    }

    #[test]
    fn every_language_of_the_page_is_complete() {
        let root = paths::root();
        let english = super::english(&root).expect("read");
        assert!(english.len() > 100);
        for (language, text) in translations(&root).expect("read") {
            assert_eq!(make(&english, &text).1, Vec::<String>::new(), "{language}");
        }
    }
}
