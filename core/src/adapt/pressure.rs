//! The pressure on a line or computer, which says when to send less and when to try more again.

use crate::{
    quality::{Score, Standing},
    time::{Duration, Instant},
};

/// The time that a step down needs to show its effect, before the next one.
const DOWN_APART: Duration = Duration::from_millis(4_000);
const UP_FIRST: Duration = Duration::from_millis(10_000);
const UP_MAX: Duration = Duration::from_millis(120_000);
/// The time after a step up in which trouble is blamed on it.
const TRIAL: Duration = Duration::from_millis(15_000);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    Stay,
    /// A number of steps down.
    Down(u8),
    Up,
}

#[derive(Debug, Clone)]
pub struct Pressure {
    standing: Standing,
    moved_at: Instant,
    raised_at: Option<Instant>,
    up_after: Duration,
}

impl Default for Pressure {
    fn default() -> Self {
        Self {
            standing: Standing::default(),
            moved_at: Instant::default(),
            raised_at: None,
            up_after: UP_FIRST,
        }
    }
}

impl Pressure {
    pub fn feel(&mut self, now: Instant, score: Score) -> Move {
        self.standing.sample(score);
        let shown = self.standing.shown();
        let since = now.since(self.moved_at);
        // A line that carries nothing teaches nothing about the bitrate, nor does a warning that is about to
        // clear.
        if shown == Score::Lost || (shown.is_bad() && !score.is_bad()) {
            return Move::Stay;
        }
        if shown.is_bad() {
            if since < DOWN_APART {
                return Move::Stay;
            }
            if self.raised_at.take().is_some_and(|at| now.since(at) <= TRIAL) {
                self.up_after = (self.up_after * 2).min(UP_MAX);
            }
            self.moved_at = now;
            return Move::Down(if shown == Score::Poor { 2 } else { 1 });
        }
        if since < self.up_after || score.is_bad() {
            return Move::Stay;
        }
        if self.raised_at.replace(now).is_some() {
            // The line could carry the step before this one, so the next one may come sooner.
            self.up_after = (self.up_after / 2).max(UP_FIRST);
        }
        self.moved_at = now;
        Move::Up
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Score::{Excellent, Fair, Lost, Poor};
    use proptest::prelude::*;

    /// Feeds a sample every two seconds, and returns the moves with their second.
    fn run(pressure: &mut Pressure, from: u64, samples: &[Score]) -> Vec<(u64, Move)> {
        let at = |n: usize| from + 2 * n as u64;
        let feel = |(n, score): (usize, &Score)| (at(n), pressure.feel(Instant(at(n) * 1_000), *score));
        samples.iter().enumerate().map(feel).filter(|(_, made)| *made != Move::Stay).collect()
    }

    #[test]
    fn down_in_steps_and_up_after_ten_seconds() {
        let mut pressure = Pressure::default();
        assert_eq!(run(&mut pressure, 100, &[Fair; 6]), [(104, Move::Down(1)), (108, Move::Down(1))]);
        let up = run(&mut pressure, 112, &[Excellent; 10]);
        assert_eq!(up, [(120, Move::Up), (130, Move::Up)], "five to clear, ten seconds apart");
        assert_eq!(run(&mut Pressure::default(), 100, &[Poor; 3]), [(104, Move::Down(2))]);
    }

    #[test]
    fn a_warning_that_is_clearing_is_no_reason_for_less() {
        let mut pressure = Pressure::default();
        run(&mut pressure, 100, &[Fair; 3]);
        assert_eq!(run(&mut pressure, 106, &[Excellent; 4]), []);
    }

    #[test]
    fn a_step_that_was_too_much_is_tried_again_later() {
        let mut pressure = Pressure::default();
        run(&mut pressure, 100, &[Fair; 3]);
        assert_eq!(run(&mut pressure, 106, &[Excellent; 5]), [(114, Move::Up)]);
        assert_eq!(run(&mut pressure, 116, &[Fair; 3]), [(120, Move::Down(1))]);
        assert_eq!(run(&mut pressure, 122, &[Excellent; 10]), [(140, Move::Up)], "twice as long");
        let borne = run(&mut pressure, 142, &[Excellent; 15]);
        assert_eq!(borne, [(160, Move::Up), (170, Move::Up)], "sooner again when it was borne");
    }

    #[test]
    fn nothing_moves_while_nothing_passes() {
        assert_eq!(run(&mut Pressure::default(), 100, &[Lost; 20]), []);
    }

    proptest! {
        #[test]
        fn steps_down_are_apart_and_on_bad_samples_only(
            samples in proptest::collection::vec((500_u64..5_000, 0_u8..5), 0..200),
        ) {
            let mut pressure = Pressure::default();
            let (mut now, mut down) = (0, None::<u64>);
            for (wait, score) in samples {
                now += wait;
                let score = [Lost, Poor, Fair, Score::Good, Excellent][usize::from(score)];
                match pressure.feel(Instant(now), score) {
                    Move::Down(_) => {
                        prop_assert!(score.is_bad() && score != Lost);
                        prop_assert!(down.is_none_or(|at| now - at >= 4_000));
                        down = Some(now);
                    }
                    Move::Up => {
                        prop_assert!(!score.is_bad());
                        prop_assert!(down.is_none_or(|at| now - at >= 10_000));
                    }
                    Move::Stay => {}
                }
            }
        }
    }
}
