//! The directory of devices and the servers that they are connected to, so that every server knows who is
//! online.
//!
//! Each server holds a lease and renews it every few seconds; a device counts as connected while the lease of
//! its server holds. A server that stops ends its lease. One that dies lets it expire; the first server that
//! notices takes over its devices, and gives their seats in calls a grace period.

mod alone;
mod in_redis;

pub use alone::Alone;
pub use in_redis::InRedis;

use async_trait::async_trait;
use parley_protocol::{DeviceId, Presence, UserId};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connected {
    Yes,
    No,
    /// No answer from the directory.
    Unknown,
}

/// The result of renewing a server's lease.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Beat {
    /// Whether the lease had ended, so that others may have taken over this server's devices.
    pub was_lost: bool,
    /// Whether the directory has just caught up on devices that came or went while it did not answer.
    pub caught_up: bool,
    /// The devices of servers that have died; this server takes them over.
    pub orphans: Vec<(UserId, DeviceId)>,
}

/// The shared record of devices and presences. While it does not answer, nobody is taken to be gone.
#[async_trait]
pub trait Directory: Send + Sync {
    async fn arrived(&self, user: UserId, device: DeviceId);

    async fn left(&self, user: UserId, device: DeviceId);

    /// Checks whether the device is connected to any server.
    async fn is_connected(&self, user: UserId, device: DeviceId) -> Connected;

    /// Tells for each of these people whether a device of theirs is connected; `None` without an answer.
    async fn online(&self, users: &[UserId]) -> Option<Vec<bool>>;

    /// Stores the presences that others are told, and returns the ones before; `None` without an answer.
    async fn set_presences(&self, presences: &[(UserId, Presence)]) -> Option<Vec<Presence>>;

    /// Returns the presences that others were last told; `None` without an answer.
    async fn presences(&self, users: &[UserId]) -> Option<Vec<Presence>>;

    /// Renews the lease, and records what could not be recorded before.
    async fn beat(&self) -> Beat;

    /// Ends the lease, because the server stops.
    async fn depart(&self);
}
