//! What engines are told to do, one after the other: nobody waits for it, and no room is closed before it was opened.

use super::{EngineRoom, MediaEngine};
use parley_protocol::UserId;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Open,
    Remove(UserId),
    Close,
}

#[derive(Clone, Default)]
pub struct Orders(Arc<Mutex<Queue>>);

#[derive(Default)]
struct Queue {
    waiting: VecDeque<(Arc<dyn MediaEngine>, EngineRoom, Order)>,
    /// Somebody is at it.
    busy: bool,
}

impl Orders {
    pub fn give(&self, engine: &Arc<dyn MediaEngine>, room: EngineRoom, orders: Vec<Order>) {
        if orders.is_empty() {
            return;
        }
        let mut queue = self.lock();
        queue.waiting.extend(orders.into_iter().map(|order| (engine.clone(), room, order)));
        if !std::mem::replace(&mut queue.busy, true) {
            tokio::spawn(self.clone().obey());
        }
    }

    async fn obey(self) {
        while let Some((engine, room, order)) = self.next() {
            let done = match order {
                Order::Open => engine.open(&room).await,
                Order::Remove(user) => engine.remove(&room, user).await,
                Order::Close => engine.close(&room).await,
            };
            if let Err(error) = done {
                // What stays is found when rooms are compared with calls.
                tracing::warn!(call = %room.call, ?order, %error, "the media engine did not follow");
            }
        }
    }

    fn next(&self) -> Option<(Arc<dyn MediaEngine>, EngineRoom, Order)> {
        let mut queue = self.lock();
        let next = queue.waiting.pop_front();
        queue.busy = next.is_some();
        next
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
