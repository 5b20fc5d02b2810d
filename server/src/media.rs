//! Media engines, which carry the media of calls. The rest of the server does not know which engine does it,
//! and asks [`Media`] by the name that is stored with the call.
//!
//! A mesh has no rooms: devices connect to one another. An engine with rooms is told who may come in, who is
//! removed and when a call is over, and reports about its rooms as [`EngineReport`]s.

mod mesh;
mod orders;
mod seam;

pub use mesh::PeerToPeer;
pub use seam::{EngineReport, EngineRoom, Failed, MediaEngine};

use crate::config::Config;
use orders::{Order, Orders};
use parley_core::call::{Event, Record};
use parley_protocol::{
    Timestamp, UserId,
    call::Engine,
    rest::{EnginePass, IceConfig},
};
use std::sync::Arc;
use tokio::sync::mpsc::UnboundedReceiver;

/// The engines of this server. There is at least one.
pub struct Media {
    usual: Arc<dyn MediaEngine>,
    others: Vec<Arc<dyn MediaEngine>>,
    orders: Orders,
}

impl Media {
    pub fn new(config: &Config) -> Self {
        Self::of(Arc::new(PeerToPeer::new(config)), Vec::new())
    }

    pub fn of(usual: Arc<dyn MediaEngine>, others: Vec<Arc<dyn MediaEngine>>) -> Self {
        Self { usual, others, orders: Orders::default() }
    }

    /// Picks the engine of a new call for this number of people: the first that holds them all, else the
    /// largest.
    pub fn pick(&self, people: usize) -> &dyn MediaEngine {
        let all = || std::iter::once(&self.usual).chain(&self.others);
        let holds =
            |engine: &&Arc<dyn MediaEngine>| usize::try_from(engine.capacity()).is_ok_and(|n| n >= people);
        let fit = all().find(holds).or_else(|| all().max_by_key(|engine| engine.capacity()));
        &**fit.unwrap_or(&self.usual)
    }

    /// Returns the ICE configuration for a device of this person outside any call.
    pub fn ice(&self, user: UserId, always_relay: bool) -> IceConfig {
        through_relay(self.usual.ice(user), always_relay)
    }

    /// Returns the ICE configuration for a device of this person in a call with this engine.
    pub fn ice_in(&self, engine: Engine, user: UserId, always_relay: bool) -> IceConfig {
        through_relay(self.named(engine).ice(user), always_relay)
    }

    /// Lets a device of this person into the call's room.
    pub fn admit(&self, record: &Record, user: UserId, now: Timestamp) -> EnginePass {
        self.named(record.engine).admit(&room(record), user, now)
    }

    /// Tells whether the engine of new calls is up.
    pub fn is_up(&self) -> bool {
        self.usual.is_up()
    }

    /// Passes the effects of a decision to the call's engine, in the background.
    pub fn follow(&self, record: &Record, events: &[Event]) {
        let engine = self.named(record.engine);
        if !engine.has_rooms() {
            return;
        }
        let room = room(record);
        let mut orders: Vec<Order> = events
            .iter()
            .filter_map(|event| match event {
                Event::Started => Some(Order::Open),
                Event::Kicked { user, .. } | Event::Removed { user } | Event::Left { user, .. } => {
                    Some(Order::Remove(*user))
                }
                _ => None,
            })
            .collect();
        if !record.status.is_live() {
            // Closing the room removes everyone, so single removals are not needed.
            orders = vec![Order::Close];
        }
        self.orders.give(engine, room, orders);
    }

    /// Takes the channels on which the engines report. `calls::reports` reads them. Later calls return none.
    pub fn reports(&self) -> Vec<UnboundedReceiver<EngineReport>> {
        std::iter::once(&self.usual).chain(&self.others).filter_map(|engine| engine.reports()).collect()
    }

    fn named(&self, engine: Engine) -> &Arc<dyn MediaEngine> {
        self.others.iter().find(|other| other.engine() == engine).unwrap_or(&self.usual)
    }
}

/// Restricts the device to relays if its person wants that, so that it does not show its addresses to others.
fn through_relay(ice: IceConfig, always_relay: bool) -> IceConfig {
    IceConfig { relay_only: ice.relay_only || always_relay, ..ice }
}

fn room(record: &Record) -> EngineRoom {
    EngineRoom { call: record.id, capacity: record.capacity }
}

#[cfg(test)]
mod tests;
