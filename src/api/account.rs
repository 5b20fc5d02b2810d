//! The person's own account: profile and picture, sessions, and blocked people.

use super::{Failure, TIME_LIMIT, answer, exchange, get, get_page, parse, send, tell};
use crate::browser::{deadline, picture::Square};
use gloo_net::http::{Method, RequestBuilder};
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

/// `PUT /api/me/picture`
pub async fn set_picture(picture: Square) -> Result<Profile, Failure> {
    let limit = deadline::after(TIME_LIMIT);
    let request = RequestBuilder::new("/api/me/picture").method(Method::PUT).abort_signal(Some(&limit));
    let request = request.header("Content-Type", &picture.kind()).body(picture);
    parse(&answer(request).await?)
}

/// `DELETE /api/me/picture`
pub async fn remove_picture() -> Result<Profile, Failure> {
    parse(&exchange(Method::DELETE, "/api/me/picture", None, None).await?)
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
