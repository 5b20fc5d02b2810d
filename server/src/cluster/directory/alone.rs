//! The directory of a single server, which knows from its own sockets who is online.

use super::{Beat, Connected, Directory};
use crate::cluster::hub::Hub;
use async_trait::async_trait;
use parley_protocol::{DeviceId, Presence, UserId};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

pub struct Alone {
    hub: Arc<Hub>,
    /// The last presence of everybody who is not offline.
    presences: Mutex<HashMap<UserId, Presence>>,
}

impl Alone {
    pub fn new(hub: Arc<Hub>) -> Self {
        Self { hub, presences: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<UserId, Presence>> {
        self.presences.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Directory for Alone {
    async fn arrived(&self, _: UserId, _: DeviceId) {}

    async fn left(&self, _: UserId, _: DeviceId) {}

    async fn is_connected(&self, user: UserId, device: DeviceId) -> Connected {
        if self.hub.is_connected(user, device) { Connected::Yes } else { Connected::No }
    }

    async fn online(&self, users: &[UserId]) -> Option<Vec<bool>> {
        Some(users.iter().map(|user| self.hub.is_online(*user)).collect())
    }

    async fn set_presences(&self, presences: &[(UserId, Presence)]) -> Option<Vec<Presence>> {
        let mut told = self.lock();
        let before = presences.iter().map(|(user, presence)| {
            let before = match presence {
                Presence::Offline => told.remove(user),
                _ => told.insert(*user, *presence),
            };
            before.unwrap_or(Presence::Offline)
        });
        Some(before.collect())
    }

    async fn presences(&self, users: &[UserId]) -> Option<Vec<Presence>> {
        let told = self.lock();
        Some(users.iter().map(|user| told.get(user).copied().unwrap_or(Presence::Offline)).collect())
    }

    async fn beat(&self) -> Beat {
        Beat::default()
    }

    async fn depart(&self) {}
}
