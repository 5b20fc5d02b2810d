//! Work that waits for nobody: removing what has expired.

use crate::{app::App, storage::Stored};
use std::time::Duration;

const EVERY: Duration = Duration::from_secs(10 * 60);
/// How long the first answer to a request with an `Idempotency-Key` is kept.
pub const ANSWERS_KEPT: Duration = Duration::from_secs(24 * 60 * 60);

pub async fn run(app: App) {
    let mut interval = tokio::time::interval(EVERY);
    loop {
        interval.tick().await;
        if let Err(error) = clean(&app).await {
            tracing::warn!(%error, "cleaning up failed");
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
