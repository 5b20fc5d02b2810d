//! Actions of people in Parley, by the words on its pages.

use crate::{
    clock::{Phase, during},
    front::BLANK,
    stats::Peer,
    user::{Named, User},
    wait::eventually,
};
use anyhow::{Context, Result, ensure};
use futures_util::future::try_join_all;
use serde_json::{Value, json};

/// The Enter key as a `WebDriver` code point.
pub const ENTER: char = '\u{E007}';
/// The Escape key as a `WebDriver` code point.
pub const ESCAPE: char = '\u{E00C}';

/// Signs in as a guest with the person's own name, by a request. [`sign_in_by_hand`] uses the form of the
/// page.
pub async fn sign_in(user: &User) -> Result<()> {
    let _meeting = during(Phase::Meeting);
    become_guest(user).await?;
    user.go("/").await?;
    user.sees("searchbox", "Find people").await?;
    is_online(user).await
}

/// Signs both in, befriends them and opens their conversation, by requests. [`meet_by_hand`] uses the pages.
pub async fn meet(one: &User, other: &User) -> Result<()> {
    let _meeting = during(Phase::Meeting);
    let (_, other_id) = tokio::try_join!(become_guest(one), become_guest(other))?;
    let conversation = acquaint(one, other, &other_id).await?;
    let path = format!("/c/{conversation}");
    tokio::try_join!(enter(one, &path), enter(other, &path))?;
    Ok(())
}

/// Opens a conversation and waits until the person can call from it.
async fn enter(user: &User, path: &str) -> Result<()> {
    user.go(path).await?;
    user.sees("button", "Video call").await?;
    is_online(user).await
}

/// Waits until the page's socket is answered. Before that, a call is refused because the server cannot be
/// reached.
pub async fn is_online(user: &User) -> Result<()> {
    eventually(format!("{}'s page to be connected", user.name), async || {
        ensure!(user.online().await?, "no socket has been answered");
        Ok(())
    })
    .await
}

/// Befriends two people who are signed in, by requests, and opens their conversation on both pages.
pub async fn befriend(one: &User, other: &User) -> Result<()> {
    let _meeting = during(Phase::Meeting);
    acquaint(one, other, &own_id(other).await?).await?;
    for (user, friend) in [(one, other), (other, one)] {
        user.click("link", Named::Starts(&friend.name)).await?;
        user.sees("button", "Video call").await?;
    }
    Ok(())
}

/// Signs in as a guest without loading Parley's page. Returns the person's id.
async fn become_guest(user: &User) -> Result<Value> {
    user.go(BLANK).await?;
    let signed_in = user.request("POST", "/api/auth/guest", &json!({ "display_name": user.name })).await?;
    Ok(signed_in["me"]["id"].clone())
}

/// Makes a conversation of two people. Returns its id.
async fn acquaint(one: &User, other: &User, other_id: &Value) -> Result<String> {
    let wish = json!({ "user_id": other_id });
    let new = one.request("POST", "/api/conversations", &wish).await?;
    let id = new["id"].as_str().context("a conversation without an id")?;
    other.request("POST", &format!("/api/conversations/{id}/accept"), &json!(null)).await?;
    Ok(id.to_owned())
}

async fn own_id(user: &User) -> Result<Value> {
    Ok(user.request("GET", "/api/me", &json!(null)).await?["id"].clone())
}

/// Signs in as a guest with the person's own name, by the form of the page.
pub async fn sign_in_by_hand(user: &User) -> Result<()> {
    let _meeting = during(Phase::Meeting);
    user.go("/").await?;
    user.type_into("textbox", "Your name", &user.name).await?;
    user.click("button", "Continue").await?;
    user.sees("searchbox", "Find people").await
}

/// Signs both in by hand, lets `one` invite and `other` accept. Both end in the conversation.
pub async fn meet_by_hand(one: &User, other: &User) -> Result<()> {
    tokio::try_join!(sign_in_by_hand(one), sign_in_by_hand(other))?;
    befriend_by_hand(one, other, async || Ok(())).await
}

