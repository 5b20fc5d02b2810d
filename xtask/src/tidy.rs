//! `cargo xtask tidy`: checks the rules of the code base that the compiler does not know.
//!
//! A rule is a function from the files of the checkout to the problems in them. Each module of rules has
//! tests in which its rules are broken.

mod absence;
mod layers;
mod modules;
mod outside;
mod paths;
mod prose;
mod protocol_doc;
mod repo;
mod rust_text;
mod size;
mod style;
mod versions;
mod words;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use repo::{Problem, Repo};

const RULES: [fn(&Repo) -> Vec<Problem>; 21] = [
    layers::manifests,
    layers::page,
    layers::page_modules,
    layers::server,
    absence::words,
    outside::addresses,
    outside::registries,
    paths::of_rules,
    paths::of_prose,
    prose::first_words,
    prose::names,
    protocol_doc::in_step,
    size::files,
    size::functions,
    style::headers,
    style::module_files,
    style::sleeping_or_ignored_tests,
    style::lint_exceptions,
    style::sheets,
    versions::shared,
    words::outside_the_catalogue,
];

pub fn run() -> Result<ExitCode> {
    Ok(if passes(&crate::paths::root())? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Checks a checkout and prints the problems; tells whether there were none.
pub fn passes(root: &Path) -> Result<bool> {
    let repo = Repo::load(root)?;
    let problems: Vec<Problem> = RULES.iter().flat_map(|rule| rule(&repo)).collect();
    for problem in &problems {
        println!("{problem}");
    }
    println!("tidy: {} files, {} problems", repo.files.len(), problems.len());
    Ok(problems.is_empty())
}
