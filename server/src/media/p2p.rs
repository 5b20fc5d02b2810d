//! Devices connect to one another; the server only helps them to find a way.

use super::MediaEngine;
use crate::config::Config;
use parley_protocol::{
    UserId,
    call::Engine,
    rest::{IceConfig, IceServer},
};

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

    fn ice(&self, _user: UserId) -> IceConfig {
        IceConfig { servers: self.servers.clone(), relay_only: false, preconnect: self.preconnect }
    }
}
