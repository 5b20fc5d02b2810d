//! Background jobs: deleting what has expired, finding what was missed, and renewing the server's lease.

pub mod clean;
pub mod lease;
mod sweep;

use crate::app::App;
use std::time::Duration;
use tokio::time::{Instant, interval, interval_at};

/// The time between two clean-ups of the database.
const CLEAN_EVERY: Duration = Duration::from_secs(10 * 60);
/// The time between two checks for devices that did not come back to the hub.
const EXPIRE_EVERY: Duration = Duration::from_secs(10);

/// Runs until the server stops.
pub async fn run(app: App) {
    let mut cleaning = interval(CLEAN_EVERY);
    let mut expiring = interval(EXPIRE_EVERY);
    // Not at once: the start of the server has just swept.
    let mut sweeping = interval_at(Instant::now() + app.config.sweep, app.config.sweep);
    loop {
        tokio::select! {
            _ = cleaning.tick() => {
                if let Err(error) = timed(&app, "clean", clean::clean(&app)).await {
                    tracing::warn!(%error, "cleaning up failed");
                }
            }
            _ = expiring.tick() => {
                for user in app.hub.expire() {
                    app.bus.release(user);
                }
            }
            _ = sweeping.tick() => {
                if let Err(error) = timed(&app, "sweep", sweep::sweep(&app)).await {
                    tracing::warn!(code = %error.code, "sweeping failed");
                }
            }
        }
    }
}

/// Runs a job and records its outcome and duration.
async fn timed<T, E>(app: &App, job: &'static str, work: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    let begun = Instant::now();
    let done = work.await;
    app.metrics.job(job, done.is_ok(), begun.elapsed());
    done
}
