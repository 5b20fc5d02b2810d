//! The loop that acts on the deadlines of calls.
//!
//! A deadline is a column of its call's row, so no restart loses one. The loop sleeps until the next deadline
//! in the database, and the alarm wakes it when a decision sets an earlier one. Among several servers each
//! due call is claimed by one of them for a few seconds; if that server dies, another one claims it
//! afterwards.

use super::service::handle;
use crate::{app::App, error::Answer};
use parley_core::call::Input;
use parley_protocol::{CallId, ErrorCode};
use std::time::Duration;

/// The number of due calls that are taken at once.
const BATCH: u64 = 100;
/// The number of batches in a row that may change nothing before the sweep gives up. Once is normal, when a
/// request decided first; more often means that deadlines stay due without effect, which is a bug and would
/// spin.
const IDLE_ROUNDS_MAX: u32 = 3;
/// The time for which a claimed deadline belongs to the server that took it.
const CLAIM: Duration = Duration::from_secs(10);
/// The pause when everything that is due was claimed by other servers.
const LET_OTHERS: Duration = Duration::from_millis(100);
/// The longest time between two looks at the database, for deadlines that this server was not told of.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// The pause after a failure.
const RETRY: Duration = Duration::from_secs(1);
/// The time by which a deadline is moved when its call cannot be decided.
const PUT_OFF: Duration = Duration::from_secs(10);

/// Runs until the server stops.
pub async fn run(app: App) {
    loop {
        if let Err(error) = round(&app).await {
            tracing::warn!(code = %error.code, "cannot process deadlines; retrying");
            tokio::time::sleep(RETRY).await;
        }
    }
}

/// Waits for the next deadline, for the alarm or for the next look at the database, and sweeps if a deadline
/// is due.
async fn round(app: &App) -> Answer<()> {
    // Before the database is asked: a deadline that is set meanwhile, and may be missing in the answer, wakes
    // the select below.
    app.alarm.clear();
    let next = app.store.next_deadline().await?;
    if let Some(next) = next {
        app.alarm.sleep_towards(next);
    }
    let due = async {
        match next {
            Some(next) => app.clock.sleep_until(next).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = due => {
            if !sweep(app).await? {
                // Other servers have claimed everything that is due.
                tokio::time::sleep(LET_OTHERS).await;
            }
            Ok(())
        }
        () = app.alarm.woken() => Ok(()),
        // Another server may have set a deadline and died.
        () = tokio::time::sleep(LOOK_EVERY) => Ok(()),
    }
}

/// Acts on every deadline that has passed. Returns whether there was one that no other server had claimed.
pub async fn sweep(app: &App) -> Answer<bool> {
    let _one_at_a_time = app.alarm.sweep_alone().await;
    let (mut idle_rounds, mut any) = (0, false);
    loop {
        let now = app.clock.now();
        let due = app.store.take_due(now, now + CLAIM, BATCH).await?;
        if due.is_empty() {
            return Ok(any);
        }
        any = true;
        let mut changed = false;
        for id in due {
            // The row says that the call is due. A cached call may be older and see nothing to do.
            app.call_cache.forget(id);
            changed |= match handle(app, id, Input::Tick).await {
                Ok(outcome) => outcome.changed,
                // Without the database every other call would fail as well.
                Err(error) if error.code == ErrorCode::Unavailable => return Err(error),
                Err(error) => {
                    tracing::warn!(call = %id, code = %error.code, "cannot decide a due call; retrying");
                    put_off(app, id).await?
                }
            };
        }
        idle_rounds = if changed { 0 } else { idle_rounds + 1 };
        if idle_rounds == IDLE_ROUNDS_MAX {
            tracing::warn!("deadlines are due but have no effect");
            tokio::time::sleep(RETRY).await;
            return Ok(true);
        }
    }
}

/// Moves the deadline of a call that cannot be decided, so that it does not keep others from being met.
async fn put_off(app: &App, id: CallId) -> Answer<bool> {
    let now = app.clock.now();
    let write = app.store.write().await?;
    let waits = write.put_off_deadline(id, now, now + PUT_OFF).await?;
    write.commit().await?;
    Ok(waits)
}
