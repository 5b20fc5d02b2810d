//! What Parley's page and server say to each other.
//!
//! Wire types, their limits and the checks that belong to a value on its own. Rules about calls live
//! in `parley-core`; transport lives in the shells. `docs/protocol.md` tells the same in prose.

mod macros;

pub mod call;
pub mod data;
pub mod error;
pub mod ids;
pub mod limits;
#[cfg(feature = "openapi")]
mod openapi;
pub mod people;
pub mod quality;
pub mod rest;
pub mod signal;
pub mod text;
pub mod time;
pub mod ws;

pub use error::{ErrorBody, ErrorCode, ErrorDetail};
pub use ids::{CallId, ConversationId, DeviceId, LinkId, MessageId, PictureId, SessionId, UserId};
pub use time::Timestamp;
pub use ws::{ClientMessage, PersonPresence, Presence, ServerMessage, ServerNotice};
