//! From whoever has something to tell to the sockets of whoever should hear it.
//!
//! A server delivers to its own sockets at once. What other servers have to know travels as a [`Note`] over a
//! channel per person and per call; a server listens for the people and calls that it holds, and for no others.

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

/// None of these waits for the network, but `hold`, and that not for long.
#[async_trait]
pub trait Bus: Send + Sync {
    /// To the sockets of this server now, to those of others soon; in this order for each person.
    fn publish(&self, delivery: Delivery);

    /// Closes all sockets of a session that has ended, on whichever server.
    fn revoke(&self, user: UserId, session: SessionId);

    /// Other servers close the sockets that this device had there.
    fn replaced(&self, user: UserId, device: DeviceId);

    /// Other servers have an older version of this call, if they have it.
    fn changed(&self, call: CallChange);

    /// Other servers may know this person by another name.
    fn renamed(&self, user: UserId);

    /// Returns when what others tell this person arrives here as well, or cannot for the moment.
    async fn hold(&self, user: UserId);

    /// The person may have no device here any longer.
    fn release(&self, user: UserId);

    /// Whether servers reach one another.
    fn is_up(&self) -> bool;

    /// How much waits to be told to other servers.
    fn waiting(&self) -> usize {
        0
    }
}
