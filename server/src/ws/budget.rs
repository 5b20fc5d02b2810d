//! How much one socket may say: as much as the rule allows from its first frame on, then again.

use crate::cluster::limits::Rule;
use std::time::Duration;
use tokio::time::Instant;

/// Whoever goes on for so many times the limit is not listened to any longer.
const PATIENCE: u32 = 4;

#[derive(Default)]
pub struct Budget {
    since: Option<Instant>,
    used: u32,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Spent {
    Fine,
    /// After this time there is room again.
    TooMuch(Duration),
    FarTooMuch,
}

impl Budget {
    pub fn spend(&mut self, rule: Rule) -> Spent {
        self.spend_at(rule, Instant::now())
    }

    fn spend_at(&mut self, rule: Rule, now: Instant) -> Spent {
        let since = *self.since.get_or_insert(now);
        let left = (since + rule.within).saturating_duration_since(now);
        if left.is_zero() {
            *self = Self { since: Some(now), used: 0 };
        }
        self.used = self.used.saturating_add(1);
        if self.used <= rule.count {
            Spent::Fine
        } else if self.used <= rule.count.saturating_mul(PATIENCE) {
            Spent::TooMuch(left)
        } else {
            Spent::FarTooMuch
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Rule = Rule { count: 2, within: Duration::from_secs(10) };

    #[test]
    fn the_limit_is_accepted_and_one_more_is_not() {
        let (mut budget, now) = (Budget::default(), Instant::now());
        let ms = Duration::from_millis(1);
        assert_eq!(budget.spend_at(RULE, now), Spent::Fine);
        assert_eq!(budget.spend_at(RULE, now + ms), Spent::Fine);
        assert_eq!(budget.spend_at(RULE, now + ms), Spent::TooMuch(RULE.within.checked_sub(ms).unwrap()));
        assert_eq!(budget.spend_at(RULE, now + RULE.within), Spent::Fine, "a new stretch");
    }

    #[test]
    fn whoever_goes_on_and_on_is_far_too_much() {
        let (mut budget, now) = (Budget::default(), Instant::now());
        let all: Vec<Spent> = (0..9).map(|_| budget.spend_at(RULE, now)).collect();
        assert!(all[2..8].iter().all(|spent| *spent == Spent::TooMuch(RULE.within)));
        assert_eq!(all[8], Spent::FarTooMuch);
    }
}
