//! The seam: what an engine can be asked, and what it may report.

use async_trait::async_trait;
use parley_protocol::{
    CallId, DeviceId, Timestamp, UserId,
    call::Engine,
    rest::{EnginePass, IceConfig},
};
use std::fmt::{self, Display};
use tokio::sync::mpsc::UnboundedReceiver;

/// The place in an engine where a call happens. Its name is the call's id.
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

/// The engine could not be reached, or refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed(pub String);

impl Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What an engine tells of a room of its own accord, for example over a webhook. Its signature has been checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EngineReport {
    /// Media of this device flows.
    Connected { call: CallId, user: UserId, device: DeviceId },
    /// This device is not there any longer.
    Lost { call: CallId, user: UserId, device: DeviceId },
    /// The room is closed.
    Closed { call: CallId },
}

#[async_trait]
pub trait MediaEngine: Send + Sync {
    fn engine(&self) -> Engine;

    /// Most people in one call.
    fn capacity(&self) -> u32;

    /// What a device of this person needs to connect.
    fn ice(&self, user: UserId) -> IceConfig;

    /// Lets a device of this person into a room, for a while. The caller has made sure that it may come in.
    fn admit(&self, room: &EngineRoom, user: UserId, now: Timestamp) -> EnginePass;

    /// Whether it can carry calls.
    fn is_up(&self) -> bool {
        true
    }

    /// Whether there is anything to open, close or send people out of.
    fn has_rooms(&self) -> bool {
        false
    }

    /// What it tells of its rooms; taken once, at the start of the server.
    fn reports(&self) -> Option<UnboundedReceiver<EngineReport>> {
        None
    }

    async fn open(&self, _room: &EngineRoom) -> Result<(), Failed> {
        Ok(())
    }

    /// Whoever has been let in is out, and what let them in is worth nothing.
    async fn remove(&self, _room: &EngineRoom, _user: UserId) -> Result<(), Failed> {
        Ok(())
    }

    async fn close(&self, _room: &EngineRoom) -> Result<(), Failed> {
        Ok(())
    }
}
