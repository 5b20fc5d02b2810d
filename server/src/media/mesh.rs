//! The mesh engine: devices connect to one another, and the server only gives them ICE servers and relays
//! signals.

use super::{EngineRoom, MediaEngine};
use crate::config::Config;
use parley_core::time::Duration;
use parley_protocol::{
    Timestamp, UserId,
    call::Engine,
    limits,
    rest::{EnginePass, IceConfig, IceServer},
};

/// The lifetime of a pass.
const PASS: Duration = Duration::from_secs(10 * 60);

/// The mesh engine.
pub struct PeerToPeer {
    servers: Vec<IceServer>,
    preconnect: bool,
}

impl PeerToPeer {
    pub fn new(config: &Config) -> Self {
        Self { servers: config.ice_servers.clone(), preconnect: config.preconnect }
    }
}

impl MediaEngine for PeerToPeer {
    fn engine(&self) -> Engine {
        Engine::P2p
    }

    fn capacity(&self) -> u32 {
        u32::try_from(limits::MESH_MAX).unwrap_or(u32::MAX)
    }

    fn ice(&self, _user: UserId) -> IceConfig {
        IceConfig { servers: self.servers.clone(), relay_only: false, preconnect: self.preconnect }
    }

    fn admit(&self, _room: &EngineRoom, _user: UserId, now: Timestamp) -> EnginePass {
        EnginePass { url: None, token: None, expires_at: now + PASS }
    }
}
