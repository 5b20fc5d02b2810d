//! What two devices say to each other directly, over the data channel of their connection.
//!
//! Faster than the way over the server, never instead of it: each of these has a twin that the server
//! sends, and a device that misses one loses nothing but time.

use crate::{CallId, call::OwnMedia};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum DataMessage {
    /// The callee clicked *Answer* on this device.
    #[serde(rename = "accept")]
    Accept { call_id: CallId },
    /// The sender has left the call.
    #[serde(rename = "bye")]
    Bye { call_id: CallId },
    /// Microphone and camera of the sender changed.
    #[serde(rename = "media")]
    Media { call_id: CallId, media: OwnMedia },
}
