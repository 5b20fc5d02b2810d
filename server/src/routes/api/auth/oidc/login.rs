//! `GET /api/auth/oidc/login`: off to the issuer, which sends the browser back to `callback`.
//!
//! What the browser must bring back is bound to it by a cookie of its own, so that nobody can be signed in with
//! somebody else's account by a link. The rest stays on the server.

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
/// How long somebody may take at the issuer.
const LIFE: Duration = Duration::from_secs(10 * 60);
const RETURN_MAX: usize = 512;

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wish {
    /// Where to go afterwards: a path of the page.
    return_to: Option<String>,
}

/// Sign in at the configured issuer. For browsers: leads there and, by `callback`, back.
#[utoipa::path(
    get, path = "/api/auth/oidc/login", tag = "auth",
    security(()),
    params(Wish),
    responses(
        (status = 303, description = "to the issuer"),
        (status = 403, description = "sign_in_disabled"),
        (status = 429, description = "rate_limited"),
        (status = 503, description = "issuer_unavailable"),
    ),
)]
pub async fn get(
    State(app): State<App>,
    wish: Result<Query<Wish>, QueryRejection>,
) -> Answer<(StatusCode, HeaderMap)> {
    let issuer = accounts::issuer(&app)?;
    let Query(wish) = wish.map_err(|_| ApiError::field("query", "has the wrong form"))?;
    let return_to = wish.return_to.unwrap_or_else(|| "/".to_owned());
    if !is_ours(&return_to) {
        return Err(ApiError::field("return_to", "is no path of the page"));
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

/// Where the issuer sends the browser.
pub(super) fn redirect(app: &App) -> Answer<String> {
    let origin = app.config.public_origin.as_deref();
    let origin =
        origin.ok_or_else(|| ApiError::new(ErrorCode::SignInDisabled, "public_origin is not set"))?;
    Ok(format!("{origin}/api/auth/oidc/callback"))
}

pub(super) fn cookie(app: &App, value: &str, life: Duration) -> HeaderMap {
    let secure = if app.config.is_secure() { "; Secure" } else { "" };
    let (path, seconds) = ("/api/auth/oidc", life.as_secs());
    // Lax, for the way back is a link from another site.
    let text = format!("{COOKIE}={value}; HttpOnly; SameSite=Lax; Path={path}; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&text).map(|cookie| (header::SET_COOKIE, cookie)).into_iter().collect()
}

/// A path of the page: browsers read two slashes, and a backslash for a slash, as the beginning of another site.
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
