//! Waiting: always for a condition, never for a fixed time.

use crate::clock::{Phase, during};
use anyhow::{Result, anyhow};
use std::{fmt::Display, time::Duration};
use tokio::time::{Instant, MissedTickBehavior, interval};

/// The usual time limit of a wait.
pub const PATIENCE: Duration = Duration::from_secs(15);
/// The first pause between two checks. Pauses grow, since every check takes processor time from what it
/// observes.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
/// The longest pause between two checks.
const LAST_PAUSE: Duration = Duration::from_millis(120);

/// Polls until `check` succeeds. An error means "not yet"; the last one is reported when time runs out.
pub async fn eventually<T>(what: impl Display, check: impl AsyncFnMut() -> Result<T>) -> Result<T> {
    within(PATIENCE, what, check).await
}

/// Polls as [`eventually`] does, with another time limit.
pub async fn within<T>(
    patience: Duration,
    what: impl Display,
    mut check: impl AsyncFnMut() -> Result<T>,
) -> Result<T> {
    let deadline = Instant::now() + patience;
    let mut pause = FIRST_PAUSE;
    let mut ticks = interval(pause);
    let mut waiting = None;
    loop {
        ticks.tick().await;
        match check().await {
            Ok(found) => return Ok(found),
            Err(error) if Instant::now() >= deadline => {
                return Err(anyhow!("waited {patience:?} for {what}: {error:#}"));
            }
            Err(_) => waiting = waiting.or_else(|| Some(during(Phase::Waiting))),
        }
        ticks.reset_after(pause);
        pause = (pause * 3 / 2).min(LAST_PAUSE);
    }
}

/// Checks again and again for a time, and stops at the first error. For conditions that must never hold, or
/// must keep holding.
pub async fn throughout(
    time: Duration,
    what: impl Display,
    mut check: impl AsyncFnMut() -> Result<()>,
) -> Result<()> {
    let _measuring = during(Phase::Measuring);
    let deadline = Instant::now() + time;
    let mut ticks = interval(LAST_PAUSE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while Instant::now() < deadline {
        ticks.tick().await;
        check().await.map_err(|error| anyhow!("not throughout {time:?}: {what}: {error:#}"))?;
    }
    Ok(())
}
