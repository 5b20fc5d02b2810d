//! A benchmark of call set-up: the time from the callee's click on *Answer* to the first frame of the
//! caller's picture, in Parley and in a bare page, measured in turns in the same browsers.
//!
//! `bench-setup [--runs 15] [--browser chromium|firefox] [--rtt 0,100] [--mode cold|pre] [--steps yes]`. With
//! a round-trip time above zero the media goes through the relay, and HTTP and socket through the front, each
//! delayed by half of it in each direction. `--steps yes` also prints when each step of the set-up was done,
//! in the app and in the bare page. Nothing is asserted: the table shows the target.

#![allow(clippy::similar_names, reason = "caller and callee are the words of the trade")]

use anyhow::{Context, Result, bail, ensure};
use parley_e2e::{
    Kind, Media, User, World,
    app::{self, CallType},
    eventually,
    relay::{Conditions, Relay},
    server::Settings,
    steps::Steps,
    wait::within,
};
use std::{collections::BTreeSet, env, sync::Arc, time::Duration};

const SEED: u64 = 20;

#[derive(Debug, Clone)]
struct Wanted {
    runs: usize,
    browser: Kind,
    rtts_ms: Vec<u64>,
    modes: Vec<Mode>,
    steps: bool,
}

/// Whether the devices connect while the call rings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Cold,
    Preconnected,
}

/// The two people, each with one window on the app and one on the bare page.
struct Stage {
    world: World,
    caller: Person,
    callee: Person,
}

struct Person {
    user: Arc<User>,
    app: fantoccini::wd::WindowHandle,
    bare: fantoccini::wd::WindowHandle,
}

#[derive(Debug, Default)]
struct Times {
    millis: Vec<f64>,
    codecs: BTreeSet<String>,
    steps: Steps,
}

#[tokio::main]
async fn main() -> Result<()> {
    let wanted = wanted()?;
    println!(
        "call set-up in {}, {} runs each: click on Answer → first remote frame, ms\n",
        wanted.browser, wanted.runs
    );
    let mut rows = Vec::new();
    for &rtt_ms in &wanted.rtts_ms {
        for &mode in &wanted.modes {
            let stage = Stage::set(&wanted, mode, rtt_ms).await?;
            let outcome = stage.measure(&wanted, mode).await;
            stage.world.end().await;
            let (app, bare) = outcome.with_context(|| format!("{mode:?} at {rtt_ms} ms"))?;
            rows.push(row(mode, rtt_ms, &app, &bare));
            for (name, times) in [("app", &app), ("bare page", &bare)] {
                for (nth, (step, after)) in times.steps.medians().into_iter().enumerate() {
                    println!("{:<28}{after:>8.1}  {step}", if nth == 0 { name } else { "" });
                }
            }
        }
    }
    println!(
        "\n{:<13} {:>6} | {:>8} {:>8} | {:>8} {:>8} | {:>9} {:>9}  {:<14} codecs (app; bare)",
        "", "RTT", "app p50", "p95", "bare p50", "p95", "ratio p50", "ratio p95", "due (p50)"
    );
    for row in rows {
        println!("{row}");
    }
    Ok(())
}

fn wanted() -> Result<Wanted> {
    let mut wanted = Wanted {
        runs: 15,
        browser: Kind::Chromium,
        rtts_ms: vec![0, 100],
        modes: vec![Mode::Cold, Mode::Preconnected],
        steps: false,
    };
    let mut args = env::args().skip(1);
    while let Some(flag) = args.next() {
        let value = args.next().with_context(|| format!("{flag} needs a value"))?;
        match flag.as_str() {
            "--runs" => wanted.runs = value.parse()?,
            "--rtt" => wanted.rtts_ms = value.split(',').map(str::parse).collect::<Result<_, _>>()?,
            "--browser" if value == "chromium" => wanted.browser = Kind::Chromium,
            "--browser" if value == "firefox" => wanted.browser = Kind::Firefox,
            "--mode" if value == "cold" => wanted.modes = vec![Mode::Cold],
            "--mode" if value == "pre" => wanted.modes = vec![Mode::Preconnected],
            "--steps" if value == "yes" => wanted.steps = true,
            _ => bail!("unknown: {flag} {value}"),
        }
    }
    ensure!(wanted.runs > 0, "at least one run");
    Ok(wanted)
}

impl Stage {
    async fn set(wanted: &Wanted, mode: Mode, rtt_ms: u64) -> Result<Self> {
        let settings = Settings { preconnect: Some(mode == Mode::Preconnected), ..Settings::default() };
        let world = World::new("bench-setup", Some(settings)).await?;
        world.front.set_marks(wanted.steps);
        let (alice, bob) = tokio::try_join!(
            world.user("Alice", wanted.browser, Media::Fake),
            world.user("Bob", wanted.browser, Media::Fake),
        )?;
        app::meet(&alice, &bob).await?;
        let word = if mode == Mode::Preconnected { "pre" } else { "cold" };
        let caller = Person::at_both(alice, "caller", word).await?;
        let callee = Person::at_both(bob, "callee", word).await?;
        if rtt_ms > 0 {
            let delay = Duration::from_millis(rtt_ms) / 2;
            world.front.set_delay(delay);
            world.front.set_relay(Some(Relay::new(SEED, Conditions { delay, ..Conditions::default() })));
        }
        Ok(Self { world, caller, callee })
    }

    /// Measures app and bare page in turns, so that the load of the machine falls on both alike. The first
    /// round is a warm-up.
    async fn measure(&self, wanted: &Wanted, mode: Mode) -> Result<(Times, Times)> {
        let (mut app, mut bare) = (Times::default(), Times::default());
        for round in 0..=wanted.runs {
            let ours = self.run_app(mode, &mut app.steps).await?;
            let theirs = self.run_bare(mode, &mut bare.steps).await?;
            if round == 0 {
                (app.steps, bare.steps) = (Steps::default(), Steps::default());
            } else {
                app.add(ours);
                bare.add(theirs);
            }
        }
        Ok((app, bare))
    }

