//! The rules of the code base that no compiler knows, checked.
//!
//! A rule is a function from the files of the checkout to the places that break it. Each one stands with
//! tests that show it broken.

mod absence;
mod layers;
mod modules;
mod outside;
mod paths;
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

const RULES: [fn(&Repo) -> Vec<Problem>; 19] = [
    layers::manifests,
    layers::page,
    layers::page_rooms,
    layers::server,
    absence::words,
    outside::addresses,
    outside::registries,
    paths::of_rules,
    paths::of_prose,
    protocol_doc::in_step,
    size::files,
    size::functions,
    style::headers,
    style::module_files,
    style::tests_that_wait_or_rest,
    style::lint_exceptions,
    style::sheets,
    versions::shared,
    words::outside_the_catalogue,
];

pub fn run() -> Result<ExitCode> {
    Ok(if passes(&crate::paths::root())? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Checks a checkout, prints what is wrong, tells whether nothing was.
pub fn passes(root: &Path) -> Result<bool> {
    let repo = Repo::load(root)?;
    let problems: Vec<Problem> = RULES.iter().flat_map(|rule| rule(&repo)).collect();
    for problem in &problems {
        println!("{problem}");
    }
    println!("tidy: {} files, {} problems", repo.files.len(), problems.len());
    Ok(problems.is_empty())
}
