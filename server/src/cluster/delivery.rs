//! A message on its way to sockets: its recipients, and the frame, serialized once for all of them.

pub use parley_core::call::Audience;

use axum::extract::ws::Utf8Bytes;
use serde::{Serialize, ser::Error};
use std::cell::RefCell;

#[derive(Debug, Clone)]
pub struct Delivery {
    pub to: Vec<Audience>,
    /// The serialized message, shared by all who receive it.
    pub frame: Utf8Bytes,
}

impl Delivery {
    /// Serializes a message into a frame without spare capacity, because the hub keeps frames for two
    /// minutes.
    pub fn of(to: Vec<Audience>, message: &impl Serialize) -> serde_json::Result<Self> {
        thread_local! {
            static DRAFT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
        }
        let frame = DRAFT.with_borrow_mut(|draft| {
            draft.clear();
            serde_json::to_writer(&mut *draft, message)?;
            Utf8Bytes::try_from(draft.as_slice().to_vec()).map_err(serde_json::Error::custom)
        })?;
        Ok(Self { to, frame })
    }
}
