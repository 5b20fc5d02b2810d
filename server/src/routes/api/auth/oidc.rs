//! `POST /api/auth/oidc`: signs a person in with an ID token that the client already has.

pub mod callback;
pub mod login;

use crate::{
    app::App,
    error::Answer,
    http::{input::Body, session},
    people::accounts,
};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use parley_protocol::rest::{OidcSignIn, SignedIn};

/// Signs in with an ID token of the configured issuer.
#[utoipa::path(
    post, path = "/api/auth/oidc", tag = "auth",
    security(()),
    request_body = OidcSignIn,
    responses(
        (status = 201, body = SignedIn),
        (status = 401, description = "token_invalid"),
        (status = 403, description = "sign_in_disabled"),
        (status = 429, description = "rate_limited"),
        (status = 503, description = "issuer_unavailable"),
    ),
)]
pub async fn post(
    State(app): State<App>,
    request: HeaderMap,
    Body(wish): Body<OidcSignIn>,
) -> Answer<(StatusCode, HeaderMap, Json<SignedIn>)> {
    let issuer = accounts::issuer(&app)?;
    let identity = issuer.verify(&wish.id_token, wish.nonce.as_deref(), app.clock.now()).await?;
    let signed = accounts::sign_in(&app, &identity, &request).await?;
    Ok((StatusCode::CREATED, session::session_cookie(&app, &signed.token), Json(signed)))
}
