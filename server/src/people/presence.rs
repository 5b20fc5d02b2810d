//! Who is online, in a call, or wants to be left alone: worked out from sockets, calls and their own wish, and told to
//! those who share a conversation with them. Who blocks somebody is offline to them, and they are to who blocks.
//!
//! What may have changed is gathered for a moment and looked at together: a page that loads again, or a hundred calls
//! at once, is one look.

use crate::{
    access,
    app::App,
    cluster::{delivery::Audience, limits::Limited},
    error::{Answer, ApiError},
    storage::Stored,
};
use parley_protocol::{
    ConversationId, DeviceId, ErrorCode, PersonPresence, Presence, ServerNotice, UserId,
    people::{Conversation, ConversationStatus},
};
use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

/// People who are looked at with one question.
const BATCH: usize = 200;
const RETRY: Duration = Duration::from_secs(1);

/// A device was welcomed.
pub async fn arrived(app: &App, user: UserId, device: DeviceId, resumed: bool) {
    app.stale_presence.add([user]);
    if !resumed && let Err(error) = list(app, user, device).await {
        tracing::warn!(%error, "a device was not told who is there");
    }
}

/// A device's socket is closed, and no newer one took its place.
pub async fn left(app: &App, user: UserId, device: DeviceId) {
    app.directory.left(user, device).await;
    app.stale_presence.add([user]);
}

async fn list(app: &App, user: UserId, device: DeviceId) -> Stored<()> {
    let pairs = app.store.acquaintances(&[user]).await?;
    let others: Vec<UserId> = pairs.into_iter().map(|(_, other)| other).collect();
    let Some(told) = app.directory.told(&others).await else { return Ok(()) };
    let people = others.into_iter().zip(told).filter(|(_, presence)| *presence != Presence::Offline);
    let people: Vec<_> = people.map(|(user_id, presence)| PersonPresence { user_id, presence }).collect();
    if !people.is_empty() {
        app.publish(vec![Audience::Device { user, device }], &ServerNotice::PresenceList { people });
    }
    Ok(())
}

/// Whether they see of one another who is there.
pub async fn are_acquainted(app: &App, one: UserId, other: UserId) -> Stored<bool> {
    Ok(app.store.acquaintances(&[one]).await?.contains(&(one, other)))
}

/// From now on each is away, as the other sees it.
pub fn part(app: &App, one: UserId, other: UserId) {
    show(app, one, other, Presence::Offline);
    show(app, other, one, Presence::Offline);
}

/// From now on each sees again how it is with the other.
pub async fn meet(app: &App, one: UserId, other: UserId) {
    if let Some([first, second]) = app.directory.told(&[one, other]).await.as_deref() {
        show(app, one, other, *first);
        show(app, other, one, *second);
    }
}

/// Somebody is in the conversation from now on: they see how it is with the others, and these how it is with them.
pub async fn joined(app: &App, user: UserId, conversation: &Conversation) {
    if conversation.status != ConversationStatus::Accepted {
        return;
    }
    let Ok(pairs) = app.store.acquaintances(&[user]).await else { return };
    let seen = |other: &UserId| pairs.contains(&(user, *other));
    let others: Vec<UserId> = conversation.members.iter().map(|member| member.id).filter(seen).collect();
    let all: Vec<UserId> = [user].into_iter().chain(others.iter().copied()).collect();
    let Some((own, theirs)) = app.directory.told(&all).await.and_then(|told| {
        let (own, theirs) = told.split_first()?;
        Some((*own, theirs.to_vec()))
    }) else {
        return;
    };
    for (other, presence) in others.into_iter().zip(theirs) {
        show(app, other, user, presence);
        show(app, user, other, own);
    }
}

fn show(app: &App, user_id: UserId, to: UserId, presence: Presence) {
    app.publish(vec![Audience::Users(vec![to])], &ServerNotice::PresenceUpdated { user_id, presence });
}

/// Says so to the others in the conversation; not too often.
pub async fn typing(app: &App, user: UserId, id: ConversationId) -> Answer<()> {
    match app.limits.take(Limited::Typing, user, app.clock.now()).await {
        Err(ApiError { code: ErrorCode::RateLimited, .. }) => return Ok(()),
        taken => taken?,
    }
    let row = access::find(app, id, user).await?;
    let mut others = row.member_ids();
    others.retain(|other| *other != user);
    let acquainted: HashSet<UserId> =
        app.store.acquaintances(&[user]).await?.into_iter().map(|(_, other)| other).collect();
    others.retain(|other| acquainted.contains(other));
    app.publish(vec![Audience::Users(others)], &ServerNotice::Typing { conversation_id: id, user_id: user });
    Ok(())
}

/// Runs as long as the server.
pub async fn run(app: App) {
    loop {
        app.stale_presence.added().await;
        tokio::time::sleep(app.config.presence).await;
        let users = app.stale_presence.take();
        for some in users.chunks(BATCH) {
            let seen = look(&app, some).await;
            if !matches!(seen, Ok(true)) {
                tracing::debug!(?seen, "presence waits");
                tokio::time::sleep(RETRY).await;
                app.stale_presence.add(some.iter().copied());
            }
        }
    }
}

/// False when it cannot be known for the moment.
async fn look(app: &App, users: &[UserId]) -> Stored<bool> {
    let Some(online) = app.directory.online(users).await else { return Ok(false) };
    let in_calls = app.store.people_in_calls(users).await?;
    let undisturbed = app.store.people_who_do_not_disturb(users).await?;
    let presence = |(user, online): (&UserId, bool)| {
        let presence = if !online {
            Presence::Offline
        } else if undisturbed.contains(user) {
            Presence::DoNotDisturb
        } else if in_calls.contains(user) {
            Presence::InCall
        } else {
            Presence::Online
        };
        (*user, presence)
    };
    let presences: Vec<_> = users.iter().zip(online).map(presence).collect();
    let Some(before) = app.directory.tell(&presences).await else { return Ok(false) };
    let changed = presences.iter().zip(before).filter(|((_, now), before)| now != before);
    let changed: HashMap<UserId, Presence> = changed.map(|(now, _)| *now).collect();
    if changed.is_empty() {
        return Ok(true);
    }
    let ids: Vec<UserId> = changed.keys().copied().collect();
    let mut audiences: HashMap<UserId, Vec<UserId>> = HashMap::new();
    for (user, other) in app.store.acquaintances(&ids).await? {
        audiences.entry(user).or_default().push(other);
    }
    for (user_id, others) in audiences {
        let presence = changed.get(&user_id).copied().unwrap_or(Presence::Offline);
        app.publish(vec![Audience::Users(others)], &ServerNotice::PresenceUpdated { user_id, presence });
    }
    Ok(true)
}
