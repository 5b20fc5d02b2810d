//! The path of a message from the code that publishes it to the sockets of its recipients.
//!
//! A server delivers to its own sockets at once. Other servers receive a [`Note`] over Redis, on one channel
//! per person and one per call. A server subscribes only to people with a device here and to calls in its
//! cache.

mod in_process;
mod in_redis;
mod note;

pub use in_process::InProcess;
pub use in_redis::{RedisBus, RedisEndpoint};
pub use note::{Filter, Note};

use super::delivery::Delivery;
use crate::storage::CallChange;
use async_trait::async_trait;
use parley_protocol::{DeviceId, SessionId, UserId};

/// The connection between servers. No method waits for the network except `hold`, and that one not for long.
#[async_trait]
pub trait Bus: Send + Sync {
    /// Delivers to the sockets of this server at once, and to those of others soon. What one server publishes
    /// reaches each person in the order of these calls.
    fn publish(&self, delivery: Delivery);

    /// Closes all sockets of a session that has ended, on every server.
    fn revoke(&self, user: UserId, session: SessionId);

    /// Makes other servers close the sockets that this device had there.
    fn replaced(&self, user: UserId, device: DeviceId);

    /// Makes other servers drop their cached copy of this call, if it is older.
    fn changed(&self, call: CallChange);

    /// Makes other servers drop cached calls with this person, whose profile has changed.
    fn renamed(&self, user: UserId);

    /// Subscribes to the person's messages from other servers. Returns when they arrive here as well, or when
    /// Redis does not answer in time.
    async fn hold(&self, user: UserId);

    /// Unsubscribes from the person, unless one of their devices is still here.
    fn release(&self, user: UserId);

    /// Checks whether messages between servers arrive.
    fn is_up(&self) -> bool;

    /// Returns the number of notes that wait to be sent to other servers.
    fn waiting(&self) -> usize {
        0
    }
}
