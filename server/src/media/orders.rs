//! The queue of orders to media engines.
//!
//! Orders are carried out in the background, one after the other, so that requests do not wait and no room is
//! closed before it was opened.

use super::{EngineRoom, MediaEngine};
use parley_protocol::UserId;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// One order to an engine, about a room.
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
    /// A task is working on the queue.
    busy: bool,
}

impl Orders {
    /// Adds orders to the queue, and starts a task for it if there is none.
    pub fn give(&self, engine: &Arc<dyn MediaEngine>, room: EngineRoom, orders: Vec<Order>) {
        if orders.is_empty() {
            return;
        }
        let mut queue = self.lock();
        queue.waiting.extend(orders.into_iter().map(|order| (engine.clone(), room, order)));
        if !std::mem::replace(&mut queue.busy, true) {
            tokio::spawn(self.clone().work());
        }
    }

    /// Carries out orders until the queue is empty.
    async fn work(self) {
        while let Some((engine, room, order)) = self.next() {
            let done = match order {
                Order::Open => engine.open(&room).await,
                Order::Remove(user) => engine.remove(&room, user).await,
                Order::Close => engine.close(&room).await,
            };
            if let Err(error) = done {
                // The order is lost, and the room may stay open or keep a person in it.
                tracing::warn!(call = %room.call, ?order, %error, "the media engine failed to carry out an order");
            }
        }
    }

    /// Takes the next order. Under one lock with `busy`, so that no order is added to a queue whose task has
    /// just ended.
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
