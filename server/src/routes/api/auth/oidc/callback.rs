//! `GET /api/auth/oidc/callback`: finishes a sign-in when the issuer sends the browser back.

use super::login::{COOKIE, cookie, redirect};
use crate::{
    app::App,
    error::{Answer, ApiError},
    http::session,
    people::accounts,
    secret,
};
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use parley_core::time::Duration;
use parley_protocol::ErrorCode;
use serde::Deserialize;

/// The query that the issuer adds to the address.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CallbackQuery {
    state: Option<String>,
    code: Option<String>,
    /// The reason why there is no code.
    error: Option<String>,
    /// The issuer's identifier, if it sends it (RFC 9207).
    iss: Option<String>,
}

/// Finishes a sign-in at the issuer: sets the session cookie and redirects to the page.
#[utoipa::path(
    get, path = "/api/auth/oidc/callback", tag = "auth",
    security(()),
    params(CallbackQuery),
    responses(
        (status = 303, description = "into the page"),
        (status = 401, description = "token_invalid"),
        (status = 403, description = "sign_in_disabled"),
        (status = 503, description = "issuer_unavailable"),
    ),
)]
pub async fn get(
    State(app): State<App>,
    headers: HeaderMap,
    brought: Result<Query<CallbackQuery>, QueryRejection>,
) -> Response {
    let done = match brought {
        Ok(Query(brought)) => finish(&app, &headers, brought).await,
        Err(_) => Err(ApiError::field("query", "is malformed")),
    };
    match done {
        Ok(answer) => answer.into_response(),
        Err(refusal) if wants_page(&headers) => page(&refusal),
        Err(refusal) => refusal.into_response(),
    }
}

/// Checks what the issuer sent, signs the person in, and redirects to the page.
async fn finish(app: &App, request: &HeaderMap, brought: CallbackQuery) -> Answer<(StatusCode, HeaderMap)> {
    let issuer = accounts::issuer(app)?;
    let (Some(browser), Some(state)) = (browser(request), brought.state) else { return Err(not_begun()) };
    let now = app.clock.now();
    let write = app.store.write().await?;
    let login = write.take_login(&secret::digest(&state), &secret::digest(browser), now).await?;
    // Committed before anything else is checked, so that a sign-in can be tried only once.
    write.commit().await?;
    let login = login.ok_or_else(not_begun)?;
    if brought.iss.is_some_and(|iss| iss != issuer.config().issuer) {
        return Err(refused("another issuer answered"));
    }
    let code = match (brought.code, brought.error) {
        (Some(code), None) => code,
        (_, Some(error)) if error == "access_denied" => return Err(refused("it was declined")),
        _ => return Err(refused("the issuer sent no code")),
    };
    let token = issuer.exchange(&code, &login.verifier, &redirect(app)?, now).await?;
    let identity = issuer.verify(&token, Some(&login.nonce), now).await?;
    let signed = accounts::sign_in(app, &identity, request).await?;
    let mut headers = session::session_cookie(app, &signed.token);
    for (_, value) in &cookie(app, "", Duration::ZERO) {
        headers.append(header::SET_COOKIE, value.clone());
    }
    // `login` has checked that this is a path of the page.
    headers.insert(header::LOCATION, HeaderValue::from_str(&login.return_to).map_err(|_| not_begun())?);
    Ok((StatusCode::SEE_OTHER, headers))
}

/// Finds the cookie that binds the sign-in to the browser that began it.
fn browser(headers: &HeaderMap) -> Option<&str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value)
}

fn not_begun() -> ApiError {
    refused("it was not begun in this browser, or too long ago")
}

fn refused(why: &str) -> ApiError {
    ApiError::new(ErrorCode::TokenInvalid, format!("the sign-in was refused: {why}"))
}

/// Tells whether the client is a browser that shows a page.
fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|kinds| kinds.to_str().ok())
        .is_some_and(|kinds| kinds.contains("html"))
}

/// Writes an error page for a person, since the page itself is not loaded at this address. No text in it
/// comes from the request.
fn page(refusal: &ApiError) -> Response {
    let why = refusal.message.replace('&', "&amp;").replace('<', "&lt;");
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Parley</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><h1>You are not signed in</h1>\
         <p>{why}.</p><p><a href=\"/\">Try again</a></p></html>"
    );
    (refusal.status, Html(html)).into_response()
}
