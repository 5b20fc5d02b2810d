//! The interface of media engines: the trait that each implements, and the reports that it may send.

use async_trait::async_trait;
use parley_protocol::{
    CallId, DeviceId, Timestamp, UserId,
    call::Engine,
    rest::{EnginePass, IceConfig},
};
use std::fmt::{self, Display};
use tokio::sync::mpsc::UnboundedReceiver;

/// The room of a call in an engine. Its name is the call's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EngineRoom {
    pub call: CallId,
    pub capacity: u32,
}

impl EngineRoom {
    pub fn name(&self) -> String {
        self.call.to_string()
    }
}

/// The error of an engine that could not be reached, or that refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed(pub String);

impl Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A report of an engine about a room, for example from a webhook. The engine's code has checked its
/// signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EngineReport {
    /// Media of this device is flowing.
    Connected { call: CallId, user: UserId, device: DeviceId },
    /// The device is no longer in the room.
    Lost { call: CallId, user: UserId, device: DeviceId },
    /// The room is closed.
    Closed { call: CallId },
}

/// An engine that carries the media of calls.
#[async_trait]
pub trait MediaEngine: Send + Sync {
    fn engine(&self) -> Engine;

    /// Returns the most people in one call.
    fn capacity(&self) -> u32;

    /// Returns the ICE configuration for a device of this person.
    fn ice(&self, user: UserId) -> IceConfig;

    /// Makes a pass that lets a device of this person into a room for a while. The caller has checked that it
    /// may enter.
    fn admit(&self, room: &EngineRoom, user: UserId, now: Timestamp) -> EnginePass;

    /// Tells whether the engine can carry calls.
    fn is_up(&self) -> bool {
        true
    }

    /// Tells whether the engine has rooms, which must be opened and closed.
    fn has_rooms(&self) -> bool {
        false
    }

    /// Takes the channel of the engine's reports. The server takes it once, at its start.
    fn reports(&self) -> Option<UnboundedReceiver<EngineReport>> {
        None
    }

    async fn open(&self, _room: &EngineRoom) -> Result<(), Failed> {
        Ok(())
    }

    /// Removes a person from a room, and makes their pass invalid.
    async fn remove(&self, _room: &EngineRoom, _user: UserId) -> Result<(), Failed> {
        Ok(())
    }

    async fn close(&self, _room: &EngineRoom) -> Result<(), Failed> {
        Ok(())
    }
}