    async fn run_app(&self, mode: Mode, steps: &mut Steps) -> Result<(f64, Vec<String>)> {
        let (caller, callee) = (&*self.caller.user, &*self.callee.user);
        caller.switch(&self.caller.app).await?;
        callee.switch(&self.callee.app).await?;
        app::ring(caller, callee, CallType::Video).await?;
        ready(caller, callee, mode).await?;
        Steps::begin(&[caller, callee]).await?;
        callee.click("button", "Answer").await?;
        let result = first_frame(callee).await?;
        steps.add(caller, callee, result.0).await?;
        app::leave(caller).await?;
        tokio::try_join!(back_in_conversation(caller), back_in_conversation(callee))?;
        Ok(result)
    }

    async fn run_bare(&self, mode: Mode, steps: &mut Steps) -> Result<(f64, Vec<String>)> {
        let (caller, callee) = (&*self.caller.user, &*self.callee.user);
        caller.switch(&self.caller.bare).await?;
        callee.switch(&self.callee.bare).await?;
        caller.click("button", "Call").await?;
        callee.sees("button", "Answer").await?;
        ready(caller, callee, mode).await?;
        Steps::begin(&[caller, callee]).await?;
        callee.click("button", "Answer").await?;
        let result = first_frame(callee).await?;
        steps.add(caller, callee, result.0).await?;
        caller.click("button", "Leave").await?;
        tokio::try_join!(caller.reads("over"), callee.reads("over"))?;
        Ok(result)
    }
}

impl Person {
    /// Opens the bare page in a second window.
    async fn at_both(user: Arc<User>, role: &str, mode: &str) -> Result<Self> {
        let app = user.window().await?;
        let bare = user.open_window(&format!("/__bare/?role={role}&room=bench&mode={mode}")).await?;
        user.reads("ready").await?;
        Ok(Self { user, app, bare })
    }
}

/// Waits until the caller's camera runs and, with pre-connection, the connection is open: a callee takes long
/// enough to answer for that.
async fn ready(caller: &User, callee: &User, mode: Mode) -> Result<()> {
    eventually("the caller's camera", async || {
        let tracks = caller.tracks().await?;
        ensure!(tracks.iter().any(|track| track.kind == "video" && track.state == "live"), "{tracks:?}");
        Ok(())
    })
    .await?;
    for user in [caller, callee] {
        eventually("the connection", async || {
            let connected = user.stats().await?.totals().connected;
            let open = "return window.__harness.channels.filter((c) => c.readyState === 'open').length";
            let channels = user.script(open, vec![]).await?;
            let wanted = usize::from(mode == Mode::Preconnected);
            ensure!(
                connected == wanted && channels == wanted,
                "{connected} connections, {channels} channels"
            );
            Ok(())
        })
        .await?;
    }
    Ok(())
}

/// Returns the milliseconds from the last click to the first frame of the other's picture, and the codecs of
/// that picture.
async fn first_frame(callee: &User) -> Result<(f64, Vec<String>)> {
    let millis = eventually(format!("the first frame on {}", callee.path().await?), async || {
        let shown = callee.shown().await?;
        ensure!(shown.clicked.as_deref() == Some("Answer"), "{shown:?}");
        let (Some(click), Some(first)) = (shown.click, shown.first) else { bail!("{shown:?}") };
        Ok(first - click)
    })
    .await?;
    let sample = callee.stats().await?;
    let peer = sample.open().next().context("no connection")?;
    Ok((millis, peer.inbound.iter().filter(|rtp| rtp.kind == "video").map(|rtp| rtp.codec.clone()).collect()))
}

async fn back_in_conversation(user: &User) -> Result<()> {
    within(Duration::from_secs(10), "the conversation", async || {
        if user.has("button", "Close").await? {
            user.click("button", "Close").await?;
        }
        ensure!(
            user.has("button", "Video call").await? && !user.has("button", "Close").await?,
            "still in the call"
        );
        Ok(())
    })
    .await
}

impl Times {
    fn add(&mut self, (millis, codecs): (f64, Vec<String>)) {
        self.millis.push(millis);
        self.codecs.extend(codecs);
    }

    /// Returns the nearest-rank percentile.
    fn percentile(&self, percent: usize) -> f64 {
        let mut sorted = self.millis.clone();
        sorted.sort_by(f64::total_cmp);
        let rank = (sorted.len() * percent).div_ceil(100).max(1);
        sorted.get(rank - 1).copied().unwrap_or(f64::NAN)
    }

    fn codecs(&self) -> String {
        self.codecs.iter().cloned().collect::<Vec<_>>().join("+")
    }
}

fn row(mode: Mode, rtt_ms: u64, app: &Times, bare: &Times) -> String {
    let (name, due) = match mode {
        Mode::Cold => ("cold", 1.25),
        Mode::Preconnected => ("pre-connected", 1.15),
    };
    let [app50, app95, bare50, bare95] =
        [(app, 50), (app, 95), (bare, 50), (bare, 95)].map(|(times, percent)| times.percentile(percent));
    let ratio = app50 / bare50;
    let verdict = if ratio <= due { "reached" } else { "missed" };
    format!(
        "{name:<13} {rtt_ms:>3} ms | {app50:>8.1} {app95:>8.1} | {bare50:>8.1} {bare95:>8.1} | {ratio:>9.2} {:>9.2}  ≤ {due:.2} {verdict:<7} {}; {}",
        app95 / bare95,
        app.codecs(),
        bare.codecs(),
    )
}
