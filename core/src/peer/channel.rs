//! A reliable, ordered channel for signals over a route that may lose, repeat and reorder them.
//!
//! The socket to the server drops and returns, and the server forwards signals without storing them. A lost
//! signal would leave two browsers waiting for one another for ever. So each payload has a sequence number,
//! is repeated until it is acknowledged, and is delivered once and in order. The generation of the connection
//! is added by `phone::lines`, which keeps one channel for each.

use crate::time::{Duration, Instant, earliest};
use parley_protocol::signal::{Signal, SignalPayload};
use std::collections::{BTreeMap, VecDeque};

const RESEND_FIRST: Duration = Duration::from_millis(1_000);
const RESEND_MAX: Duration = Duration::from_millis(4_000);
/// The time that an acknowledgement waits for a payload to travel with.
const ACK_DELAY: Duration = Duration::from_millis(100);
/// The sequence numbers ahead of the expected one for which a payload is kept. Bounds the memory that a
/// hostile sender can fill.
const WINDOW: u32 = 64;
/// The most payloads that are repeated at once.
const BURST: usize = 16;

#[derive(Debug, Default)]
pub struct Channel {
    last_seq: u32,
    unacknowledged: VecDeque<(u32, SignalPayload)>,
    resend_at: Option<Instant>,
    resend_after: Duration,
    received: u32,
    early: BTreeMap<u32, SignalPayload>,
    ack_at: Option<Instant>,
    outgoing: VecDeque<Signal>,
}

impl Channel {
    pub fn send(&mut self, now: Instant, payload: SignalPayload) {
        self.last_seq += 1;
        self.unacknowledged.push_back((self.last_seq, payload.clone()));
        if self.resend_at.is_none() {
            self.resend_after = RESEND_FIRST;
            self.resend_at = Some(now + self.resend_after);
        }
        self.emit(self.last_seq, Some(payload));
    }

    /// Takes a signal, and returns the payloads that are next in order.
    pub fn receive(&mut self, now: Instant, signal: Signal) -> Vec<SignalPayload> {
        self.acknowledge(now, signal.ack);
        let Some(payload) = signal.payload else { return Vec::new() };
        self.ack_at = earliest(self.ack_at, Some(now + ACK_DELAY));
        if signal.seq > self.received && signal.seq <= self.received.saturating_add(WINDOW) {
            self.early.insert(signal.seq, payload);
        }
        let mut ready = Vec::new();
        while let Some(payload) = self.early.remove(&(self.received + 1)) {
            self.received += 1;
            ready.push(payload);
        }
        ready
    }

    pub fn tick(&mut self, now: Instant) {
        if self.resend_at.is_some_and(|at| at <= now) {
            self.resend_after = (self.resend_after * 2).min(RESEND_MAX);
            self.resend(now);
        }
        if self.ack_at.is_some_and(|at| at <= now) {
            self.emit(0, None);
        }
    }

    /// Repeats the payloads that have not been acknowledged, when the timer is due or the socket is back.
    pub fn resend(&mut self, now: Instant) {
        let again: Vec<_> = self.unacknowledged.iter().take(BURST).cloned().collect();
        for (seq, payload) in again {
            self.emit(seq, Some(payload));
        }
        self.resend_at = (!self.unacknowledged.is_empty()).then(|| now + self.resend_after);
    }

    pub fn poll(&mut self) -> Option<Signal> {
        self.outgoing.pop_front()
    }

    pub fn deadline(&self) -> Option<Instant> {
        earliest(self.resend_at, self.ack_at)
    }

    /// Checks whether every payload has been acknowledged.
    pub fn is_settled(&self) -> bool {
        self.unacknowledged.is_empty()
    }

    fn acknowledge(&mut self, now: Instant, ack: u32) {
        let before = self.unacknowledged.len();
        self.unacknowledged.retain(|(seq, _)| *seq > ack);
        if self.unacknowledged.is_empty() {
            self.resend_at = None;
        } else if self.unacknowledged.len() < before {
            self.resend_after = RESEND_FIRST;
            self.resend_at = Some(now + self.resend_after);
        }
    }

    fn emit(&mut self, seq: u32, payload: Option<SignalPayload>) {
        self.ack_at = None;
        self.outgoing.push_back(Signal { generation: 0, seq, ack: self.received, payload });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(n: u32) -> SignalPayload {
        SignalPayload::Offer { sdp: n.to_string() }
    }

    #[test]
    fn a_payload_is_delivered_once_and_in_order() {
        let mut channel = Channel::default();
        let signal = |seq| Signal { generation: 0, seq, ack: 0, payload: Some(offer(seq)) };
        assert_eq!(channel.receive(Instant(0), signal(2)), vec![]);
        assert_eq!(channel.receive(Instant(0), signal(1)), vec![offer(1), offer(2)]);
        assert_eq!(channel.receive(Instant(0), signal(1)), vec![]);
        assert_eq!(channel.receive(Instant(0), signal(3)), vec![offer(3)]);
        channel.tick(Instant(100));
        assert_eq!(channel.poll(), Some(Signal { generation: 0, seq: 0, ack: 3, payload: None }));
        assert_eq!(channel.poll(), None);
    }

    #[test]
    fn a_payload_is_repeated_until_acknowledged() {
        let mut channel = Channel::default();
        channel.send(Instant(0), offer(1));
        assert!(channel.poll().is_some());
        channel.tick(Instant(999));
        assert_eq!(channel.poll(), None);
        channel.tick(Instant(1_000));
        assert_eq!(channel.poll().map(|s| s.seq), Some(1));
        assert_eq!(channel.deadline(), Some(Instant(3_000)));
        channel.receive(Instant(1_500), Signal { generation: 0, seq: 0, ack: 1, payload: None });
        assert_eq!(channel.deadline(), None);
    }

    #[test]
    fn a_hostile_sender_fills_nothing() {
        let mut channel = Channel::default();
        for seq in 2..10_000 {
            channel
                .receive(Instant(0), Signal { generation: 0, seq, ack: u32::MAX, payload: Some(offer(seq)) });
        }
        channel.receive(Instant(0), Signal { generation: 0, seq: u32::MAX, ack: 0, payload: Some(offer(0)) });
        assert!(channel.early.len() <= WINDOW as usize);
    }
}
