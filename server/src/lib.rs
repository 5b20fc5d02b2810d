//! The Parley server: it rings people, relays signaling, keeps the record of calls and messages, and serves
//! the page.
//!
//! It carries no media. `parley-core` decides what happens in a call, `parley-protocol` has the types that go
//! over the wire, and this crate does the IO around them. It is a library besides the binary, so that tests
//! drive the real router in their own process.
//!
//! # A request
//!
//! [`serve`] listens, with TLS if it has a certificate, and gives each connection a task. One layer in [`routes`], made
//! of the parts in [`mod@http`], handles every request: it gets an id and a log span, a foreign origin is
//! refused, sign-in, invite links and sockets are limited by address, and a request that changes something
//! runs to its end even when the client hangs up.
//!
//! The handler, one file per path under `routes`, reads session and body through extractors and calls
//! [`calls`], [`conversations`] or [`people`]. These check permissions ([`access`]), read what they need from
//! [`storage`], let the core decide where a call is concerned, and write in one transaction. After the commit
//! they publish messages to everyone who has to know ([`app::App::publish`]), and the handler answers with
//! what [`wire`] made of the rows. A failure is an [`error::ApiError`]: a status, a stable code and a
//! sentence.
//!
//! [`calls::service::change`] is the only way to change a call that exists. The version of a call guards its
//! row: of two decisions at once one is written, and the other is made again on the result of the first.
//!
//! # A socket
//!
//! `GET /api/ws` upgrades to a WebSocket, and [`ws`] runs one task for it: hello, welcome, then frames both
//! ways until one side closes. A frame from the client is an input of a call, a signal to relay, or a typing
//! notice. Frames to the client come from the queue of its device; only replies are written directly.
//!
//! A published message goes to the bus in [`cluster`]. The bus hands it to the [`cluster::hub::Hub`], which
//! puts one shared frame into the queue of every device that it is for. The hub keeps what it sent for two
//! minutes, so that a device that comes back in time misses nothing; one that comes back later loads its
//! state again.
//!
//! # State
//!
//! [`app::App`] holds everything and is cloned into every task. Only the database must survive a restart:
//! accounts, sessions, conversations, messages, and calls with their deadlines. The rest may be lost: devices
//! and queues of the hub, cached calls, sessions known from open sockets, counters of limits, published
//! presence.
//!
//! # Jobs
//!
//! [`start::begin`] settles what an earlier run left behind, then starts the loops: the deadlines of calls
//! (`calls::deadlines`), presence (`people::presence`), the server's lease and the devices of servers that
//! died (`jobs::lease`), the reports of media engines (`calls::reports`), and [`jobs::run`], which deletes
//! expired rows and looks for sockets without a session and seats without a socket. A loop that panics is
//! started again, except those that read the reports.
//!
//! # Several servers
//!
//! With `redis_url`, several servers share one PostgreSQL and one Redis, and each part of [`cluster`] takes
//! its Redis form: the bus carries messages to the servers that hold the recipients, the directory knows
//! which server holds which device, and most limits are counted together. Deadlines are claimed row by row,
//! and cached calls are dropped when another server has changed them. While Redis is away, people on one
//! server still reach one another, requests with a shared limit are refused, and afterwards every client
//! loads what it may have missed. Without Redis the same traits work in memory, and SQLite is enough.

pub mod access;
pub mod app;
pub mod assets;
pub mod calls;
pub mod clock;
pub mod cluster;
pub mod config;
pub mod conversations;
pub mod error;
pub mod http;
pub mod jobs;
pub mod log;
pub mod media;
pub mod metrics;
pub mod oidc;
pub mod openapi;
pub mod people;
pub mod routes;
pub mod secret;
pub mod serve;
pub mod start;
pub mod storage;
pub mod wire;
pub mod ws;
