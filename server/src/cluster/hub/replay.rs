//! What a device was sent last: so that a socket that returns soon misses nothing.
//!
//! A message has no number written on it, for it is written once for all who receive it. Its place is how many came
//! before it; a log begins anywhere, so that the count of one is not mistaken for that of another.

use super::Frame;
use std::{collections::VecDeque, time::Duration};
use tokio::time::Instant;

/// How long a message is kept.
pub const KEPT: Duration = Duration::from_secs(120);
const FRAMES_MAX: usize = 512;
const BYTES_MAX: usize = 512 * 1024;

pub struct Log {
    /// Place of the next message.
    next: u64,
    kept: VecDeque<(Instant, Frame)>,
    bytes: usize,
}

impl Default for Log {
    fn default() -> Self {
        // A number that a browser can count on from.
        Self { next: rand::random::<u64>() >> 16, kept: VecDeque::new(), bytes: 0 }
    }
}

impl Log {
    pub fn next(&self) -> u64 {
        self.next
    }

    /// Something was lost that belongs here: no place from before this is known any longer. What waits for its socket
    /// still counts from here on, as it comes after.
    pub fn skip(&mut self) {
        self.next += FRAMES_MAX as u64 + 1;
    }

    pub fn push(&mut self, frame: Frame) {
        self.next += 1;
        self.bytes += frame.len();
        self.kept.push_back((Instant::now(), frame));
        while self.kept.len() > FRAMES_MAX || self.bytes > BYTES_MAX {
            self.pop();
        }
    }

    /// Everything from this place on; nothing when it is not known any longer.
    pub fn since(&mut self, place: u64) -> Option<Vec<Frame>> {
        self.trim();
        let missed = usize::try_from(self.next.checked_sub(place)?).ok()?;
        let first = self.kept.len().checked_sub(missed)?;
        Some(self.kept.iter().skip(first).map(|(_, frame)| frame.clone()).collect())
    }

    /// Forgets what is too old.
    pub fn trim(&mut self) {
        let now = Instant::now();
        while self.kept.front().is_some_and(|(at, _)| now.duration_since(*at) >= KEPT) {
            self.pop();
        }
        if self.kept.is_empty() {
            self.kept = VecDeque::new();
        }
    }

    fn pop(&mut self) {
        if let Some((_, frame)) = self.kept.pop_front() {
            self.bytes -= frame.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::extract::ws::Utf8Bytes;
    use std::sync::Arc;

    fn frame(text: &str) -> Frame {
        Arc::new(Utf8Bytes::from(text))
    }

    fn texts(frames: Option<Vec<Frame>>) -> Option<Vec<String>> {
        Some(frames?.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn what_was_missed_is_known_by_its_place() {
        let mut log = Log::default();
        let first = log.next();
        log.push(frame("a"));
        log.push(frame("b"));
        assert_eq!(texts(log.since(first)), Some(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(texts(log.since(first + 1)), Some(vec!["b".to_owned()]));
        assert_eq!(texts(log.since(first + 2)), Some(Vec::new()));
        assert_eq!(texts(log.since(first + 3)), None, "of another log");
        assert_eq!(texts(log.since(first - 1)), None, "of another log");
        assert_eq!(texts(Log::default().since(first)), None, "of another log");
    }

    #[test]
    fn it_keeps_so_many_and_no_more() {
        let mut log = Log::default();
        let first = log.next();
        for _ in 0..FRAMES_MAX {
            log.push(frame("x"));
        }
        assert!(log.since(first).is_some_and(|all| all.len() == FRAMES_MAX));
        log.push(frame("x"));
        assert!(log.since(first).is_none());
        assert!(log.since(first + 1).is_some());
    }

    #[test]
    fn it_keeps_so_much_and_no_more() {
        let mut log = Log::default();
        let first = log.next();
        let large = "x".repeat(BYTES_MAX / 8);
        for _ in 0..8 {
            log.push(frame(&large));
        }
        assert!(log.since(first).is_some_and(|all| all.len() == 8));
        log.push(frame("y"));
        assert!(log.since(first).is_none());
        assert_eq!(log.since(first + 1).map(|all| all.len()), Some(8));
    }

    #[test]
    fn a_place_from_before_a_loss_is_not_known() {
        let mut log = Log::default();
        let first = log.next();
        for _ in 0..FRAMES_MAX {
            log.push(frame("before"));
        }
        let last = log.next();
        log.skip();
        for place in [first, last, log.next() - FRAMES_MAX as u64 - 1] {
            assert!(log.since(place).is_none());
        }
        let place = log.next();
        assert_eq!(texts(log.since(place)), Some(Vec::new()));
        log.push(frame("after"));
        assert_eq!(texts(log.since(place)), Some(vec!["after".to_owned()]));
        assert!(log.since(last).is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn it_keeps_two_minutes_and_no_longer() {
        let mut log = Log::default();
        let first = log.next();
        log.push(frame("old"));
        tokio::time::advance(KEPT.checked_sub(Duration::from_millis(1)).unwrap()).await;
        log.push(frame("young"));
        assert!(log.since(first).is_some());
        tokio::time::advance(Duration::from_millis(1)).await;
        assert!(log.since(first).is_none());
        assert_eq!(texts(log.since(first + 1)), Some(vec!["young".to_owned()]));
    }
}
