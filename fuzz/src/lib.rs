//! A fuzzer on stable Rust for everything in Parley that reads data of strangers.
//!
//! A target describes the outcome of each input in a few words, such as the code of a refusal. An input with
//! a new outcome joins the corpus and is mutated further. So the search follows the behaviour of the code
//! without instrumenting its branches.

mod mutate;
mod targets;

pub use targets::{TARGETS, Target};

use anyhow::{Context, Result, bail};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use std::{
    collections::HashSet,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// Largest number of inputs in a corpus.
const CORPUS_MAX: usize = 150;
/// Largest input, in bytes.
const INPUT_MAX: usize = 4 * 1024;
/// Time within which every input must be read, even on a slow machine.
const SLOW: Duration = Duration::from_secs(5);

/// Returns the folder that holds the corpora, one folder per target.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// A search through the inputs of one target: its corpus, and the outcomes seen so far.
pub struct Search {
    target: &'static Target,
    corpus: Vec<Vec<u8>>,
    outcomes: HashSet<String>,
    rng: StdRng,
    /// Whether inputs with a new outcome are written into the corpus folder.
    writes_corpus: bool,
}

impl Search {
    /// Starts a search: reads the stored corpus and runs all of it.
    pub fn new(target: &'static Target, seed: u64, writes_corpus: bool) -> Result<Self> {
        let mut files = fs::read_dir(folder().join(target.name))
            .with_context(|| format!("{} has no corpus", target.name))?
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<Vec<_>>>()?;
        // The same seed must choose the same inputs, whatever order the file system lists them in.
        files.sort();
        let rng = StdRng::seed_from_u64(seed);
        let mut search = Self { target, corpus: Vec::new(), outcomes: HashSet::new(), rng, writes_corpus };
        for file in files {
            let input = fs::read(file)?;
            let outcome = search.run(&input)?;
            search.outcomes.insert(outcome);
            search.corpus.push(input);
        }
        if search.corpus.is_empty() {
            bail!("{} has an empty corpus", target.name);
        }
        Ok(search)
    }

    /// Mutates one input of the corpus and runs it.
    pub fn step(&mut self) -> Result<()> {
        let at = self.rng.random_range(0..self.corpus.len());
        let other = self.rng.random_range(0..self.corpus.len());
        let mut input = mutate::mutate(&mut self.rng, &self.corpus[at], &self.corpus[other]);
        input.truncate(INPUT_MAX);
        let outcome = self.run(&input)?;
        if self.outcomes.insert(outcome) && self.corpus.len() < CORPUS_MAX {
            if self.writes_corpus {
                fs::write(folder().join(self.target.name).join(name(&input)), &input)?;
            }
            self.corpus.push(input);
        }
        Ok(())
    }

    /// Returns the number of different outcomes so far.
    pub fn outcomes(&self) -> usize {
        self.outcomes.len()
    }

    /// Runs the target on one input and returns the outcome. An input that makes it panic or take too long is
    /// written to a temporary file, which the error names.
    fn run(&self, input: &[u8]) -> Result<String> {
        let begun = Instant::now();
        let taken = catch_unwind(AssertUnwindSafe(|| (self.target.run)(input)));
        match taken {
            Ok(outcome) if begun.elapsed() < SLOW => Ok(outcome),
            taken => {
                let file = std::env::temp_dir().join(format!("parley-{}-{}", self.target.name, name(input)));
                fs::write(&file, input)?;
                let what = if taken.is_ok() { "took too long" } else { "panicked" };
                bail!("{} {what}: the input is in {}", self.target.name, file.display())
            }
        }
    }
}

/// Returns the file name of an input: the digest of its bytes.
fn name(input: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    input.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