/// Lets `one` invite and `other` accept on the pages. `between` runs before the acceptance.
pub async fn befriend_by_hand(
    one: &User,
    other: &User,
    between: impl AsyncFnOnce() -> Result<()>,
) -> Result<()> {
    one.type_into("searchbox", "Find people", &other.name).await?;
    one.click("button", other.name.as_str()).await?;
    one.reads(&format!("Waiting for {} to accept", other.name)).await?;
    other.click("link", Named::Starts(&one.name)).await?;
    other.sees("button", "Accept invitation").await?;
    between().await?;
    other.click("button", "Accept invitation").await?;
    tokio::try_join!(one.sees("button", "Video call"), other.sees("button", "Video call"))?;
    Ok(())
}

/// Signs everybody in, makes a group of them that the first one owns, and opens it, all by requests.
pub async fn gather(people: &[&User], name: &str) -> Result<()> {
    let _meeting = during(Phase::Meeting);
    let ids = try_join_all(people.iter().map(|person| become_guest(person))).await?;
    let (first, others) = people.split_first().context("nobody")?;
    let group = json!({ "name": name, "member_ids": ids[1..] });
    let group = first.request("POST", "/api/conversations", &group).await?;
    let id = group["id"].as_str().context("a group without an id")?;
    for other in others {
        other.request("POST", &format!("/api/conversations/{id}/accept"), &json!(null)).await?;
    }
    let path = format!("/c/{id}");
    try_join_all(people.iter().map(|person| enter(person, &path))).await?;
    Ok(())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallType {
    Audio,
    Video,
}

impl CallType {
    fn word(self) -> &'static str {
        match self {
            Self::Audio => "audio",
            Self::Video => "video",
        }
    }

    pub fn button(self) -> &'static str {
        match self {
            Self::Audio => "Audio call",
            Self::Video => "Video call",
        }
    }
}

/// Returns the accessible name of the card that rings.
pub fn incoming(call: CallType, caller: &User) -> String {
    format!("Incoming {} call from {}", call.word(), caller.name)
}

/// Lets `caller` call `callee` from the open conversation and waits until both see it ring.
pub async fn ring(caller: &User, callee: &User, call: CallType) -> Result<()> {
    caller.click("button", call.button()).await?;
    rings(caller, callee, call).await
}

/// Waits until both see the call ring.
pub async fn rings(caller: &User, callee: &User, call: CallType) -> Result<()> {
    caller.sees("dialog", format!("Calling {}", callee.name).as_str()).await?;
    callee.sees("alertdialog", incoming(call, caller).as_str()).await?;
    caller.sees("status", Named::Says("Ringing…")).await
}

/// Waits until both are in the room with one another.
pub async fn in_room(one: &User, other: &User) -> Result<()> {
    tokio::try_join!(alone_in_room(one, other), alone_in_room(other, one))?;
    Ok(())
}

/// Waits until `user` is in the room with `other` and the clock runs.
pub async fn alone_in_room(user: &User, other: &User) -> Result<()> {
    user.sees("main|region", format!("Call with {}", other.name).as_str()).await?;
    user.sees("timer", Named::Any).await
}

/// Waits until the pictures of this many others have arrived.
pub async fn sees_pictures(user: &User, others: usize) -> Result<()> {
    eventually(format!("{} to see {others}", user.name), async || {
        let seen = pictures(user).await?;
        ensure!(seen == others, "{seen} of {others}");
        Ok(())
    })
    .await
}

/// Counts the others whose pictures have arrived.
pub async fn pictures(user: &User) -> Result<usize> {
    let stats = user.stats().await?;
    let shows = |peer: &&Peer| peer.inbound.iter().any(|rtp| rtp.kind == "video" && rtp.frames > 0);
    Ok(stats.open().filter(shows).count())
}

pub async fn leave(user: &User) -> Result<()> {
    user.click("button", "Leave call").await
}

/// Checks that the person sees the end of the call, closes its screen and is back in the conversation.
pub async fn sees_end(user: &User, heading: &str) -> Result<()> {
    user.sees("heading", heading).await?;
    user.click("button", "Close").await?;
    user.sees("button", "Video call").await
}
