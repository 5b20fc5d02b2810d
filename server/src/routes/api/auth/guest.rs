//! `POST /api/auth/guest`: signs a person in with a name alone.

use crate::{
    app::App,
    error::{Answer, ApiError},
    http::{input::Body, session},
};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use parley_protocol::{
    ErrorCode, UserId,
    people::{Account, Me, UserSummary},
    rest::{GuestSignIn, SignedIn},
    text,
};
use uuid::Uuid;

/// Signs in with a name alone.
#[utoipa::path(
    post, path = "/api/auth/guest", tag = "auth",
    security(()),
    request_body = GuestSignIn,
    responses(
        (status = 201, body = SignedIn),
        (status = 403, description = "sign_in_disabled"),
        (status = 429, description = "rate_limited"),
    ),
)]
pub async fn post(
    State(app): State<App>,
    request: HeaderMap,
    Body(wish): Body<GuestSignIn>,
) -> Answer<(StatusCode, HeaderMap, Json<SignedIn>)> {
    if !app.config.guests {
        return Err(ApiError::new(ErrorCode::SignInDisabled, "sign-in by name alone is switched off here"));
    }
    let display_name =
        text::display_name(&wish.display_name).map_err(|error| ApiError::text("display_name", error))?;
    let now = app.clock.now();
    let user = UserSummary::named(UserId(Uuid::now_v7()), display_name);
    let write = app.store.write().await?;
    write.insert_user(&user, now).await?;
    let (session_id, token) = session::open(&app, &write, user.id, &request).await?;
    write.commit().await?;
    let UserSummary { id, display_name, picture } = user;
    let me = Me { id, display_name, session_id, created_at: now, account: Account::Guest, picture };
    Ok((StatusCode::CREATED, session::session_cookie(&app, &token), Json(SignedIn { me, token })))
}
