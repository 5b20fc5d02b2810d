//! Invite links: making a personal one, and opening any.

use super::{Failure, get, post};
use crate::browser::page;
use parley_protocol::{
    people::Conversation,
    rest::{Invite, InviteLink},
};

/// `POST /api/me/invite-link`: returns the address of the new link.
pub async fn make_link() -> Result<String, Failure> {
    let link: InviteLink = post("/api/me/invite-link").await?;
    Ok(format!("{}/i/{}", page::origin(), link.token))
}

/// `GET /api/invites/{token}`
pub async fn load(token: &str) -> Result<Invite, Failure> {
    get(&format!("/api/invites/{token}")).await
}

/// `POST /api/invites/{token}`
pub async fn accept(token: &str) -> Result<Conversation, Failure> {
    post(&format!("/api/invites/{token}")).await
}
