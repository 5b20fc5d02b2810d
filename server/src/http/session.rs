//! The session of a request, from its cookie or from `Authorization: Bearer`.

use super::limit;
use crate::{
    app::{App, KnownSession},
    cluster::limits::Limited,
    error::{Answer, ApiError},
    secret,
    storage::{SessionRow, Stored, Write},
};
use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{HeaderMap, HeaderValue, header, request::Parts},
};
use parley_core::time::Duration;
use parley_protocol::{ErrorCode, SessionId, Timestamp, UserId};
use uuid::Uuid;

pub const COOKIE: &str = "parley_session";
/// The lifetime of the cookie: 400 days, the most that browsers allow. The session itself expires on the
/// server. An open socket keeps it alive there without a new cookie, so the cookie must not expire first.
const COOKIE_LIFE: Duration = Duration::from_secs(400 * 24 * 60 * 60);
/// The shortest time between two extensions of a session.
const SLIDES_EVERY: Duration = Duration::from_secs(24 * 60 * 60);
/// The longest kept `User-Agent`, in characters; the rest is cut off.
const CLIENT_MAX: usize = 200;

/// A person who is signed in, as an extractor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person {
    pub user: UserId,
    pub session: SessionId,
    pub expires_at: Timestamp,
    pub by: TokenSource,
}

/// The place of the token in the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenSource {
    Cookie,
    Bearer,
}

impl FromRequestParts<App> for Person {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        // Several extractors of one request may ask; the first stores its result here.
        if let Some(person) = parts.extensions.get() {
            return Ok(*person);
        }
        let person = Self::ask(&parts.headers, app).await?;
        if limit::is_change(parts) {
            app.limits.take(Limited::Changes, person.user, app.clock.now()).await?;
        }
        parts.extensions.insert(person);
        Ok(person)
    }
}

impl Person {
    /// Finds the session of the request's token, in the cache or in the database.
    async fn ask(headers: &HeaderMap, app: &App) -> Result<Self, ApiError> {
        let (token, by) = token(headers).ok_or_else(ApiError::unauthorized)?;
        let (digest, now) = (secret::digest(token), app.clock.now());
        if let Some(known) = app.sessions.get(&app.hub, &*app.bus, &digest, now) {
            let KnownSession { user, session, expires_at, .. } = known;
            return Ok(Self { user, session, expires_at, by });
        }
        // Before the read: a revocation that is lost while the row is read must not leave a good entry.
        let gaps = app.hub.gap_count();
        let row = app.store.session(&digest, now).await?.ok_or_else(ApiError::unauthorized)?;
        let (user, session, expires_at) = (row.user_id, row.id, row.expires_at);
        app.sessions.keep(&app.hub, digest, KnownSession { user, session, expires_at, gaps });
        Ok(Self { user, session, expires_at, by })
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

/// Finds the token of the request and where it is. An `Authorization` header hides the cookie.
pub fn token(headers: &HeaderMap) -> Option<(&str, TokenSource)> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
        return scheme.eq_ignore_ascii_case("bearer").then_some((token.trim(), TokenSource::Bearer));
    }
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, token)| (token, TokenSource::Cookie))
}

/// Begins a session in this transaction and returns its token, which is only for the answer to this request.
pub async fn open(
    app: &App,
    write: &Write,
    user: UserId,
    request: &HeaderMap,
) -> Stored<(SessionId, String)> {
    let now = app.clock.now();
    let client = request.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let row = SessionRow {
        id: SessionId(Uuid::now_v7()),
        user_id: user,
        created_at: now,
        used_at: now,
        expires_at: now + app.config.session_life(),
        client: client.chars().take(CLIENT_MAX).collect(),
    };
    let token = secret::new_token();
    write.insert_session(&row, &secret::digest(&token)).await?;
    Ok((row.id, token))
}

/// Ends a session of this person and closes its sockets. Returns false when they have no session with this
/// id.
pub async fn end(app: &App, user: UserId, id: SessionId) -> Answer<bool> {
    let write = app.store.write().await?;
    let ended = write.delete_session(user, id).await?;
    write.commit().await?;
    if ended {
        app.bus.revoke(user, id);
    }
    Ok(ended)
}

/// Returns the header that sets the cookie of a session.
pub fn session_cookie(app: &App, token: &str) -> HeaderMap {
    set_cookie(app, token, COOKIE_LIFE)
}

/// Returns the header that deletes the cookie.
pub fn cleared_cookie(app: &App) -> HeaderMap {
    set_cookie(app, "", Duration::ZERO)
}

fn set_cookie(app: &App, token: &str, life: Duration) -> HeaderMap {
    let secure = if app.config.is_secure() { "; Secure" } else { "" };
    let seconds = life.as_secs();
    let text = format!("{COOKIE}={token}; HttpOnly; SameSite=Lax; Path=/; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&text).map(|cookie| (header::SET_COOKIE, cookie)).into_iter().collect()
}

/// Extends the session, and returns a new cookie if it was due and came by cookie.
pub async fn renew(app: &App, person: &Person, request: &HeaderMap) -> Stored<HeaderMap> {
    let moved = slide(app, &[(person.session, person.expires_at)]).await?;
    Ok(match token(request) {
        Some((token, TokenSource::Cookie)) if moved => session_cookie(app, token),
        _ => HeaderMap::new(),
    })
}

/// Extends sessions in use, each at most once a day. Returns whether any was extended.
pub async fn slide(app: &App, used: &[(SessionId, Timestamp)]) -> Stored<bool> {
    let now = app.clock.now();
    let until = now + app.config.session_life();
    let due = used.iter().filter(|(_, expires_at)| until.since(*expires_at) >= SLIDES_EVERY);
    let due: Vec<_> = due.map(|(id, _)| *id).collect();
    if due.is_empty() {
        return Ok(false);
    }
    let write = app.store.write().await?;
    write.extend_sessions(&due, now, until).await?;
    write.commit().await?;
    app.sessions.forget(&due);
    Ok(true)
}
