//! What holds the main thread up in a call of many: everything that the page's thread does, in stretches without a
//! pause, in time of the processor.
//!
//! `bench-room [--people 8] [--seconds 30]`. Every person is a browser of its own with camera and microphone. The
//! machine has far fewer cores than that needs, so times on the clock tell of the machine, not of the page. Coding
//! runs in other threads and does not count. Nothing is asserted: the table says what is due.

use anyhow::{Context, Result, bail, ensure};
use futures_util::future::try_join_all;
use parley_e2e::{
    Kind, Media, User, World, app,
    server::Settings,
    trace::{Stretch, stretches},
    user::Named,
    wait::{throughout, within},
};
use std::{env, sync::Arc, time::Duration};

const GROUP: &str = "Rowing club";
/// Milliseconds of one stretch of work that a person does not notice.
const DUE: f64 = 50.0;
/// How many of the longest are told.
const SHOWN: usize = 5;

#[derive(Debug, Clone, Copy)]
struct Wanted {
    people: usize,
    seconds: u64,
}

#[tokio::main]
async fn main() -> Result<()> {
    let wanted = wanted()?;
    let world = World::new("bench-room", Some(Settings::default())).await?;
    let measured = measure(&world, wanted).await;
    world.end().await;
    measured
}

fn wanted() -> Result<Wanted> {
    let mut wanted = Wanted { people: 8, seconds: 30 };
    let mut args = env::args().skip(1);
    while let Some(flag) = args.next() {
        let value = args.next().with_context(|| format!("{flag} needs a value"))?;
        match flag.as_str() {
            "--people" => wanted.people = value.parse()?,
            "--seconds" => wanted.seconds = value.parse()?,
            _ => bail!("unknown: {flag} {value}"),
        }
    }
    ensure!((2..=8).contains(&wanted.people), "between two and eight people");
    Ok(wanted)
}

async fn measure(world: &World, wanted: Wanted) -> Result<()> {
    let mut people = Vec::new();
    for n in 1..=wanted.people {
        // A film of few frames: what coding them costs is not what is measured.
        let media = if n == 1 { Media::Traced(n) } else { Media::Portrait(n) };
        people.push(world.user(&format!("Person {n}"), Kind::Chromium, media).await?);
    }
    let all: Vec<&User> = people.iter().map(Arc::as_ref).collect();
    app::gather(&all, GROUP).await?;
    let watched = people[0].clone();
    watched.browser.trace().await?;
    begin(&people).await?;
    let came = stretches(&watched.browser.trace().await?);
    // Asked of another page than the one that is watched.
    let other = people.last().context("nobody")?;
    let there = async || other.sees("timer", Named::Any).await;
    throughout(Duration::from_secs(wanted.seconds), "the call goes on", there).await?;
    let stayed = stretches(&watched.browser.trace().await?);
    println!("\n{} people, camera and microphone on, {} s\n", wanted.people, wanted.seconds);
    told("while all come", came);
    told("while all are there", stayed);
    println!("due: no stretch over {DUE} ms");
    Ok(())
}

/// The first calls, the others answer, and everybody has everybody's picture.
async fn begin(people: &[Arc<User>]) -> Result<()> {
    let (caller, callees) = people.split_first().context("nobody")?;
    caller.click("button", "Video call").await?;
    try_join_all(callees.iter().map(async |callee| {
        callee.sees("alertdialog", Named::Any).await?;
        callee.click("button", "Answer").await
    }))
    .await?;
    // The machine is busier than it is in any story.
    within(Duration::from_secs(60), "everybody to be seen", async || {
        let seen = app::pictures(caller).await?;
        ensure!(seen == callees.len(), "{seen} of {}", callees.len());
        Ok(())
    })
    .await
}

fn told(when: &str, mut stretches: Vec<Stretch>) {
    stretches.sort_by(|one, other| other.cpu_ms.total_cmp(&one.cpu_ms));
    let long = stretches.iter().filter(|stretch| stretch.cpu_ms > DUE).count();
    let all: f64 = stretches.iter().map(|stretch| stretch.cpu_ms).sum();
    println!("{when}: {} stretches, {all:.0} ms in all, {long} over {DUE} ms", stretches.len());
    for Stretch { cpu_ms, wall_ms, of } in stretches.into_iter().take(SHOWN) {
        println!("    {cpu_ms:6.1} ms ({wall_ms:.0} ms on the clock), {of}");
    }
}
