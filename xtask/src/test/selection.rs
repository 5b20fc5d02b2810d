//! Parses the selection of `cargo xtask test`: suites, filters on the names of their tests, and a shard.

use anyhow::{Context, Result, bail, ensure};

/// The suites and tests that run.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Suites with the filters that follow them. An empty list stands for all suites.
    suites: Vec<(String, Vec<String>)>,
    pub shard: Shard,
}

impl Selection {
    /// Parses words such as `e2e call::video server blocks`: a word that is no suite filters the suite before
    /// it.
    pub fn parse(words: &[String], shard: Option<&str>, known: &[&str]) -> Result<Self> {
        let mut selection =
            Self { suites: Vec::new(), shard: shard.map_or(Ok(Shard::default()), Shard::parse)? };
        for word in words {
            if known.contains(&word.as_str()) {
                selection.suites.push((word.clone(), Vec::new()));
            } else if let Some((_, filters)) = selection.suites.last_mut() {
                filters.push(word.clone());
            } else {
                bail!("unknown suite `{word}`; the suites are {}", known.join(", "));
            }
        }
        Ok(selection)
    }

    /// Returns the filters of a suite that runs, and `None` for one that does not.
    pub fn suite(&self, name: &str) -> Option<Vec<String>> {
        if self.suites.is_empty() {
            return Some(Vec::new());
        }
        let named: Vec<_> = self.suites.iter().filter(|(suite, _)| suite == name).collect();
        let whole = named.iter().any(|(_, filters)| filters.is_empty());
        let filters = named.iter().flat_map(|(_, filters)| filters.clone());
        (!named.is_empty()).then(|| if whole { Vec::new() } else { filters.collect() })
    }
}

/// One of several equal shares of the tests, each for another machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    this: usize,
    of: usize,
}

impl Default for Shard {
    fn default() -> Self {
        Self { this: 0, of: 1 }
    }
}

impl Shard {
    /// Parses `2/4`: the second of four.
    pub fn parse(text: &str) -> Result<Self> {
        let numbers =
            text.split_once('/').and_then(|(this, of)| Some((this.parse().ok()?, of.parse().ok()?)));
        let (this, of): (usize, usize) =
            numbers.with_context(|| format!("`{text}` is not a share such as 2/4"))?;
        ensure!((1..=of).contains(&this), "there is no share {this} of {of}");
        Ok(Self { this: this - 1, of })
    }

    /// Tells whether a piece of work belongs to this shard. Pieces are dealt in turn, each to exactly one
    /// shard.
    pub fn takes(self, piece: usize) -> bool {
        piece % self.of == self.this
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 3] = ["unit", "server", "e2e"];

    fn selection(line: &str) -> Result<Selection> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Selection::parse(&words, None, &KNOWN)
    }

    #[test]
    fn without_words_every_suite_runs_whole() {
        let all = selection("").unwrap();
        assert!(KNOWN.iter().all(|suite| all.suite(suite) == Some(Vec::new())));
    }

    #[test]
    fn filters_belong_to_the_suite_before_them() {
        let selection = selection("e2e call::video glare server blocks").unwrap();
        assert_eq!(selection.suite("e2e").unwrap(), ["call::video", "glare"]);
        assert_eq!(selection.suite("server").unwrap(), ["blocks"]);
        assert_eq!(selection.suite("unit"), None);
    }

    #[test]
    fn a_suite_that_is_also_named_without_filters_runs_whole() {
        assert_eq!(selection("e2e call e2e").unwrap().suite("e2e"), Some(Vec::new()));
    }

    #[test]
    fn a_filter_without_a_suite_is_refused() {
        assert!(
            selection("call::video").unwrap_err().to_string().contains("the suites are unit, server, e2e")
        );
    }

    #[test]
    fn every_piece_is_in_one_share() {
        let shares: Vec<Shard> = (1..=4).map(|this| Shard::parse(&format!("{this}/4")).unwrap()).collect();
        for piece in 0..100 {
            assert_eq!(shares.iter().filter(|share| share.takes(piece)).count(), 1, "piece {piece}");
        }
    }

    #[test]
    fn an_impossible_share_is_refused() {
        for text in ["", "2", "0/4", "5/4", "1/0", "a/b", "-1/2", "1/2/3"] {
            assert!(Shard::parse(text).is_err(), "{text}");
        }
    }
}
