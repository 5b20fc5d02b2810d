//! The wire protocol of Parley: every type that travels between the page and the server, or between two
//! devices.
//!
//! The crate holds the types with their JSON forms, the [`limits`] that both sides must agree on, and the
//! checks that need nothing but the value itself ([`text`], and the `check` methods). It has no I/O, clock or
//! randomness. The rules of a call are in `parley-core`; HTTP, sockets and storage are in the page (`src/`)
//! and the server (`server/`). Field names are `snake_case`, ids are UUIDs ([`ids`]), and times are RFC 3339
//! in UTC with milliseconds ([`Timestamp`]).
//!
//! # The four channels
//!
//! | channel | types | carries |
//! |---|---|---|
//! | REST | [`rest`], [`quality`], [`ErrorBody`] | everything that people do: start, accept, leave, write |
//! | socket | [`ClientMessage`], [`ServerMessage`], [`ServerNotice`] | events, and reports of a device |
//! | signals | [`signal::Signal`] in the frame `call.signal` | offers, answers and ICE candidates |
//! | data channel | [`data::DataMessage`] | hints between two connected devices, ahead of the server |
//!
//! All of them share the same objects: the [`call::Call`] in the answer to a request is the one in a frame. A
//! request has a status code and can be repeated, so a decision is a request; its outcome then reaches every
//! other socket concerned as a frame. A device reports on the socket that it rings and that media flows. The
//! server relays signals and checks only their sizes and which devices may talk to each other; the devices
//! make them reliable with `seq` and `ack`. The server never sees the data channel.
//!
//! # Versions
//!
//! The protocol has no version number. The server serves the page that fits it, so only a tab that was opened
//! before an update, or a client that is not the page, can be older. The state that travels is numbered
//! instead:
//!
//! - `Call::version` rises with every change of a call. The highest version wins, in whatever order messages
//!   arrive.
//! - `seq` in `welcome`, and `resume` in `hello`, are positions in the messages that a device was sent. They
//!   let the server send what a broken socket has missed.
//! - `generation`, `seq` and `ack` of a signal order the negotiation of one connection.
//!
//! # Unknown fields and words
//!
//! A field that the reader does not know is ignored. A field that is added later is an `Option` or has
//! `#[serde(default)]`, so that objects of an older sender can still be read.
//!
//! Enums are closed: one unknown word, tag or error code makes the whole object unreadable. The server
//! refuses such a body with `invalid_input`, and such a frame with `unknown_message` (the tag) or
//! `invalid_input` (the content). The page counts a frame that it cannot read, because `resume` counts it,
//! and ignores it; it treats an answer that it cannot read as a failed request. A new word therefore hides
//! the whole object from older readers. A word never changes its meaning.
//!
//! The tag comes first in every tagged object but [`ClientMessage`], and a later one is refused: `tagged!` in
//! `macros.rs` reads such objects without buffering them, which keeps the page small.
//!
//! # Documents
//!
//! `docs/protocol.md` explains the protocol to somebody who writes a client. The code decides, and `cargo
//! xtask tidy` compares the tables of the document with it in both directions: tags and their fields, error
//! codes, limits with their values, routes and the names of their bodies. With the feature `openapi` the
//! types describe themselves for `/api/openapi.json`; their doc comments are the descriptions there.
//!
//! # Adding a type or a frame
//!
//! - **A body** is a struct in [`rest`] with `Serialize`, `Deserialize` and the `openapi` attribute of its
//!   neighbours. The macros `id!`, `words!` and `tagged!` add these by themselves. CONTRIBUTING.md lists the
//!   steps for the route.
//! - **A frame** is a variant with `#[serde(rename = "…")]`: in [`ClientMessage`], in [`ServerMessage`], or
//!   in [`ServerNotice`] when a client can do without it. The server reads it in `server/src/ws/frames.rs`,
//!   the page in `src/call/signaling.rs`.
//! - **An enum** without fields goes through `words!`, one with a tag through `tagged!`. A new tagged enum
//!   also needs an entry in `MESSAGES` of `xtask/src/tidy/protocol_doc.rs`.
//! - **A limit** is a constant in [`limits`] and a check at the place where the value is read.
//!
//! A route, frame, error code or limit needs its row in `docs/protocol.md`; tidy reports missing ones. A body
//! that strangers may send joins the list in `fuzz/src/targets.rs`.

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
