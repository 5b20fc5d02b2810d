//! The browser: the only place that names its types. Each wrapper owns what it opens and lets go of it
//! when dropped.

pub mod address;
pub mod choices;
pub mod clipboard;
pub mod clock;
pub mod deadline;
pub mod devices;
pub mod error;
pub mod focus;
pub mod language;
pub mod listener;
pub mod media;
pub mod notice;
pub mod page;
pub mod peer;
pub mod permission;
pub mod preview;
pub mod sized;
pub mod socket;
pub mod stage;
pub mod storage;
pub mod timer;
pub mod tones;
pub mod turn;
pub mod wake;
