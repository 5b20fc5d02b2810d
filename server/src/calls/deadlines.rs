//! Deadlines are rows, so that no restart loses one; an alarm makes them precise.

use super::service::handle;
use crate::{app::App, error::Answer};
use parley_core::call::Input;
use parley_protocol::{CallId, ErrorCode};
use std::time::Duration;

const BATCH: u64 = 100;
/// A deadline may be met by somebody else meanwhile; one that stays and has no effect is a mistake.
const IDLE_ROUNDS_MAX: u32 = 3;
/// How long a deadline belongs to the server that has taken it.
const CLAIM: Duration = Duration::from_secs(10);
/// How long to wait for another server that has taken what is due.
const LET_OTHERS: Duration = Duration::from_millis(100);
/// How often to look for deadlines that nobody here knows of.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How long to wait after a failure.
const RETRY: Duration = Duration::from_secs(1);
/// How long a call waits that cannot be decided.
const PUT_OFF: Duration = Duration::from_secs(10);

/// Runs as long as the server.
pub async fn run(app: App) {
    loop {
        if let Err(error) = round(&app).await {
            tracing::warn!(code = %error.code, "deadlines wait");
            tokio::time::sleep(RETRY).await;
        }
    }
}

async fn round(app: &App) -> Answer<()> {
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
                // Another server is at it.
                tokio::time::sleep(LET_OTHERS).await;
            }
            Ok(())
        }
        () = app.alarm.woken() => Ok(()),
        // Deadlines of a server that has died since.
        () = tokio::time::sleep(LOOK_EVERY) => Ok(()),
    }
}

/// Decides every deadline that has passed; whether there was one that no other server had taken.
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
            // What is due is in the row; what was cached may be older.
            app.call_cache.forget(id);
            changed |= match handle(app, id, Input::Tick).await {
                Ok(outcome) => outcome.changed,
                Err(error) if error.code == ErrorCode::Unavailable => return Err(error),
                Err(error) => {
                    tracing::warn!(call = %id, code = %error.code, "a deadline waits");
                    put_off(app, id).await?
                }
            };
        }
        idle_rounds = if changed { 0 } else { idle_rounds + 1 };
        if idle_rounds == IDLE_ROUNDS_MAX {
            tracing::warn!("deadlines passed without effect");
            tokio::time::sleep(RETRY).await;
            return Ok(true);
        }
    }
}

/// A call that cannot be decided waits at the end of the line, where it is in nobody's way.
async fn put_off(app: &App, id: CallId) -> Answer<bool> {
    let now = app.clock.now();
    let write = app.store.write().await?;
    let waits = write.put_off_deadline(id, now, now + PUT_OFF).await?;
    write.commit().await?;
    Ok(waits)
}
