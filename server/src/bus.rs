//! From whoever has something to tell to the sockets of whoever should hear it.
//!
//! One server delivers to its own sockets. Several will need a bus between them: a [`Delivery`] is plain
//! data, so that it can travel.

mod in_process;

pub use in_process::InProcess;

use axum::extract::ws::Utf8Bytes;
use parley_protocol::{DeviceId, UserId};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// All devices of these people.
    Users(Vec<UserId>),
    /// The person's devices but one.
    OtherDevices {
        user: UserId,
        but: DeviceId,
    },
    Device {
        user: UserId,
        device: DeviceId,
    },
}

#[derive(Debug, Clone)]
pub struct Delivery {
    pub to: Vec<Audience>,
    /// Written once, however many receive it.
    pub frame: Utf8Bytes,
}

pub trait Bus: Send + Sync {
    fn publish(&self, delivery: Delivery);
}
