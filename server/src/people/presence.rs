//! Presence: whether people are online, in a call, or not to be disturbed.
//!
//! It is worked out from sockets, calls and the person's own setting, and sent to the people who share an
//! accepted conversation with them. Two people of whom one has blocked the other are offline to each other.
//!
//! Changes are collected for a moment (`presence_ms`) and looked up together, so a page that reloads causes
//! no message, and a hundred calls at once cause one lookup.

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

/// The number of people who are looked up at once.
const BATCH: usize = 200;
/// The pause after a failure.
const RETRY: Duration = Duration::from_secs(1);

/// Notes that a device has connected, and sends it the presence of its person's acquaintances unless it
/// resumed.
pub async fn arrived(app: &App, user: UserId, device: DeviceId, resumed: bool) {
    app.stale_presence.add([user]);
    if !resumed && let Err(error) = list(app, user, device).await {
        tracing::warn!(%error, "cannot send the presence list to a device");
    }
}

/// Notes that a device's socket is closed and that no newer one took its place.
pub async fn left(app: &App, user: UserId, device: DeviceId) {
    app.directory.left(user, device).await;
    app.stale_presence.add([user]);
}

/// Sends a device the presence of everyone its person may see.
async fn list(app: &App, user: UserId, device: DeviceId) -> Stored<()> {
    let pairs = app.store.acquaintances(&[user]).await?;
    let others: Vec<UserId> = pairs.into_iter().map(|(_, other)| other).collect();
    let Some(told) = app.directory.presences(&others).await else { return Ok(()) };
    let people = others.into_iter().zip(told).filter(|(_, presence)| *presence != Presence::Offline);
    let people: Vec<_> = people.map(|(user_id, presence)| PersonPresence { user_id, presence }).collect();
    if !people.is_empty() {
        app.publish(vec![Audience::Device { user, device }], &ServerNotice::PresenceList { people });
    }
    Ok(())
}

/// Tells whether these people may see each other's presence.
pub async fn are_acquainted(app: &App, one: UserId, other: UserId) -> Stored<bool> {
    Ok(app.store.acquaintances(&[one]).await?.contains(&(one, other)))
}

/// Shows each of two people as offline to the other.
pub fn hide_from_each_other(app: &App, one: UserId, other: UserId) {
    show(app, one, other, Presence::Offline);
    show(app, other, one, Presence::Offline);
}

/// Shows each of two people the other's presence.
pub async fn show_to_each_other(app: &App, one: UserId, other: UserId) {
    if let Some([first, second]) = app.directory.presences(&[one, other]).await.as_deref() {
        show(app, one, other, *first);
        show(app, other, one, *second);
    }
}

/// Exchanges presence between a person who has joined a conversation and its other members.
pub async fn joined(app: &App, user: UserId, conversation: &Conversation) {
    if conversation.status != ConversationStatus::Accepted {
        return;
    }
    let Ok(pairs) = app.store.acquaintances(&[user]).await else { return };
    let seen = |other: &UserId| pairs.contains(&(user, *other));
    let others: Vec<UserId> = conversation.members.iter().map(|member| member.id).filter(seen).collect();
    let all: Vec<UserId> = [user].into_iter().chain(others.iter().copied()).collect();
    let Some((own, theirs)) = app.directory.presences(&all).await.and_then(|told| {
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

/// Sends one person the presence of another.
fn show(app: &App, user_id: UserId, to: UserId, presence: Presence) {
    app.publish(vec![Audience::Users(vec![to])], &ServerNotice::PresenceUpdated { user_id, presence });
}

/// Sends a typing notice to the other members of the conversation. Notices over the limit are dropped without
/// an error.
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

/// Publishes presence changes until the server stops.
pub async fn run(app: App) {
    loop {
        app.stale_presence.added().await;
        tokio::time::sleep(app.config.presence).await;
        let users = app.stale_presence.take();
        for some in users.chunks(BATCH) {
            let done = update(&app, some).await;
            // These people go back into the set until their presence is known and published.
            if !matches!(done, Ok(true)) {
                tracing::debug!(?done, "cannot update presence; retrying");
                tokio::time::sleep(RETRY).await;
                app.stale_presence.add(some.iter().copied());
            }
        }
    }
}

/// Works out the presence of these people and publishes what has changed. Returns false if the directory does
/// not answer.
async fn update(app: &App, users: &[UserId]) -> Stored<bool> {
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
    let Some(before) = app.directory.set_presences(&presences).await else { return Ok(false) };
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
