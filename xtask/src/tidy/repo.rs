//! The text files of a checkout, and the problems that rules report about them.

use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::Result;

use super::rust_text;

/// The files of a checkout.
pub struct Repo {
    pub files: Vec<File>,
    /// Paths of files that are not text, such as pictures.
    pub others: Vec<String>,
}

/// A text file, with its code prepared for the rules.
pub struct File {
    /// Path from the checkout's root, with `/` as separator.
    pub path: String,
    pub text: String,
    /// For Rust, the text with comments and contents of strings blanked, in the same lines; else the text.
    pub code: String,
    /// For Rust, `code` with the items under `#[cfg(test)]` blanked; else the text.
    pub shipped: String,
}

/// A violation of a rule at one place.
#[derive(Debug)]
pub struct Problem {
    pub path: String,
    /// Line number from 1; 0 for the file as a whole.
    pub line: usize,
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

impl Repo {
    pub fn load(root: &Path) -> Result<Self> {
        let mut repo = Self { files: Vec::new(), others: Vec::new() };
        walk(root, "", &mut repo)?;
        repo.files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(repo)
    }

    #[cfg(test)]
    pub fn fixture(files: &[(&str, &str)]) -> Self {
        Self { files: files.iter().map(|(path, text)| File::new(path, text)).collect(), others: Vec::new() }
    }

    pub fn rust(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.is("rs"))
    }

    pub fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Tells whether there is such a file or folder.
    pub fn has(&self, path: &str) -> bool {
        let below = |found: &str| {
            found.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        path.is_empty() || self.paths().any(below)
    }

    /// Tells whether some file's path ends with these components.
    pub fn ends_with(&self, end: &str) -> bool {
        let ends =
            |found: &str| found.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'));
        self.paths().any(ends)
    }

    fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.path.as_str()).chain(self.others.iter().map(String::as_str))
    }
}

impl File {
    fn new(path: &str, text: &str) -> Self {
        let (code, shipped) = if Path::new(path).extension().is_some_and(|ext| ext == "rs") {
            let code = rust_text::code(text);
            let shipped = rust_text::without_tests(&code);
            (code, shipped)
        } else {
            (text.to_owned(), text.to_owned())
        };
        Self { path: path.to_owned(), text: text.to_owned(), code, shipped }
    }

    pub fn is(&self, extension: &str) -> bool {
        Path::new(&self.path).extension().is_some_and(|found| found == extension)
    }

    /// Tells whether the file is in this folder, at any depth.
    pub fn within(&self, folder: &str) -> bool {
        self.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    }

    /// Tells whether the file belongs to a test program, as opposed to a module that contains tests.
    pub fn is_test(&self) -> bool {
        self.path.split('/').any(|part| part == "tests")
    }

    pub fn problem(&self, line: usize, what: impl Into<String>) -> Problem {
        Problem { path: self.path.clone(), line, what: what.into() }
    }

    /// Reports every line of `text` that names one of the words.
    pub fn naming(&self, text: &str, words: &[&str], what: &str) -> Vec<Problem> {
        let lines = text.lines().enumerate();
        lines
            .filter_map(|(at, line)| {
                let word = words.iter().find(|word| rust_text::names(line, word))?;
                Some(self.problem(at + 1, format!("`{word}`: {what}")))
            })
            .collect()
    }
}

/// Reads the files of the project. Folders that are built, fetched or hidden are left out.
fn walk(root: &Path, below: &str, repo: &mut Repo) -> Result<()> {
    for entry in fs::read_dir(root.join(below))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
        let kind = entry.file_type()?;
        if kind.is_dir() {
            if !is_foreign(&name, below.is_empty()) && !entry.path().join("CACHEDIR.TAG").exists() {
                walk(root, &path, repo)?;
            }
        } else if kind.is_file() {
            match fs::read_to_string(entry.path()) {
                Ok(text) => repo.files.push(File::new(&path, &text)),
                Err(_) => repo.others.push(path),
            }
        }
    }
    Ok(())
}

fn is_foreign(folder: &str, at_top: bool) -> bool {
    match folder {
        ".ci" | ".cargo" | ".github" => false,
        "node_modules" => true,
        "target" | "dist" | "data" => at_top,
        _ => folder.starts_with('.'),
    }
}
