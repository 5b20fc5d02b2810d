//! `parley-bench --server FILE --node FILE --peers FOLDER [--quick] [--only idle|calls] [--alone]` measures
//! Parley's signaling under load, beside relays on socket.io and plain ws that do the same work in the same
//! run.
//!
//! `call` defines the measured call, `load` the workloads, `idle` the idle sockets. Nothing is asserted; the
//! table shows the targets beside the figures.

mod call;
mod fleet;
mod http;
mod idle;
mod load;
mod process;
mod socket;
mod table;
mod user;

use anyhow::{Context, Result};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use process::Kind;
use std::{path::PathBuf, time::Duration};

/// Files that client and server each have open besides the idle sockets, at most.
const OTHER_FILES: usize = 150;

const LEGEND: &str = "
A handshake is invitation → ring → acknowledged → accepted → offer → answer; each step starts when the one before it has
arrived. A whole call adds candidates both ways and hanging up. The relays keep calls in memory and check neither sessions
nor permissions. Parley checks both, and writes every decision to its database (a SQLite file) before it announces it. One
relay on socket.io (s.io+db) also writes each step to SQLite, in three tables, but checks no more than the others.
Parley runs with --log warn and with raised rate limits.
Times are measured in the client: from the start of sending to the arrival of the frame.
";

/// The programs and folders that the benchmark starts servers from.
pub struct Programs {
    pub server: PathBuf,
    pub node: PathBuf,
    pub peers: PathBuf,
}

/// The amount of work: sizes and repetitions of every workload.
pub struct Plan {
    /// The servers to measure; Parley is always the first.
    pub kinds: &'static [Kind],
    pub idle: Vec<usize>,
    pub pairs: usize,
    pub warm_up: Duration,
    /// Number of turns of each server.
    pub rounds: usize,
    /// Calls made one after the other in one turn.
    pub one_by_one: usize,
    /// Pairs of the number of calls at once and the number of rounds.
    pub at_once: Vec<(usize, usize)>,
    pub paced: u32,
    pub sustained: Duration,
    pub sustained_at_once: usize,
}

impl Plan {
    fn full() -> Self {
        Self {
            kinds: &Kind::ALL,
            idle: vec![2_000, 10_000, 20_000],
            pairs: 1_000,
            warm_up: Duration::from_secs(2),
            rounds: 3,
            one_by_one: 100,
            at_once: vec![(100, 12), (500, 6), (1_000, 6)],
            paced: 1_000,
            sustained: Duration::from_secs(5),
            sustained_at_once: 100,
        }
    }

    /// Returns a plan for a rough look of about a minute, while working on the server.
    fn quick() -> Self {
        Self {
            idle: vec![2_000],
            pairs: 100,
            warm_up: Duration::from_secs(1),
            rounds: 1,
            one_by_one: 50,
            at_once: vec![(100, 6)],
            paced: 100,
            sustained: Duration::from_secs(3),
            ..Self::full()
        }
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let (programs, mut plan, only) = arguments()?;
    let files = raise_limit_of_files()?;
    for sockets in &mut plan.idle {
        *sockets = (*sockets).min(files.saturating_sub(OTHER_FILES));
    }
    let mut idle = Vec::new();
    if only.as_deref() == Some("calls") {
        plan.idle.clear();
    }
    for &kind in plan.kinds {
        if kind == Kind::SocketIoWithDb {
            // It stores only calls, so without calls it uses the same memory as the relay without a database.
            idle.push(Vec::new());
            continue;
        }
        eprintln!("    idle sockets: {}", kind.name());
        idle.push(idle::measure(kind, &programs, &plan.idle).await.with_context(|| kind.name())?);
    }
    let results =
        if only.as_deref() == Some("idle") { Vec::new() } else { load::measure(&programs, &plan).await? };
    let cores = std::thread::available_parallelism()?;
    println!("\nsignaling, {cores} cores for servers and load together\n");
    table::print(&idle, &results);
    println!("{LEGEND}");
    for (side, kind) in results.iter().zip(Kind::ALL) {
        table::errors(side).take(5).for_each(|error| println!("{}: {error}", kind.name()));
    }
    Ok(())
}

fn arguments() -> Result<(Programs, Plan, Option<String>)> {
    let (mut server, mut node, mut peers, mut only) = (None, None, None, None);
    let mut plan = Plan::full();
    let mut alone = false;
    let mut args = lexopt::Parser::from_env();
    while let Some(arg) = args.next()? {
        use lexopt::Arg::Long;
        match arg {
            Long("server") => server = Some(args.value()?.into()),
            Long("node") => node = Some(args.value()?.into()),
            Long("peers") => peers = Some(args.value()?.into()),
            Long("only") => only = Some(args.value()?.to_string_lossy().into_owned()),
            Long("alone") => alone = true,
            Long("quick") => plan = Plan::quick(),
            other => return Err(other.unexpected().into()),
        }
    }
    if alone {
        plan.kinds = &[Kind::Parley];
    }
    let programs = Programs {
        server: server.context("--server is missing")?,
        node: node.context("--node is missing")?,
        peers: peers.context("--peers is missing")?,
    };
    Ok((programs, plan, only))
}

/// Raises the limit of open files to its maximum and returns it. Client and servers need a descriptor per
/// socket; the servers inherit the limit.
fn raise_limit_of_files() -> Result<usize> {
    let (_, most) = getrlimit(Resource::RLIMIT_NOFILE)?;
    setrlimit(Resource::RLIMIT_NOFILE, most, most).context("cannot raise the limit of open files")?;
    Ok(usize::try_from(most).unwrap_or(usize::MAX))
}
