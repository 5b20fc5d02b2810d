//! The score that is shown: slow to worsen and slower to mend, so that a single bad sample does not alarm
//! anybody.
//!
//! ```text
//!   shown ── 3 worse in a row ──► the mildest of them
//!   shown ── 5 better in a row ─► the least of them
//!   any ── lost ──► lost, at once (this sample is late already)
//!   lost ── anything else ──► at most fair, at once
//! ```

use super::Score;

const WORSE_TO_WARN: u8 = 3;
const BETTER_TO_CLEAR: u8 = 5;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    shown: Score,
    worse: Run,
    better: Run,
}

/// A run of samples that are all worse, or all better, and the one among them that is nearest to the shown
/// score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Run {
    length: u8,
    nearest: Option<Score>,
}

impl Default for Standing {
    fn default() -> Self {
        Self { shown: Score::Good, worse: Run::default(), better: Run::default() }
    }
}

impl Standing {
    pub const fn shown(&self) -> Score {
        self.shown
    }

    pub fn sample(&mut self, score: Score) {
        if score == Score::Lost || self.shown == Score::Lost {
            return self.show(score.min(Score::Fair));
        }
        self.worse.count(score < self.shown, score, Ord::max);
        self.better.count(score > self.shown, score, Ord::min);
        if self.worse.length >= WORSE_TO_WARN {
            self.show(self.worse.nearest.unwrap_or(score));
        } else if self.better.length >= BETTER_TO_CLEAR {
            self.show(self.better.nearest.unwrap_or(score));
        }
    }

    fn show(&mut self, score: Score) {
        *self = Self { shown: score, ..Self::default() };
    }
}

impl Run {
    fn count(&mut self, goes_on: bool, score: Score, nearer: fn(Score, Score) -> Score) {
        if goes_on {
            self.length = self.length.saturating_add(1);
            self.nearest = Some(self.nearest.map_or(score, |nearest| nearer(nearest, score)));
        } else {
            *self = Self::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Score::{Excellent, Fair, Good, Lost, Poor};
    use proptest::prelude::*;

    fn check(script: &[(Score, Score)]) {
        let mut standing = Standing::default();
        for (at, (sample, shown)) in script.iter().enumerate() {
            standing.sample(*sample);
            assert_eq!(standing.shown(), *shown, "after sample {at}");
        }
    }

    #[test]
    fn three_to_warn_five_to_clear() {
        check(&[
            (Fair, Good),
            (Poor, Good),
            (Fair, Fair),
            (Good, Fair),
            (Good, Fair),
            (Good, Fair),
            (Excellent, Fair),
            (Good, Good),
        ]);
    }

    #[test]
    fn one_good_sample_begins_the_count_anew() {
        check(&[(Poor, Good), (Poor, Good), (Good, Good), (Poor, Good), (Poor, Good), (Poor, Poor)]);
        check(&[
            (Poor, Good),
            (Poor, Good),
            (Poor, Poor),
            (Good, Poor),
            (Good, Poor),
            (Good, Poor),
            (Good, Poor),
            (Poor, Poor),
            (Good, Poor),
        ]);
    }

    #[test]
    fn lost_is_shown_at_once_and_mends_in_steps() {
        check(&[
            (Lost, Lost),
            (Good, Fair),
            (Good, Fair),
            (Good, Fair),
            (Good, Fair),
            (Good, Fair),
            (Good, Good),
        ]);
        check(&[(Lost, Lost), (Poor, Poor)]);
    }

    fn scores() -> impl Strategy<Value = Score> {
        prop_oneof![Just(Lost), Just(Poor), Just(Fair), Just(Good), Just(Excellent)]
    }

    proptest! {
        #[test]
        fn a_shown_score_was_earned(samples in proptest::collection::vec(scores(), 0..100)) {
            let mut standing = Standing::default();
            for (at, sample) in samples.iter().enumerate() {
                let before = standing.shown();
                standing.sample(*sample);
                let shown = standing.shown();
                if shown < before && shown != Lost {
                    prop_assert!(samples[..=at].iter().rev().take(3).all(|score| *score <= shown));
                }
                if shown > before && before != Lost {
                    prop_assert!(samples[..=at].iter().rev().take(5).all(|score| *score >= shown));
                }
            }
        }
    }
}
