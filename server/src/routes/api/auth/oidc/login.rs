//! `GET /api/auth/oidc/login`: begins a sign-in and redirects to the issuer, which sends the browser back to
//! `callback`.
//!
//! A cookie binds the sign-in to this browser. Otherwise a link could sign somebody in with another person's
//! account. The nonce and the PKCE verifier stay on the server.

use crate::{
    app::App,
    error::{Answer, ApiError},
    oidc::Secrets,
    people::accounts,
    secret,
    storage::LoginRow,
};
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
};
use parley_core::time::Duration;
use parley_protocol::ErrorCode;
use serde::Deserialize;

pub(super) const COOKIE: &str = "parley_sign_in";
/// The longest time that a person may take at the issuer.
const LIFE: Duration = Duration::from_secs(10 * 60);
/// The longest `return_to`, in bytes.
const RETURN_MAX: usize = 512;

/// The query of the route.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LoginQuery {
    /// The path of the page to return to afterwards.
    return_to: Option<String>,
}

/// Begins a sign-in at the configured issuer. For browsers: redirects there and, through `callback`, back.
#[utoipa::path(
    get, path = "/api/auth/oidc/login", tag = "auth",
    security(()),
    params(LoginQuery),
    responses(
        (status = 303, description = "to the issuer"),
        (status = 403, description = "sign_in_disabled"),
        (status = 429, description = "rate_limited"),
        (status = 503, description = "issuer_unavailable"),
    ),
)]
pub async fn get(
    State(app): State<App>,
    wish: Result<Query<LoginQuery>, QueryRejection>,
) -> Answer<(StatusCode, HeaderMap)> {
    let issuer = accounts::issuer(&app)?;
    let Query(wish) = wish.map_err(|_| ApiError::field("query", "is malformed"))?;
    let return_to = wish.return_to.unwrap_or_else(|| "/".to_owned());
    if !is_ours(&return_to) {
        return Err(ApiError::field("return_to", "must be a path of the page"));
    }
    let (secrets, browser, now) = (Secrets::new(), secret::new_token(), app.clock.now());
    let address = issuer.authorize(&secrets, &redirect(&app)?, now).await?;
    let address = HeaderValue::from_str(&address).map_err(|_| issuer.unavailable("its address is wrong"))?;
    let row = LoginRow {
        state_hash: secret::digest(&secrets.state),
        browser_hash: secret::digest(&browser),
        nonce: secrets.nonce,
        verifier: secrets.verifier,
        return_to,
        expires_at: now + LIFE,
    };
    let write = app.store.write().await?;
    write.insert_login(&row).await?;
    write.commit().await?;
    let mut headers = HeaderMap::from_iter([(header::LOCATION, address)]);
    headers.extend(cookie(&app, &browser, LIFE));
    Ok((StatusCode::SEE_OTHER, headers))
}

/// Returns the address to which the issuer sends the browser back.
pub(super) fn redirect(app: &App) -> Answer<String> {
    let origin = app.config.public_origin.as_deref();
    let origin =
        origin.ok_or_else(|| ApiError::new(ErrorCode::SignInDisabled, "public_origin is not set"))?;
    Ok(format!("{origin}/api/auth/oidc/callback"))
}

/// Returns the header that sets the cookie of the sign-in.
pub(super) fn cookie(app: &App, value: &str, life: Duration) -> HeaderMap {
    let secure = if app.config.is_secure() { "; Secure" } else { "" };
    let (path, seconds) = ("/api/auth/oidc", life.as_secs());
    // Lax, because the browser comes back by a redirect from another site, and would not send a strict cookie
    // then.
    let text = format!("{COOKIE}={value}; HttpOnly; SameSite=Lax; Path={path}; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&text).map(|cookie| (header::SET_COOKIE, cookie)).into_iter().collect()
}

/// Tells whether this is a path of the page. Browsers take two slashes for the beginning of another site's
/// address, and a backslash for a slash.
fn is_ours(path: &str) -> bool {
    let plain = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    path.len() <= RETURN_MAX && plain && path.starts_with('/') && !path.starts_with("//")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_the_page_are_returned_to() {
        for ours in ["/", "/c/018f4b6e", "/i/token?x=1#y", &format!("/{}", "x".repeat(511))] {
            assert!(is_ours(ours), "{ours}");
        }
        for foreign in [
            "",
            "c",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/\r\nSet-Cookie: x=y",
            "/\t/evil.example",
            "/ä",
            &format!("/{}", "x".repeat(512)),
        ] {
            assert!(!is_ours(foreign), "{foreign}");
        }
    }
}
