//! What the settings ask of the server: the own profile, where one is signed in, and whom one has blocked.

use super::{Failure, get, get_page, send, tell};
use gloo_net::http::Method;
use parley_protocol::{
    SessionId, UserId,
    people::Profile,
    rest::{SessionInfo, Sessions, UpdateMe, Users},
};

/// `GET /api/me`
pub async fn profile() -> Result<Profile, Failure> {
    get("/api/me").await
}

/// `PATCH /api/me`
pub async fn change_profile(change: &UpdateMe) -> Result<Profile, Failure> {
    send(Method::PATCH, "/api/me", change).await
}

/// `GET /api/auth/sessions`
pub async fn sessions() -> Result<Vec<SessionInfo>, Failure> {
    let sessions: Sessions = get("/api/auth/sessions").await?;
    Ok(sessions.items)
}

/// `DELETE /api/auth/sessions/{id}`
pub async fn end_session(id: SessionId) -> Result<(), Failure> {
    tell(Method::DELETE, &format!("/api/auth/sessions/{id}")).await
}

/// `GET /api/me/blocks`: newest first.
pub async fn blocked(cursor: Option<&str>) -> Result<Users, Failure> {
    get_page("/api/me/blocks", 50, cursor).await
}

/// `PUT /api/users/{id}/block`
pub async fn block(id: UserId) -> Result<(), Failure> {
    tell(Method::PUT, &format!("/api/users/{id}/block")).await
}

/// `DELETE /api/users/{id}/block`
pub async fn unblock(id: UserId) -> Result<(), Failure> {
    tell(Method::DELETE, &format!("/api/users/{id}/block")).await
}
