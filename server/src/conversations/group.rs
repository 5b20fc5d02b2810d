//! Groups: membership and roles.
//!
//! Members have agreed to be in the group: people are invited, and become members when they accept or
//! follow a link. A group has one owner, who sets the roles. Owner and admins rename the group, invite
//! people, and remove those of a lower role. Everyone may leave. When the owner leaves, the longest-serving
//! admin becomes the owner, or else the longest-serving member.

use super::announce;
use crate::{
    access,
    app::App,
    calls::service,
    cluster::{delivery::Audience, limits::Limited},
    error::{Answer, ApiError},
    http::idempotency::IdempotencyKey,
    storage::{ConversationRow, NewGroup, Write},
    wire,
};
use parley_core::call::Input;
use parley_protocol::{
    ConversationId, ErrorCode, ServerMessage, Timestamp, UserId, limits,
    people::{Conversation, ConversationKind, ConversationStatus, MemberRole},
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Makes a group and invites these people to it.
pub async fn create(
    app: &App,
    owner: UserId,
    name: String,
    people: &[UserId],
    key: Option<&IdempotencyKey>,
) -> Answer<Conversation> {
    let people = others(people, owner);
    if people.is_empty() {
        return Err(ApiError::field("member_ids", "must name somebody else"));
    }
    check_room(people.len() + 1)?;
    check_people(app, owner, &people).await?;
    let (id, now) = (ConversationId(Uuid::now_v7()), app.clock.now());
    let write = app.store.write().await?;
    write.insert_group(&NewGroup { id, name, owner }, now).await?;
    invite_all(&write, id, owner, &people, now).await?;
    if let Some(key) = key {
        let row = write.locked_conversation(id).await?.ok_or_else(ApiError::not_found)?;
        key.remember(&write, &wire::conversation::view_of_row(&row, owner), now).await?;
    }
    write.commit().await?;
    announce(app, id, owner).await
}

/// Renames the group.
pub async fn rename(app: &App, id: ConversationId, by: UserId, name: &str) -> Answer<Conversation> {
    let (write, row) = begin(app, id, by).await?;
    require(role_of(&row, by)? != MemberRole::Member)?;
    if row.name.as_deref() == Some(name) {
        write.abandon().await?;
        return wire::conversation::view(app, row, by).await;
    }
    write.rename_group(id, name).await?;
    finish(app, write, id, by).await
}

/// Invites people to the group. Members and people who are invited already are passed over.
pub async fn invite(app: &App, id: ConversationId, by: UserId, people: &[UserId]) -> Answer<Conversation> {
    let people = others(people, by);
    if people.is_empty() {
        return Err(ApiError::field("user_ids", "must name somebody else"));
    }
    // Before the database is read: a list that is too long cannot fit anyway.
    check_room(people.len() + 1)?;
    // Checked before the transaction, which would keep other writers waiting during these reads. The role and
    // the size of the group are checked again inside it, where they cannot change.
    require(role_of(&access::find(app, id, by).await?, by)? != MemberRole::Member)?;
    check_people(app, by, &people).await?;
    app.limits.take_several(Limited::Invitations, by, people.len(), app.clock.now()).await?;
    let (write, row) = begin(app, id, by).await?;
    require(role_of(&row, by)? != MemberRole::Member)?;
    let is_new = |user: &UserId| !row.has(*user) && row.invitation(*user).is_none();
    let new: BTreeSet<_> = people.into_iter().filter(is_new).collect();
    check_room(row.members.len() + row.invited.len() + new.len())?;
    invite_all(&write, id, by, &new, app.clock.now()).await?;
    finish(app, write, id, by).await
}

/// Removes a member, withdraws an invitation, or leaves.
pub async fn remove(app: &App, id: ConversationId, by: UserId, user: UserId) -> Answer<()> {
    let (write, row) = begin(app, id, by).await?;
    if row.invitation(by).is_some() && by == user {
        write.delete_invitation(id, by).await?;
        return gone(app, write, id, user).await;
    }
    let own = role_of(&row, by)?;
    if row.invitation(user).is_some() {
        require(own != MemberRole::Member)?;
        write.delete_invitation(id, user).await?;
        return gone(app, write, id, user).await;
    }
    let role = row.member(user).ok_or_else(ApiError::not_found)?.role;
    require(by == user || outranks(own, role))?;
    write.delete_member(id, user).await?;
    if let Some(heir) = heir(&row, user) {
        write.set_member_role(id, heir, MemberRole::Owner).await?;
    }
    if row.members.len() == 1 {
        // The last member leaves, so nobody could let the invited people in any more.
        for invited in &row.invited {
            write.delete_invitation(id, invited.user).await?;
        }
        write.delete_group_links(id).await?;
    }
    gone(app, write, id, user).await?;
    if row.members.len() == 1 {
        publish_removed(app, id, row.invited.iter().map(|invited| invited.user).collect());
    }
    Ok(())
}

/// Gives a member another role. An owner who makes somebody else the owner becomes an admin.
pub async fn set_role(
    app: &App,
    id: ConversationId,
    by: UserId,
    user: UserId,
    role: MemberRole,
) -> Answer<Conversation> {
    let (write, row) = begin(app, id, by).await?;
    let own = role_of(&row, by)?;
    let before = row.member(user).ok_or_else(ApiError::not_found)?.role;
    require(own == MemberRole::Owner)?;
    if before == role {
        write.abandon().await?;
        return wire::conversation::view(app, row, by).await;
    }
    if user == by {
        return Err(ApiError::new(ErrorCode::Conflict, "a group needs an owner: make somebody else owner"));
    }
    write.set_member_role(id, user, role).await?;
    if role == MemberRole::Owner {
        write.set_member_role(id, by, MemberRole::Admin).await?;
    }
    finish(app, write, id, by).await
}

/// Answers an invitation to the group.
pub async fn answer(
    app: &App,
    row: ConversationRow,
    user: UserId,
    status: ConversationStatus,
) -> Answer<Conversation> {
    let accepts = status == ConversationStatus::Accepted;
    if row.has(user) {
        return if accepts { wire::conversation::view(app, row, user).await } else { Err(not_waiting()) };
    }
    // Again under the lock: another device may have answered in the meantime.
    let (write, row) = begin(app, row.id, user).await?;
    if row.has(user) {
        write.abandon().await?;
        return if accepts { wire::conversation::view(app, row, user).await } else { Err(not_waiting()) };
    }
    if accepts {
        let_in(&write, &row, user, app.clock.now()).await?;
        return finish(app, write, row.id, user).await;
    }
    write.delete_invitation(row.id, user).await?;
    gone(app, write, row.id, user).await?;
    Ok(Conversation { status: ConversationStatus::Declined, ..wire::conversation::view_of_row(&row, user) })
}

/// Returns the error for an answer to an invitation that is not pending.
fn not_waiting() -> ApiError {
    ApiError::new(ErrorCode::Conflict, "this invitation is not waiting for your answer")
}

/// Makes a person a member who accepts an invitation or follows a link.
pub(super) async fn let_in(write: &Write, row: &ConversationRow, user: UserId, now: Timestamp) -> Answer<()> {
    if row.invitation(user).is_some() {
        write.delete_invitation(row.id, user).await?;
    } else {
        // An invited person is counted already; one with a link is not.
        check_room(row.members.len() + row.invited.len() + 1)?;
    }
    Ok(write.insert_member(row.id, user, MemberRole::Member, now).await?)
}

/// Begins a transaction that locks the group, and returns the group if `by` is a member or invited.
pub(super) async fn begin(app: &App, id: ConversationId, by: UserId) -> Answer<(Write, ConversationRow)> {
    let write = app.store.write().await?;
    let row = write.locked_conversation(id).await?;
    let row = row.filter(|row| row.has(by) || row.invitation(by).is_some());
    let row = row.ok_or_else(ApiError::not_found)?;
    if row.kind == ConversationKind::Group {
        return Ok((write, row));
    }
    Err(ApiError::new(ErrorCode::Conflict, "this is a conversation of two"))
}

/// Commits a change of the group and announces it.
pub(super) async fn finish(app: &App, write: Write, id: ConversationId, by: UserId) -> Answer<Conversation> {
    write.touch_conversation(id, app.clock.now()).await?;
    write.commit().await?;
    announce(app, id, by).await
}

/// Commits a change by which `user` is no longer in the group, announces it, and takes them out of the
/// group's call.
async fn gone(app: &App, write: Write, id: ConversationId, user: UserId) -> Answer<()> {
    finish(app, write, id, user).await?;
    publish_removed(app, id, vec![user]);
    for call in app.store.live_calls_in(&[id]).await? {
        service::handle(app, call.id, Input::Remove { user }).await?;
    }
    Ok(())
}

/// Tells these people that the conversation is gone for them.
fn publish_removed(app: &App, conversation_id: ConversationId, users: Vec<UserId>) {
    app.publish(vec![Audience::Users(users)], &ServerMessage::ConversationRemoved { conversation_id });
}

async fn invite_all(
    write: &Write,
    id: ConversationId,
    by: UserId,
    people: &BTreeSet<UserId>,
    now: Timestamp,
) -> Answer<()> {
    for user in people {
        write.insert_invitation(id, *user, by, now).await?;
    }
    Ok(())
}

fn others(people: &[UserId], but: UserId) -> BTreeSet<UserId> {
    people.iter().copied().filter(|user| *user != but).collect()
}

/// Refuses if a group of so many people is too large.
fn check_room(people: usize) -> Answer<()> {
    if people <= limits::GROUP_MAX {
        return Ok(());
    }
    let why = format!("a group may have {} people, including those invited", limits::GROUP_MAX);
    Err(ApiError::new(ErrorCode::LimitReached, why))
}

/// Checks that all of these people exist and that `by` has blocked none of them. Whether one of them has
/// blocked `by` is not checked, since it must not show.
async fn check_people(app: &App, by: UserId, people: &BTreeSet<UserId>) -> Answer<()> {
    let people: Vec<_> = people.iter().copied().collect();
    if app.store.people(people.iter().copied()).await?.len() < people.len() {
        return Err(ApiError::not_found());
    }
    if app.store.blocked_among(&people, by).await?.is_empty() { Ok(()) } else { Err(access::is_blocked()) }
}

/// Returns the role of a member. A person who is only invited has none.
pub(super) fn role_of(row: &ConversationRow, user: UserId) -> Answer<MemberRole> {
    if row.kind != ConversationKind::Group {
        return Err(ApiError::new(ErrorCode::Conflict, "this is a conversation of two"));
    }
    let not_yet = || ApiError::new(ErrorCode::NotAccepted, "the invitation has not been accepted");
    row.member(user).map(|member| member.role).ok_or_else(not_yet)
}

/// Refuses if the role is not enough.
pub(super) fn require(may: bool) -> Answer<()> {
    if may {
        Ok(())
    } else {
        Err(ApiError::new(ErrorCode::NotAllowed, "your role in the group is not enough"))
    }
}

fn outranks(one: MemberRole, other: MemberRole) -> bool {
    let rank = |role| match role {
        MemberRole::Owner => 2,
        MemberRole::Admin => 1,
        MemberRole::Member => 0,
    };
    rank(one) > rank(other)
}

/// Returns the next owner when this member leaves, or none if the owner stays. The members are in the order
/// in which they joined.
fn heir(row: &ConversationRow, leaving: UserId) -> Option<UserId> {
    let owned = row.member(leaving).is_some_and(|member| member.role == MemberRole::Owner);
    let left = || row.members.iter().filter(|member| owned && member.user != leaving);
    let admin = left().find(|member| member.role == MemberRole::Admin);
    admin.or_else(|| left().next()).map(|member| member.user)
}
