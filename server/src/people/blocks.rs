//! Blocking somebody, and what it means: nothing that they say, ask or start reaches whom they are blocked by.
//!
//! To the blocked it looks like silence: their messages are delivered, their invitations wait, their calls
//! are not answered, and the other one is never online nor found. The blocker says nothing to them either before they
//! unblock them. Groups go on: what a blocked person writes there is hidden from the blocker alone, for ever.

use crate::{
    app::App,
    calls::service,
    cluster::delivery::Audience,
    error::{Answer, ApiError},
    people::presence,
    storage::Block,
    wire,
};
use parley_core::call::{Input, Seat};
use parley_protocol::{ErrorCode, ServerMessage, UserId, limits};

/// Blocking twice is blocking.
pub async fn block(app: &App, by: UserId, of: UserId) -> Answer<()> {
    if by == of {
        return Err(ApiError::new(ErrorCode::Conflict, "this is yourself"));
    }
    app.store.user(of).await?.ok_or_else(ApiError::not_found)?;
    let acquainted = presence::are_acquainted(app, by, of).await?;
    let write = app.store.write().await?;
    // Two at once of one person would both find room.
    write.lock_users(&[by]).await?;
    if !write.insert_block(Block { by, of }, app.clock.now()).await? {
        write.abandon().await?;
        return silence(app, by, of).await;
    }
    if write.count_blocks(by).await? > u64::try_from(limits::BLOCKS_MAX).unwrap_or(u64::MAX) {
        write.abandon().await?;
        let why = format!("at most {} people can be blocked", limits::BLOCKS_MAX);
        return Err(ApiError::new(ErrorCode::LimitReached, why));
    }
    write.commit().await?;
    silence(app, by, of).await?;
    if acquainted {
        presence::part(app, by, of);
    }
    if let Some(row) = app.store.direct_between(by, of).await? {
        let message = ServerMessage::ConversationRemoved { conversation_id: row.id };
        app.publish(vec![Audience::Users(vec![by])], &message);
    }
    Ok(())
}

/// What rings because of the blocked one stops. A call that begins later finds the block.
async fn silence(app: &App, by: UserId, of: UserId) -> Answer<()> {
    for call in app.store.live_calls_of(by).await? {
        if call.initiator_id == of && call.seat(by).is_some_and(Seat::is_pending) {
            service::handle(app, call.id, Input::Silence { user: by }).await?;
        }
    }
    Ok(())
}

/// Who was not blocked stays so.
pub async fn unblock(app: &App, by: UserId, of: UserId) -> Answer<()> {
    app.store.user(of).await?.ok_or_else(ApiError::not_found)?;
    let write = app.store.write().await?;
    if !write.delete_block(Block { by, of }).await? {
        return Ok(write.abandon().await?);
    }
    write.commit().await?;
    if presence::are_acquainted(app, by, of).await? {
        presence::meet(app, by, of).await;
    }
    if let Some(row) = app.store.direct_between(by, of).await? {
        let conversation = wire::conversation::view(app, row, by).await?;
        app.publish(vec![Audience::Users(vec![by])], &ServerMessage::ConversationUpdated { conversation });
    }
    Ok(())
}
