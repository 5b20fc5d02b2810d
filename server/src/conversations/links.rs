//! Invite links of groups. A link lets its holder in until it has expired, was revoked or has no uses left.

use super::group::{begin, finish, let_in, require, role_of};
use crate::{
    access,
    app::App,
    error::{Answer, ApiError},
    http::idempotency::IdempotencyKey,
    secret,
    storage::GroupLinkRow,
    wire::conversation::view,
};
use parley_core::time::Duration;
use parley_protocol::{
    ConversationId, ErrorCode, LinkId, UserId, limits,
    people::{Conversation, MemberRole},
    rest::{GroupLink, NewGroupLink},
};
use uuid::Uuid;

/// Makes a link. Its token is in the answer and nowhere else.
pub async fn make(
    app: &App,
    id: ConversationId,
    by: UserId,
    wish: NewGroupLink,
    key: Option<&IdempotencyKey>,
) -> Answer<GroupLink> {
    let life = match wish.expires_in_hours {
        None => app.config.invite_life(),
        Some(hours) if (1..=limits::LINK_MAX_HOURS).contains(&hours) => {
            Duration::from_secs(u64::from(hours) * 60 * 60)
        }
        Some(_) => return Err(out_of_range("expires_in_hours", limits::LINK_MAX_HOURS)),
    };
    if wish.max_uses.is_some_and(|uses| !(1..=limits::LINK_MAX_USES).contains(&uses)) {
        return Err(out_of_range("max_uses", limits::LINK_MAX_USES));
    }
    let (write, row) = begin(app, id, by).await?;
    require(role_of(&row, by)? != MemberRole::Member)?;
    let now = app.clock.now();
    let links = write.count_group_links(id, now).await?;
    if links >= u64::try_from(limits::LINKS_MAX).unwrap_or(u64::MAX) {
        let why = format!("a group may have {} links; revoke one first", limits::LINKS_MAX);
        return Err(ApiError::new(ErrorCode::LimitReached, why));
    }
    let token = secret::new_token();
    let new = GroupLinkRow {
        id: LinkId(Uuid::now_v7()),
        conversation_id: id,
        made_by: by,
        max_uses: wish.max_uses,
        uses: 0,
        created_at: now,
        expires_at: now + life,
    };
    write.insert_group_link(&new, &secret::digest(&token)).await?;
    let link = GroupLink { token: Some(token), ..shown(&new) };
    if let Some(key) = key {
        key.remember(&write, &link, now).await?;
    }
    write.commit().await?;
    Ok(link)
}

fn out_of_range(field: &str, max: u32) -> ApiError {
    ApiError::field(field, format!("must be 1 to {max}"))
}

/// Lists the links that are still good.
pub async fn list(app: &App, id: ConversationId, by: UserId) -> Answer<Vec<GroupLink>> {
    let row = access::find(app, id, by).await?;
    require(role_of(&row, by)? != MemberRole::Member)?;
    let links = app.store.group_links(id, app.clock.now()).await?;
    Ok(links.iter().map(shown).collect())
}

/// Revokes a link.
pub async fn revoke(app: &App, id: ConversationId, by: UserId, link: LinkId) -> Answer<()> {
    let (write, row) = begin(app, id, by).await?;
    require(role_of(&row, by)? != MemberRole::Member)?;
    if !write.delete_group_link(id, link).await? {
        return Err(ApiError::not_found());
    }
    Ok(write.commit().await?)
}

/// Lets the person into the group. For a member nothing changes, and the link loses no use.
pub async fn follow(app: &App, link: &GroupLinkRow, user: UserId) -> Answer<Conversation> {
    let id = link.conversation_id;
    let write = app.store.write().await?;
    let row = write.locked_conversation(id).await?.ok_or_else(ApiError::not_found)?;
    if row.has(user) {
        write.abandon().await?;
        return view(app, row, user).await;
    }
    let now = app.clock.now();
    if !write.use_group_link(link.id, now).await? {
        return Err(dead());
    }
    let_in(&write, &row, user, now).await?;
    finish(app, write, id, user).await
}

/// Returns the error for every link that lets nobody in: unknown, expired, revoked and used up ones look
/// alike.
pub fn dead() -> ApiError {
    ApiError::new(ErrorCode::InviteInvalid, "this link is no longer valid")
}

/// Converts a row to the protocol's type, without the token.
fn shown(row: &GroupLinkRow) -> GroupLink {
    GroupLink {
        id: row.id,
        made_by: row.made_by,
        created_at: row.created_at,
        expires_at: row.expires_at,
        max_uses: row.max_uses,
        uses: row.uses,
        token: None,
    }
}
