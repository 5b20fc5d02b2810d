//! Who asks: the session in the cookie, or in `Authorization: Bearer`.

use super::secret;
use crate::{app::App, error::ApiError, storage::Stored};
use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{HeaderMap, HeaderValue, header, request::Parts},
};
use parley_core::time::Duration;
use parley_protocol::{ErrorCode, SessionId, Timestamp, UserId};

pub const COOKIE: &str = "parley_session";

/// Somebody who is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person {
    pub user: UserId,
    pub session: SessionId,
    pub expires_at: Timestamp,
    pub by: By,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Cookie,
    Bearer,
}

impl FromRequestParts<App> for Person {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let (token, by) = token(&parts.headers).ok_or_else(ApiError::unauthorized)?;
        let session = app.store.session(&secret::digest(token), app.clock.now()).await?;
        let session = session.ok_or_else(ApiError::unauthorized)?;
        Ok(Self { user: session.user_id, session: session.id, expires_at: session.expires_at, by })
    }
}

impl OptionalFromRequestParts<App> for Person {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, ApiError> {
        let person = <Self as FromRequestParts<App>>::from_request_parts(parts, app).await;
        match person {
            Err(error) if error.code == ErrorCode::Unauthorized => Ok(None),
            person => person.map(Some),
        }
    }
}

/// The token of the request, wherever it is.
pub fn token(headers: &HeaderMap) -> Option<(&str, By)> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
        return scheme.eq_ignore_ascii_case("bearer").then_some((token.trim(), By::Bearer));
    }
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, token)| (token, By::Cookie))
}

/// `Set-Cookie` for a session; for the end of one with no token and no time.
pub fn cookie(token: &str, life: Duration, secure: bool) -> Option<HeaderValue> {
    let secure = if secure { "; Secure" } else { "" };
    let seconds = life.as_secs();
    let text = format!("{COOKIE}={token}; HttpOnly; SameSite=Lax; Path=/; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&text).ok()
}

/// The cookie with new time, when the session that came by cookie has been used for a day.
pub async fn renewed(app: &App, person: &Person, request: &HeaderMap) -> Stored<HeaderMap> {
    let mut headers = HeaderMap::new();
    if slide(app, person).await?
        && let Some((token, By::Cookie)) = token(request)
        && let Some(cookie) = cookie(token, app.config.session_life(), app.config.is_secure())
    {
        headers.insert(header::SET_COOKIE, cookie);
    }
    Ok(headers)
}

/// Moves the end of a session that is used; once a day is enough. Whether it was moved.
async fn slide(app: &App, person: &Person) -> Stored<bool> {
    let until = app.clock.now() + app.config.session_life();
    if until.since(person.expires_at) < Duration::from_secs(24 * 60 * 60) {
        return Ok(false);
    }
    let write = app.store.write().await?;
    write.extend_session(person.session, until).await?;
    write.commit().await?;
    Ok(true)
}
