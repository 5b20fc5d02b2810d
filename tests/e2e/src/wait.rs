//! Waiting: always for something, never for a while.

use crate::clock::{Phase, during};
use anyhow::{Result, anyhow};
use std::{fmt::Display, time::Duration};
use tokio::time::{Instant, MissedTickBehavior, interval};

/// How long anything may take that is not said to take longer.
pub const PATIENCE: Duration = Duration::from_secs(15);
/// Between two looks: short at first, then longer, for every look takes processor time from what is looked at.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LAST_PAUSE: Duration = Duration::from_millis(120);

/// Polls until `check` succeeds; an error means "not yet", and the last one is told when patience ends.
pub async fn eventually<T>(what: impl Display, check: impl AsyncFnMut() -> Result<T>) -> Result<T> {
    within(PATIENCE, what, check).await
}

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

/// Checks again and again for a time; the first error ends it. For what must *not* happen, and for
/// what must keep going.
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
