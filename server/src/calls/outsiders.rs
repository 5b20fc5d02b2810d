//! News for members of a group who have no seat in its call: they still see that it has one, and when it is
//! over.

use crate::{app::App, cluster::delivery::Audience, error::Answer, storage::CachedCall, wire};
use parley_core::call::{Event, Record, audience};
use parley_protocol::{ServerMessage, UserId, call::CallMode};
use std::sync::Arc;

/// Publishes the start or end of a group call to the other members. Runs in the background, since the people
/// with a seat must not wait for it; an error is logged.
pub fn publish(app: &App, cached: &Arc<CachedCall>, events: &[Event]) {
    let begins_or_ends = events.iter().any(|event| matches!(event, Event::Started | Event::Over { .. }));
    if cached.record.mode != CallMode::Group || !begins_or_ends {
        return;
    }
    let (app, cached) = (app.clone(), cached.clone());
    tokio::spawn(async move {
        if let Err(error) = publish_to_all(&app, &cached.record).await {
            tracing::warn!(call = %cached.record.id, code = %error.code, "cannot tell a group about its call");
        }
    });
}

async fn publish_to_all(app: &App, record: &Record) -> Answer<()> {
    let Some(row) = app.store.any_conversation(record.conversation_id).await? else { return Ok(()) };
    let hears = |user: &UserId| record.seat(*user).is_some_and(audience::hears);
    for user in row.member_ids().into_iter().filter(|user| !hears(user)) {
        let conversation = wire::conversation::view(app, row.clone(), user).await?;
        app.publish(vec![Audience::Users(vec![user])], &ServerMessage::ConversationUpdated { conversation });
    }
    Ok(())
}
