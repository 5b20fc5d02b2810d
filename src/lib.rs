//! The page: the WebAssembly program that runs in every tab of Parley, written with Leptos.
//!
//! It is a shell. The decisions about calls are made by the machines of `parley_core`, which take inputs and
//! give outputs; the page turns clicks, messages and browser events into inputs, carries the outputs out, and
//! draws the result.
//!
//! # From a click to a call
//!
//! ```text
//! components, pages ── CallHandle ──► call/driver ── Input ──► parley_core::phone
//!        ▲                            │        ▲                     │
//!        └──────── CallView ──────────┘        └────── Output ───────┘
//!                                     │
//!              browser/peer (WebRTC), call/signaling (socket), api (REST)
//! ```
//!
//! 1. A component calls a method of [`call::handle::CallHandle`], which makes an `Intent` of it. A handle
//!    exists before its driver is loaded and keeps the intents of that time.
//! 2. The driver (`call/driver.rs`) is the one event loop. It puts the intent into its queue, hands it to the
//!    `Phone` and carries out each output: a request through [`api`], a message over the socket of
//!    `call/signaling.rs`, a camera from `browser/devices.rs`, a command to an `RTCPeerConnection` in
//!    `browser/peer.rs`. Slow work runs beside the loop and comes back as another input, as do the messages
//!    of the server and of the other devices.
//! 3. After each input the driver writes the changed fields of [`call::view::CallView`]. Components read that
//!    projection and never the machine.
//!
//! Clicks outside of calls are shorter: a component calls [`state`] or [`api`], and the change comes back as
//! the answer, over the socket as [`state::news::News`], or both.
//!
//! # Where state lives
//!
//! - The truth about this tab's call is the driver's `Phone`; `RoomExtrasView` holds what a room shows beside
//!   it.
//! - [`state`] holds the session, the conversations and messages as the server last told them, the toasts,
//!   and the person's choices for this browser, which are kept in its storage.
//! - [`router::Route`] is the parsed address. A signal inside a component holds what only that component
//!   needs.
//! - Streams, tracks, sockets and connections stay in [`browser`] and are named by ids outside of it.
//!   Dropping the owner of one closes it.
//!
//! # Modules, from the ground up
//!
//! A module imports only from rows above its own, and modules of one row do not know one another; `tidy` in
//! `xtask` checks this.
//!
//! | row | |
//! |---|---|
//! | [`browser`], [`words`] | the wrappers of `web_sys`, which only they name; every text that people read |
//! | [`api`], [`platform`] | the server's REST routes; the browser as components may use it |
//! | [`state`] | the page's knowledge |
//! | [`call`], [`lazy`], [`router`] | calls; parts that are loaded on demand; addresses |
//! | [`components`] | pieces of a page |
//! | [`pages`] | one for each route |
//! | [`app`] | the root, and the contexts that every page can reach |
//!
//! # Parts
//!
//! A release is cut into files, and [`bundles`] says where. The first one has sign-in and what all parts use;
//! the list of conversations (`inside`), a conversation (`talk`), the call driver and its cards (`calls`),
//! the live call (`room`) and the rest (`around`) follow when they are needed or shortly before. Components
//! and pages name `bundles`, and `bundles` names the components and pages in each part: that circle is the
//! only exception to the table above. Code of the first file must not call into a part directly, or the whole
//! part becomes part of it.

pub mod api;
pub mod app;
pub mod browser;
pub mod bundles;
pub mod call;
pub mod components;
pub mod lazy;
pub mod pages;
pub mod platform;
pub mod router;
pub mod state;
pub mod words;
