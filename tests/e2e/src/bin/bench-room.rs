//! A benchmark of the page's main thread in a call of many: all its work, as stretches without a pause,
//! measured in processor time.
//!
//! `bench-room [--people 8] [--seconds 30]`. Every person is a browser of their own with camera and
//! microphone. That needs far more cores than the machine has, so wall-clock times would say more about the
//! machine than about the page. Encoding and decoding run in other threads and are not counted. Nothing is
//! asserted: the table shows the target.

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
/// The target: milliseconds of one stretch of work that a person does not notice.
const DUE: f64 = 50.0;
/// The number of stretches that are printed, the longest first.
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
        // A film of few frames, because the cost of encoding is not measured.
        let media = if n == 1 { Media::Traced(n) } else { Media::Portrait(n) };
        people.push(world.user(&format!("Person {n}"), Kind::Chromium, media).await?);
    }
    let all: Vec<&User> = people.iter().map(Arc::as_ref).collect();
    app::gather(&all, GROUP).await?;
    let watched = people[0].clone();
    watched.browser.trace().await?;
    begin(&people).await?;
    let came = stretches(&watched.browser.trace().await?);
    // The questions go to another page than the one that is measured.
    let other = people.last().context("nobody")?;
    let there = async || other.sees("timer", Named::Any).await;
    throughout(Duration::from_secs(wanted.seconds), "the call goes on", there).await?;
    let stayed = stretches(&watched.browser.trace().await?);
    println!("\n{} people, camera and microphone on, {} s\n", wanted.people, wanted.seconds);
    print_summary("while all come", came);
    print_summary("while all are there", stayed);
    println!("due: no stretch over {DUE} ms");
    Ok(())
}

/// Starts the call, lets everybody answer, and waits until the caller sees everybody.
async fn begin(people: &[Arc<User>]) -> Result<()> {
    let (caller, callees) = people.split_first().context("nobody")?;
    caller.click("button", "Video call").await?;
    try_join_all(callees.iter().map(async |callee| {
        callee.sees("alertdialog", Named::Any).await?;
        callee.click("button", "Answer").await
    }))
    .await?;
    // The machine is busier than in any story.
    within(Duration::from_secs(60), "everybody to be seen", async || {
        let seen = app::pictures(caller).await?;
        ensure!(seen == callees.len(), "{seen} of {}", callees.len());
        Ok(())
    })
    .await
}

/// Prints a summary and the longest stretches.
fn print_summary(when: &str, mut stretches: Vec<Stretch>) {
    stretches.sort_by(|one, other| other.cpu_ms.total_cmp(&one.cpu_ms));
    let long = stretches.iter().filter(|stretch| stretch.cpu_ms > DUE).count();
    let all: f64 = stretches.iter().map(|stretch| stretch.cpu_ms).sum();
    println!("{when}: {} stretches, {all:.0} ms in all, {long} over {DUE} ms", stretches.len());
    for Stretch { cpu_ms, wall_ms, of } in stretches.into_iter().take(SHOWN) {
        println!("    {cpu_ms:6.1} ms ({wall_ms:.0} ms on the clock), {of}");
    }
}
