//! The limiter of a single server: it keeps the times of all uses within the period of their rule.

use super::{LimitKey, Limited, Limiter, Refused, Rule};
use async_trait::async_trait;
use parley_protocol::Timestamp;
use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
};

/// The number of requests between two cleanups, which forget keys without recent uses.
const CLEAN_EVERY: usize = 4_096;

#[derive(Default)]
pub struct InMemory(Mutex<Done>);

#[derive(Default)]
struct Done {
    times: HashMap<(Limited, LimitKey), Times>,
    asked: usize,
}

struct Times {
    at: VecDeque<Timestamp>,
    rule: Rule,
}

impl Times {
    /// Drops the times that are too old to count.
    fn trim(&mut self, now: Timestamp) {
        while self.at.front().is_some_and(|first| *first + self.rule.within <= now) {
            self.at.pop_front();
        }
    }
}

#[async_trait]
impl Limiter for InMemory {
    async fn take(
        &self,
        what: Limited,
        who: LimitKey,
        count: u32,
        rule: Rule,
        now: Timestamp,
    ) -> Result<(), Refused> {
        let mut done = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        done.asked += 1;
        if done.asked.is_multiple_of(CLEAN_EVERY) {
            done.times.retain(|_, times| {
                times.trim(now);
                !times.at.is_empty()
            });
        }
        let times = done.times.entry((what, who)).or_insert_with(|| Times { at: VecDeque::new(), rule });
        times.trim(now);
        let (count, most) = (count as usize, rule.count as usize);
        let over = (times.at.len() + count).saturating_sub(most);
        if over == 0 {
            times.at.extend(std::iter::repeat_n(now, count));
            return Ok(());
        }
        // There is room when the `over` oldest uses have left the period.
        let room_at = times.at.get(over - 1).map_or(now, |last| *last + rule.within);
        Err(Refused::Wait(room_at.since(now)))
    }

    async fn give_back(&self, what: Limited, who: LimitKey) -> Result<(), Refused> {
        let mut done = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(times) = done.times.get_mut(&(what, who)) {
            times.at.pop_back();
        }
        Ok(())
    }

    fn is_local(&self) -> bool {
        true
    }
}
