//! `POST /api/auth/guest`: a name is enough.

use crate::{
    app::App,
    error::{Answer, ApiError},
    http::{input::Body, secret, session},
    storage::SessionRow,
};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
};
use parley_protocol::{
    SessionId, UserId,
    people::{Me, UserSummary},
    rest::{GuestSignIn, SignedIn},
    text,
};
use uuid::Uuid;

/// Sign in with a name alone.
#[utoipa::path(
    post, path = "/api/auth/guest", tag = "auth",
    security(()),
    request_body = GuestSignIn,
    responses((status = 201, body = SignedIn), (status = 429, description = "rate_limited")),
)]
pub async fn post(
    State(app): State<App>,
    Body(wish): Body<GuestSignIn>,
) -> Answer<(StatusCode, HeaderMap, Json<SignedIn>)> {
    let display_name =
        text::display_name(&wish.display_name).map_err(|error| ApiError::text("display_name", error))?;
    let now = app.clock.now();
    let user = UserSummary { id: UserId(Uuid::now_v7()), display_name };
    let life = app.config.session_life();
    let session = SessionRow { id: SessionId(Uuid::now_v7()), user_id: user.id, expires_at: now + life };
    let token = secret::new_token();
    let write = app.store.write().await?;
    write.insert_user(&user, now).await?;
    write.insert_session(&session, &secret::digest(&token), now).await?;
    write.commit().await?;
    let mut headers = HeaderMap::new();
    if let Some(cookie) = session::cookie(&token, life, app.config.is_secure()) {
        headers.insert(header::SET_COOKIE, cookie);
    }
    let UserSummary { id, display_name } = user;
    let me = Me { id, display_name, session_id: session.id, created_at: now };
    Ok((StatusCode::CREATED, headers, Json(SignedIn { me, token })))
}
