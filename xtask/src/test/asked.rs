//! Reads what a call of `cargo xtask test` asks for: suites, names within them, a share of it all.

use anyhow::{Context, Result, bail, ensure};

/// The part of the tests that runs.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Suites with the filters that follow them; none stands for all.
    suites: Vec<(String, Vec<String>)>,
    pub shard: Shard,
}

impl Asked {
    /// Reads words such as `e2e call::video server blocks`: what follows a suite and is none itself is a part of names.
    pub fn parse(words: &[String], shard: Option<&str>, known: &[&str]) -> Result<Self> {
        let mut asked = Self { suites: Vec::new(), shard: shard.map_or(Ok(Shard::default()), Shard::parse)? };
        for word in words {
            if known.contains(&word.as_str()) {
                asked.suites.push((word.clone(), Vec::new()));
            } else if let Some((_, filters)) = asked.suites.last_mut() {
                filters.push(word.clone());
            } else {
                bail!("there is no suite `{word}`; the suites are {}", known.join(", "));
            }
        }
        Ok(asked)
    }

    /// The filters of a suite that runs; `None` for one that does not.
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

/// One of several equal shares of the tests, for as many machines.
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
    /// Reads `2/4`: the second of four.
    pub fn parse(text: &str) -> Result<Self> {
        let numbers =
            text.split_once('/').and_then(|(this, of)| Some((this.parse().ok()?, of.parse().ok()?)));
        let (this, of): (usize, usize) =
            numbers.with_context(|| format!("`{text}` is no share such as 2/4"))?;
        ensure!((1..=of).contains(&this), "there is no share {this} of {of}");
        Ok(Self { this: this - 1, of })
    }

    /// Deals the pieces of work in turn, so that every piece is in just one share.
    pub fn takes(self, piece: usize) -> bool {
        piece % self.of == self.this
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 3] = ["unit", "server", "e2e"];

    fn asked(line: &str) -> Result<Asked> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Asked::parse(&words, None, &KNOWN)
    }

    #[test]
    fn without_words_every_suite_runs_whole() {
        let all = asked("").unwrap();
        assert!(KNOWN.iter().all(|suite| all.suite(suite) == Some(Vec::new())));
    }

    #[test]
    fn filters_belong_to_the_suite_before_them() {
        let asked = asked("e2e call::video glare server blocks").unwrap();
        assert_eq!(asked.suite("e2e").unwrap(), ["call::video", "glare"]);
        assert_eq!(asked.suite("server").unwrap(), ["blocks"]);
        assert_eq!(asked.suite("unit"), None);
    }

    #[test]
    fn a_suite_that_is_also_named_without_filters_runs_whole() {
        assert_eq!(asked("e2e call e2e").unwrap().suite("e2e"), Some(Vec::new()));
    }

    #[test]
    fn a_filter_without_a_suite_is_refused() {
        assert!(asked("call::video").unwrap_err().to_string().contains("the suites are unit, server, e2e"));
    }

    #[test]
    fn every_piece_is_in_one_share() {
        let shares: Vec<Shard> = (1..=4).map(|this| Shard::parse(&format!("{this}/4")).unwrap()).collect();
        for piece in 0..100 {
            assert_eq!(shares.iter().filter(|share| share.takes(piece)).count(), 1, "piece {piece}");
        }
    }

    #[test]
    fn a_share_that_cannot_be_is_refused() {
        for text in ["", "2", "0/4", "5/4", "1/0", "a/b", "-1/2", "1/2/3"] {
            assert!(Shard::parse(text).is_err(), "{text}");
        }
    }
}
