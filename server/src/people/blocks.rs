//! Blocks. Nothing that a blocked person writes, asks or starts reaches the person who has blocked them.
//!
//! To the blocked person it looks like silence: their messages are accepted, their invitations stay pending,
//! their calls ring and are not answered, and the other person is offline and cannot be found. The blocker
//! cannot write to them either until they unblock them. Groups go on: what a blocked person writes there
//! during the block is hidden from the blocker alone, and stays hidden afterwards.

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

/// Blocks a person. Blocking somebody twice is no error.
pub async fn block(app: &App, by: UserId, of: UserId) -> Answer<()> {
    if by == of {
        return Err(ApiError::new(ErrorCode::Conflict, "you cannot block yourself"));
    }
    app.store.user(of).await?.ok_or_else(ApiError::not_found)?;
    let acquainted = presence::are_acquainted(app, by, of).await?;
    let write = app.store.write().await?;
    // Without the lock, two blocks at once by one person would both find room.
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
        presence::hide_from_each_other(app, by, of);
    }
    if let Some(row) = app.store.direct_between(by, of).await? {
        let message = ServerMessage::ConversationRemoved { conversation_id: row.id };
        app.publish(vec![Audience::Users(vec![by])], &message);
    }
    Ok(())
}

/// Stops calls of the blocked person from ringing. A call that begins later finds the block itself.
async fn silence(app: &App, by: UserId, of: UserId) -> Answer<()> {
    for call in app.store.live_calls_of(by).await? {
        if call.initiator_id == of && call.seat(by).is_some_and(Seat::is_pending) {
            service::handle(app, call.id, Input::Silence { user: by }).await?;
        }
    }
    Ok(())
}

/// Unblocks a person. Unblocking somebody who is not blocked is no error.
pub async fn unblock(app: &App, by: UserId, of: UserId) -> Answer<()> {
    app.store.user(of).await?.ok_or_else(ApiError::not_found)?;
    let write = app.store.write().await?;
    if !write.delete_block(Block { by, of }).await? {
        return Ok(write.abandon().await?);
    }
    write.commit().await?;
    if presence::are_acquainted(app, by, of).await? {
        presence::show_to_each_other(app, by, of).await;
    }
    if let Some(row) = app.store.direct_between(by, of).await? {
        let conversation = wire::conversation::view(app, row, by).await?;
        app.publish(vec![Audience::Users(vec![by])], &ServerMessage::ConversationUpdated { conversation });
    }
    Ok(())
}
