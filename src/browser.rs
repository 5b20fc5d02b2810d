//! The wrappers around the browser's interfaces; only they name `web_sys`, `js_sys` and `JsValue`.
//!
//! Each wrapper owns what it opens (a listener, a timer, a track, a connection) and closes it when dropped.
//! Components and pages use `platform` and `call::handle` instead of this module.

pub mod address;
pub mod choices;
pub mod clipboard;
pub mod clock;
pub mod counters;
pub mod deadline;
pub mod devices;
pub mod error;
pub mod float;
pub mod focus;
pub mod language;
pub mod listener;
pub mod loudness;
pub mod media;
pub mod notice;
pub mod page;
pub mod peer;
pub mod permission;
pub mod picture;
pub mod preview;
pub mod share;
pub mod sized;
pub mod socket;
pub mod stage;
pub mod storage;
pub mod tab_lock;
pub mod timer;
pub mod tones;
pub mod wake;
