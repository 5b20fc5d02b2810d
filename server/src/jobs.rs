//! Work that waits for nobody: removing what has expired, and finding what was missed.

use crate::{app::App, calls::devices, error::Answer, storage::Stored};
use parley_protocol::SessionId;
use std::time::Duration;
use tokio::time::{Instant, interval, interval_at};

const CLEAN_EVERY: Duration = Duration::from_secs(10 * 60);
/// How long the first answer to a request with an `Idempotency-Key` is kept.
pub const ANSWERS_KEPT: Duration = Duration::from_secs(24 * 60 * 60);
/// Sessions that one question to the database asks for.
const BATCH: usize = 500;

/// Runs as long as the server.
pub async fn run(app: App) {
    let mut cleaning = interval(CLEAN_EVERY);
    // The server has swept before it began.
    let mut sweeping = interval_at(Instant::now() + app.config.sweep, app.config.sweep);
    loop {
        tokio::select! {
            _ = cleaning.tick() => {
                if let Err(error) = clean(&app).await {
                    tracing::warn!(%error, "cleaning up failed");
                }
            }
            _ = sweeping.tick() => {
                if let Err(error) = sweep(&app).await {
                    tracing::warn!(code = %error.code, "sweeping failed");
                }
            }
        }
    }
}

pub async fn clean(app: &App) -> Stored<()> {
    let now = app.clock.now();
    let write = app.store.write().await?;
    let sessions = write.delete_expired_sessions(now).await?;
    let invites = write.delete_expired_invites(now).await?;
    let kept = i64::try_from(ANSWERS_KEPT.as_millis()).unwrap_or(i64::MAX);
    let answers = write.delete_answers_before(parley_protocol::Timestamp(now.0 - kept)).await?;
    write.commit().await?;
    tracing::debug!(sessions, invites, answers, "cleaned up");
    Ok(())
}

/// Closes sockets without a session, and frees seats without a socket.
async fn sweep(app: &App) -> Answer<()> {
    let connected: Vec<SessionId> = app.hub.sessions().into_iter().collect();
    for some in connected.chunks(BATCH) {
        let live = app.store.sessions_among(some, app.clock.now()).await?;
        for ended in some.iter().filter(|id| !live.contains(id)) {
            app.hub.revoke(*ended);
        }
    }
    devices::sweep(app).await
}
