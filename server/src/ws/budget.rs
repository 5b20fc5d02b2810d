//! The limit on frames from one socket: a count per time window, and the first frame opens the window.

use crate::cluster::limits::Rule;
use std::time::Duration;
use tokio::time::Instant;

/// The multiple of the limit in one window at which the socket is closed.
const PATIENCE: u32 = 4;

/// The frames that a socket has sent in the current window.
#[derive(Default)]
pub struct Budget {
    since: Option<Instant>,
    used: u32,
}

/// The verdict on a frame.
#[derive(Debug, PartialEq, Eq)]
pub enum Spent {
    Fine,
    /// The frame is refused; the next window opens after this time.
    TooMuch(Duration),
    /// The socket is to be closed.
    FarTooMuch,
}

impl Budget {
    /// Counts a frame.
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
    fn a_client_far_over_its_limit_is_cut_off() {
        let (mut budget, now) = (Budget::default(), Instant::now());
        let all: Vec<Spent> = (0..9).map(|_| budget.spend_at(RULE, now)).collect();
        assert!(all[2..8].iter().all(|spent| *spent == Spent::TooMuch(RULE.within)));
        assert_eq!(all[8], Spent::FarTooMuch);
    }
}
