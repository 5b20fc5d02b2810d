//! Tests of the server from outside: its real router and its real sockets, in this process. The tree mirrors
//! the URLs; `storage` runs on both databases.

#![expect(clippy::unwrap_used, clippy::unchecked_time_subtraction, reason = "a panic is how a test fails")]

mod acme;
mod api;
mod bus;
mod crash;
mod door;
mod hostile;
mod jobs;
mod leaks;
mod limits;
mod logs;
mod metrics;
mod page;
mod process;
mod ready;
mod reference;
mod servers;
mod storage;
mod support;
mod visitors;
mod ws;
