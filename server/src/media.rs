//! What carries the media of a call, seen from the server: which engine, and what its devices need.

mod p2p;

pub use p2p::PeerToPeer;

use parley_protocol::{UserId, call::Engine, rest::IceConfig};

pub trait MediaEngine: Send + Sync {
    fn engine(&self) -> Engine;

    /// What a device of this person needs to connect.
    fn ice(&self, user: UserId) -> IceConfig;

    /// Whether it can carry calls.
    fn is_up(&self) -> bool {
        true
    }
}
