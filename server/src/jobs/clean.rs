//! Deletes expired rows.

use crate::{app::App, http::idempotency::ANSWERS_KEPT, storage::Stored};
use parley_protocol::Timestamp;

/// The time for which quality samples are kept.
const SAMPLES_KEPT_MS: i64 = 7 * 24 * 60 * 60 * 1_000;

/// Deletes expired sessions, invites, sign-ins and stored answers, and old quality samples.
pub async fn clean(app: &App) -> Stored<()> {
    let now = app.clock.now();
    let write = app.store.write().await?;
    // One server at a time: two that delete the same rows in different orders could block each other.
    write.clean_alone().await?;
    let sessions = write.delete_expired_sessions(now).await?;
    let invites = write.delete_expired_invites(now).await? + write.delete_expired_group_links(now).await?;
    let logins = write.delete_expired_logins(now).await?;
    let kept = i64::try_from(ANSWERS_KEPT.as_millis()).unwrap_or(i64::MAX);
    let answers = write.delete_answers_before(Timestamp(now.0 - kept)).await?;
    let samples = write.delete_samples_before(Timestamp(now.0 - SAMPLES_KEPT_MS)).await?;
    write.commit().await?;
    tracing::debug!(samples, sessions, invites, logins, answers, "cleaned up");
    Ok(())
}
