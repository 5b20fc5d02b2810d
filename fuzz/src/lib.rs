//! Input that nobody would send, for everything that reads what strangers send. Runs on stable Rust.
//!
//! A target says in a few words how it took an input. An input that is taken in a new way joins the corpus, and
//! is bent further: so the search goes where the code goes, without watching its branches.

mod bend;
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

/// What stays of a corpus.
const CORPUS_MAX: usize = 150;
const INPUT_MAX: usize = 4 * 1024;
/// No input of this size may take so long, on the slowest machine.
const SLOW: Duration = Duration::from_secs(5);

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// A target, what it has been given, and the ways in which it took that.
pub struct Search {
    target: &'static Target,
    corpus: Vec<Vec<u8>>,
    ways: HashSet<String>,
    rng: StdRng,
    /// Whether new inputs are written down.
    keeps: bool,
}

impl Search {
    /// Begins with the corpus that is kept, all of which is thrown first.
    pub fn new(target: &'static Target, seed: u64, keeps: bool) -> Result<Self> {
        let mut files = fs::read_dir(folder().join(target.name))
            .with_context(|| format!("{} has no corpus", target.name))?
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<Vec<_>>>()?;
        // The order decides what is bent next.
        files.sort();
        let rng = StdRng::seed_from_u64(seed);
        let mut search = Self { target, corpus: Vec::new(), ways: HashSet::new(), rng, keeps };
        for file in files {
            let input = fs::read(file)?;
            let way = search.throw(&input)?;
            search.ways.insert(way);
            search.corpus.push(input);
        }
        if search.corpus.is_empty() {
            bail!("{} has an empty corpus", target.name);
        }
        Ok(search)
    }

    /// Bends one input and throws it.
    pub fn step(&mut self) -> Result<()> {
        let at = self.rng.random_range(0..self.corpus.len());
        let other = self.rng.random_range(0..self.corpus.len());
        let mut input = bend::bend(&mut self.rng, &self.corpus[at], &self.corpus[other]);
        input.truncate(INPUT_MAX);
        let way = self.throw(&input)?;
        if self.ways.insert(way) && self.corpus.len() < CORPUS_MAX {
            if self.keeps {
                fs::write(folder().join(self.target.name).join(name(&input)), &input)?;
            }
            self.corpus.push(input);
        }
        Ok(())
    }

    pub fn ways(&self) -> usize {
        self.ways.len()
    }

    /// An input that makes the target panic, or wait, is written down and reported.
    fn throw(&self, input: &[u8]) -> Result<String> {
        let begun = Instant::now();
        let taken = catch_unwind(AssertUnwindSafe(|| (self.target.run)(input)));
        match taken {
            Ok(way) if begun.elapsed() < SLOW => Ok(way),
            taken => {
                let file = std::env::temp_dir().join(format!("parley-{}-{}", self.target.name, name(input)));
                fs::write(&file, input)?;
                let what = if taken.is_ok() { "took too long" } else { "panicked" };
                bail!("{} {what}: the input is in {}", self.target.name, file.display())
            }
        }
    }
}

fn name(input: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    input.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
