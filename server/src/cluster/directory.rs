//! Which device is connected to which server, so that every server knows who is there.
//!
//! A server that stops says so. One that dies stops renewing its lease; whichever server notices first takes over what
//! it held, and frees the seats.

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
    /// The directory does not answer.
    Unknown,
}

/// What a server learns when it renews its lease.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Beat {
    /// Others may have taken this server for dead.
    pub was_lost: bool,
    /// Others have just learned who came and went while they could not be told.
    pub caught_up: bool,
    /// Devices of servers that have died.
    pub orphans: Vec<(UserId, DeviceId)>,
}

/// While it does not answer, nobody is taken to be gone.
#[async_trait]
pub trait Directory: Send + Sync {
    async fn arrived(&self, user: UserId, device: DeviceId);

    async fn left(&self, user: UserId, device: DeviceId);

    /// To any server.
    async fn is_connected(&self, user: UserId, device: DeviceId) -> Connected;

    /// Which of these people have a device that is connected; nothing when it does not answer.
    async fn online(&self, users: &[UserId]) -> Option<Vec<bool>>;

    /// What others were last told of these people, and from now on; nothing when it does not answer.
    async fn tell(&self, presences: &[(UserId, Presence)]) -> Option<Vec<Presence>>;

    /// What others were last told of these people.
    async fn told(&self, users: &[UserId]) -> Option<Vec<Presence>>;

    /// Also tells what could not be told before.
    async fn beat(&self) -> Beat;

    /// The server stops.
    async fn depart(&self);
}
