//! Work that waits for nobody: removing what has expired, and finding what was missed.

use crate::{
    app::{App, Phases},
    calls::devices,
    error::Answer,
    http::session,
    storage::Stored,
};
use parley_protocol::SessionId;
use std::time::Duration;
use tokio::time::{Instant, interval, interval_at};

const CLEAN_EVERY: Duration = Duration::from_secs(10 * 60);
/// How often what was kept for sockets that might return is looked through.
const EXPIRE_EVERY: Duration = Duration::from_secs(10);
/// How long the first answer to a request with an `Idempotency-Key` is kept.
pub const ANSWERS_KEPT: Duration = Duration::from_secs(24 * 60 * 60);
/// How long quality samples are kept.
const SAMPLES_KEPT_MS: i64 = 7 * 24 * 60 * 60 * 1_000;
/// Sessions that one question to the database asks for.
const BATCH: usize = 500;

/// How long work rests that has panicked.
const REST: Duration = Duration::from_secs(1);

/// Starts work that never ends by itself, and starts it again when it panics; until the server stops.
pub fn keep_running<F>(what: &'static str, mut stop: Phases, work: impl Fn() -> F + Send + 'static)
where
    F: Future<Output = ()> + Send + 'static,
{
    tokio::spawn(async move {
        loop {
            let mut running = tokio::spawn(work());
            tokio::select! {
                ended = &mut running => tracing::error!(what, ?ended, "starting again"),
                () = stop.stopping() => {
                    running.abort();
                    // Whatever it held is let go of before the server closes.
                    _ = running.await;
                    return;
                }
            }
            tokio::time::sleep(REST).await;
        }
    });
}

/// Runs as long as the server.
pub async fn run(app: App) {
    let mut cleaning = interval(CLEAN_EVERY);
    // The server has swept before it began.
    let mut expiring = interval(EXPIRE_EVERY);
    let mut sweeping = interval_at(Instant::now() + app.config.sweep, app.config.sweep);
    loop {
        tokio::select! {
            _ = cleaning.tick() => {
                if let Err(error) = timed(&app, "clean", clean(&app)).await {
                    tracing::warn!(%error, "cleaning up failed");
                }
            }
            _ = expiring.tick() => {
                for user in app.hub.expire() {
                    app.bus.release(user);
                }
            }
            _ = sweeping.tick() => {
                if let Err(error) = timed(&app, "sweep", sweep(&app)).await {
                    tracing::warn!(code = %error.code, "sweeping failed");
                }
            }
        }
    }
}

async fn timed<T, E>(app: &App, job: &'static str, work: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    let begun = Instant::now();
    let done = work.await;
    app.metrics.job(job, done.is_ok(), begun.elapsed());
    done
}

pub async fn clean(app: &App) -> Stored<()> {
    let now = app.clock.now();
    let write = app.store.write().await?;
    write.clean_alone().await?;
    let sessions = write.delete_expired_sessions(now).await?;
    let invites = write.delete_expired_invites(now).await? + write.delete_expired_group_links(now).await?;
    let logins = write.delete_expired_logins(now).await?;
    let kept = i64::try_from(ANSWERS_KEPT.as_millis()).unwrap_or(i64::MAX);
    let answers = write.delete_answers_before(parley_protocol::Timestamp(now.0 - kept)).await?;
    let samples = write.delete_samples_before(parley_protocol::Timestamp(now.0 - SAMPLES_KEPT_MS)).await?;
    write.commit().await?;
    tracing::debug!(samples, sessions, invites, logins, answers, "cleaned up");
    Ok(())
}

/// Closes sockets without a session, keeps the sessions of the others alive, and frees seats without a socket.
async fn sweep(app: &App) -> Answer<()> {
    let connected: Vec<SessionId> = app.hub.sessions().into_iter().collect();
    for some in connected.chunks(BATCH) {
        let live = app.store.sessions_among(some, app.clock.now()).await?;
        for ended in some.iter().filter(|id| !live.iter().any(|row| row.id == **id)) {
            app.hub.revoke(*ended);
        }
        // A tab that is open is in use, though it may ask for nothing.
        let used: Vec<_> = live.iter().map(|row| (row.id, row.expires_at)).collect();
        session::slide(app, &used).await?;
    }
    devices::sweep(app).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::SystemClock, config::Config};
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };
    use tokio::sync::Notify;

    #[tokio::test]
    async fn work_that_panics_is_started_again_bug() {
        let config = Config { database_url: Some("sqlite::memory:".to_owned()), ..Config::default() };
        let app = App::open(config, Arc::new(SystemClock)).await.unwrap();
        let (starts, again) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let (count, told) = (starts.clone(), again.clone());
        keep_running("test", app.phases(), move || {
            let (first, told) = (count.fetch_add(1, Ordering::SeqCst) == 0, told.clone());
            async move {
                assert!(!first, "the first one panics");
                told.notify_one();
                std::future::pending::<()>().await;
            }
        });
        tokio::time::timeout(Duration::from_secs(20), again.notified()).await.unwrap();
        app.stop();
        app.drained().await;
        assert_eq!(starts.load(Ordering::SeqCst), 2);
    }
}
