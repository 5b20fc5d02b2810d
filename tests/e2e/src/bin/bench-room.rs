//! What holds the main thread up in a call of many: the page's own work in one stretch, beside a yardstick that does the
//! same small work again and again in a second window of the same browser.
//!
//! `bench-room [--people 8] [--seconds 30]`. Every person is a browser of its own with camera and microphone. The
//! machine has far fewer cores than that needs, so times on the clock tell of the machine: the yardstick says by how
//! much. Nothing is asserted: the table says what is due.

use anyhow::{Context, Result, bail, ensure};
use futures_util::future::try_join_all;
use parley_e2e::{
    Kind, Media, User, World, app,
    server::Settings,
    user::Named,
    wait::{throughout, within},
};
use serde::Deserialize;
use std::{env, sync::Arc, time::Duration};

const GROUP: &str = "Rowing club";
/// Milliseconds of one stretch of work that a person does not notice.
const DUE: f64 = 50.0;

/// Writes down every animation frame in which scripts ran for long, as the browser tells of it.
const WATCH: &str = "
    const seen = window.__watched = { frames: 0, stretches: [], began: performance.now() };
    new PerformanceObserver((list) => {
        for (const frame of list.getEntries()) {
            seen.frames += 1;
            for (const script of frame.scripts) {
                seen.stretches.push({ millis: script.duration, of: script.invoker });
            }
        }
    }).observe({ type: 'long-animation-frame' });
";
const WATCHED: &str = "
    const seen = window.__watched;
    return { frames: seen.frames, stretches: seen.stretches, seconds: (performance.now() - seen.began) / 1000 };
";
/// Ten times a second the same sum, which takes about five milliseconds where nobody else wants the processor.
const YARDSTICK: &str = "
    // What nobody reads would not be worked out.
    window.__sum = 0;
    const sum = (turns) => { let x = 0; for (let n = 0; n < turns; n += 1) x = (x * 31 + n) % 1000003; window.__sum += x; };
    const time = (turns) => { const from = performance.now(); sum(turns); return performance.now() - from; };
    for (let warm = 0; warm < 50; warm += 1) time(100000);
    let turns = 100000;
    while (time(turns) < 5) turns *= 1.3;
    window.__yardstick = [];
    setInterval(() => window.__yardstick.push(time(turns)), 100);
";

#[derive(Debug, Clone, Copy)]
struct Wanted {
    people: usize,
    seconds: u64,
}

#[derive(Debug, Deserialize)]
struct Watched {
    frames: u32,
    stretches: Vec<Stretch>,
    seconds: f64,
}

#[derive(Debug, Deserialize)]
struct Stretch {
    millis: f64,
    of: String,
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
        people.push(world.user(&format!("Person {n}"), Kind::Chromium, Media::Portrait(n)).await?);
    }
    let all: Vec<&User> = people.iter().map(Arc::as_ref).collect();
    app::gather(&all, GROUP).await?;
    let watched = people[0].clone();
    watched.script(WATCH, vec![]).await?;
    begin(&people).await?;
    let room = watched.window().await?;
    let yard = watched.open_window("/health").await?;
    watched.script(YARDSTICK, vec![]).await?;
    watched.switch(&room).await?;
    let came = take(&watched).await?;
    watched.script(WATCH, vec![]).await?;
    // Asked of another page than the one that is watched.
    let other = people.last().context("nobody")?;
    let there = async || other.sees("timer", Named::Any).await;
    throughout(Duration::from_secs(wanted.seconds), "the call goes on", there).await?;
    let stayed = take(&watched).await?;
    watched.switch(&yard).await?;
    let mut yardstick: Vec<f64> =
        serde_json::from_value(watched.script("return window.__yardstick", vec![]).await?)?;
    yardstick.sort_by(f64::total_cmp);
    watched.switch(&room).await?;
    println!("\n{} people, camera and microphone on, {} s\n", wanted.people, wanted.seconds);
    told("while all come", &came);
    told("while all are there", &stayed);
    let at = |share: f64| yardstick.get(place(yardstick.len(), share)).copied().unwrap_or_default();
    println!(
        "the yardstick, ms: p5 {:.1}, p50 {:.1}, p95 {:.1}, longest {:.1}",
        at(0.05),
        at(0.5),
        at(0.95),
        at(1.0)
    );
    println!("due: no stretch of the page's own work over {DUE} ms by more than the yardstick grows");
    Ok(())
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a place in a list"
)]
fn place(length: usize, share: f64) -> usize {
    ((length.saturating_sub(1)) as f64 * share).round() as usize
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

async fn take(user: &User) -> Result<Watched> {
    serde_json::from_value(user.script(WATCHED, vec![]).await?).context("what was watched")
}

fn told(when: &str, watched: &Watched) {
    let long = watched.stretches.iter().filter(|stretch| stretch.millis > DUE).count();
    let longest = watched.stretches.iter().max_by(|one, other| one.millis.total_cmp(&other.millis));
    println!(
        "{when}: {:.0} s, {} long frames, {} stretches of scripts in them, {long} over {DUE} ms",
        watched.seconds,
        watched.frames,
        watched.stretches.len(),
    );
    if let Some(Stretch { millis, of }) = longest {
        println!("    the longest: {millis:.1} ms, {of}");
    }
}
