//! The log of the last frames for one device, so that a device that returns soon misses nothing.
//!
//! A frame carries no number, because it is serialized once for all who receive it. Its position is the count
//! of frames before it. Every log begins its count at a random number, so that a position in one log is not
//! mistaken for one in another.

use super::Frame;
use std::{collections::VecDeque, time::Duration};
use tokio::time::Instant;

/// The time for which a frame is kept.
pub const KEPT: Duration = Duration::from_secs(120);
const FRAMES_MAX: usize = 512;
const BYTES_MAX: usize = 512 * 1024;

pub struct Log {
    /// The position of the next frame.
    next: u64,
    kept: VecDeque<(Instant, Frame)>,
    bytes: usize,
}

impl Default for Log {
    fn default() -> Self {
        // JavaScript counts exactly up to 2^53, so a start below 2^48 leaves room.
        Self { next: rand::random::<u64>() >> 16, kept: VecDeque::new(), bytes: 0 }
    }
}

impl Log {
    pub fn next(&self) -> u64 {
        self.next
    }

    /// Makes all earlier positions unknown, because a frame that belongs here was lost. Frames that still
    /// wait for the socket are kept, and are counted back from the new position.
    pub fn skip(&mut self) {
        // The jump is longer than the log can be, so `since` finds no earlier position within it.
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

    /// Returns every frame from this position on; `None` when the position is unknown or too old.
    pub fn since(&mut self, place: u64) -> Option<Vec<Frame>> {
        self.trim();
        let missed = usize::try_from(self.next.checked_sub(place)?).ok()?;
        let first = self.kept.len().checked_sub(missed)?;
        Some(self.kept.iter().skip(first).map(|(_, frame)| frame.clone()).collect())
    }

    /// Drops frames that are too old, and the memory of an empty log.
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
    fn missed_frames_are_found_by_position() {
        let mut log = Log::default();
        let first = log.next();
        log.push(frame("a"));
        log.push(frame("b"));
        assert_eq!(texts(log.since(first)), Some(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(texts(log.since(first + 1)), Some(vec!["b".to_owned()]));
        assert_eq!(texts(log.since(first + 2)), Some(Vec::new()));
        assert_eq!(texts(log.since(first + 3)), None, "a position of another log");
        assert_eq!(texts(log.since(first - 1)), None, "a position of another log");
        assert_eq!(texts(Log::default().since(first)), None, "a position of another log");
    }

    #[test]
    fn a_log_keeps_a_limited_number_of_frames() {
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
    fn a_log_keeps_a_limited_number_of_bytes() {
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
    fn a_position_from_before_a_gap_is_unknown() {
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
    async fn a_log_keeps_a_frame_for_two_minutes() {
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
