//! `parley-bench --server FILE --node FILE --peers FOLDER [--quick] [--only idle|calls] [--alone]`: signaling under load, beside
//! relays on socket.io and plain ws that do the same work in the same run. What is measured is defined in
//! `call`, in which order in `load`, what idle sockets are in `idle`. Nothing is asserted: the table says what is due.

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

/// Files that each of them has open beside its idle sockets, at most.
const FILES_BESIDE: usize = 150;

const LEGEND: &str = "
A handshake: invitation → ring → acknowledged → accepted → offer → answer, each after the one before has arrived.
A whole call goes on with candidates both ways and hanging up. The relays keep calls in memory and know neither sessions
nor rights; Parley checks both and writes every decision to its database (SQLite, a file) before it tells it. One relay on
socket.io (s.io+db) writes them as well, in three tables of SQLite, and knows no more than the others.
Parley runs with --log warn, and with higher limits.
Times are the client's: from the start of sending to the frame's arrival.
";

/// What is started.
pub struct Programs {
    pub server: PathBuf,
    pub node: PathBuf,
    pub peers: PathBuf,
}

/// How much of it.
pub struct Plan {
    /// Parley first, whatever else there is.
    pub kinds: &'static [Kind],
    pub idle: Vec<usize>,
    pub pairs: usize,
    pub warm_up: Duration,
    /// Turns of each server.
    pub rounds: usize,
    /// Calls in one turn.
    pub one_by_one: usize,
    /// How many at once, and how often.
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

    /// For whoever works on the server: a minute, and rough.
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
        *sockets = (*sockets).min(files.saturating_sub(FILES_BESIDE));
    }
    let mut idle = Vec::new();
    if only.as_deref() == Some("calls") {
        plan.idle.clear();
    }
    for &kind in plan.kinds {
        if kind == Kind::Keeping {
            // What it keeps is of calls: without any, it is the relay beside it.
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

/// Client and servers, which inherit it, hold a descriptor for each socket; how many they may have.
fn raise_limit_of_files() -> Result<usize> {
    let (_, most) = getrlimit(Resource::RLIMIT_NOFILE)?;
    setrlimit(Resource::RLIMIT_NOFILE, most, most).context("cannot raise the limit of open files")?;
    Ok(usize::try_from(most).unwrap_or(usize::MAX))
}
