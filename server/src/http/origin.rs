//! The check of a request's origin: only our own page may change something with a person's cookie.

use super::{
    address::Peer,
    session::{self, TokenSource},
};
use crate::{app::App, config::Config, error::ApiError};
use axum::{
    extract::Request,
    http::{HeaderMap, Method, Version, header},
};
use parley_protocol::ErrorCode;

/// Refuses a request that another site's page makes, unless it only reads. A WebSocket counts as a change.
pub fn refuse(app: &App, request: &Request) -> Option<ApiError> {
    let headers = request.headers();
    if headers.get_all(header::ORIGIN).iter().count() > 1 {
        return Some(ApiError::new(ErrorCode::BadRequest, "a request has at most one Origin header"));
    }
    // A request that came over no connection is one of a test.
    let is_from_outside = request.extensions().get::<Peer>().is_some();
    if is_from_outside && request.version() == Version::HTTP_11 && host(request).is_none() {
        return Some(ApiError::new(ErrorCode::BadRequest, "a request needs a Host header"));
    }
    if let Some(refusal) = foreign_host(&app.config, request) {
        return Some(refusal);
    }
    let socket = headers.contains_key(header::UPGRADE);
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) && !socket;
    if reads || is_ours(&app.config, headers, host(request), socket) {
        return None;
    }
    Some(ApiError::new(ErrorCode::ForbiddenOrigin, "requests from this origin are not allowed"))
}

/// The paths that machines ask for under whatever name they know the server by.
const BY_ANY_NAME: [&str; 3] = ["/health", "/ready", "/metrics"];

/// Refuses a request to another host than the configured ones. A page of another site, whose name was made to
/// point to this server, could otherwise use it as its own (DNS rebinding).
fn foreign_host(config: &Config, request: &Request) -> Option<ApiError> {
    let public = config.public_origin.as_deref()?;
    let host = host(request)?;
    // Some proxies add the usual port of the scheme.
    let bare = |port: &str| host.strip_suffix(port).unwrap_or(host);
    let named = |origin: &str| {
        let host = if origin.starts_with("https:") { bare(":443") } else { bare(":80") };
        origin.split_once("://").is_some_and(|(_, named)| named.eq_ignore_ascii_case(host))
    };
    let known = named(public) || config.allowed_origins.iter().any(|allowed| named(allowed));
    if known || BY_ANY_NAME.contains(&request.uri().path()) {
        return None;
    }
    let sentence = "this server answers at its public_origin alone; ask for that host, or change the setting";
    Some(ApiError::new(ErrorCode::ForeignHost, sentence))
}

/// Returns the host that the request names.
fn host(request: &Request) -> Option<&str> {
    let named = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    named.or_else(|| request.uri().authority().map(axum::http::uri::Authority::as_str))
}

/// Tells whether the request comes from our own page, from an allowed origin, or from a program that is no
/// browser.
fn is_ours(config: &Config, headers: &HeaderMap, host: Option<&str>, socket: bool) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        // Browsers send `Sec-Fetch-Site` or `Origin` with a change, so a request without either is from
        // another program. Browsers always send `Origin` with a WebSocket; one with a cookie but without an
        // origin is suspect.
        let foreign =
            headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none");
        let by_cookie = matches!(session::token(headers), Some((_, TokenSource::Cookie)));
        let unsure = socket && by_cookie;
        return !foreign && !unsure;
    };
    let Ok(origin) = origin.to_str() else { return false };
    if config.allowed_origins.iter().any(|allowed| allowed == origin) {
        return true;
    }
    if let Some(public) = &config.public_origin {
        return public == origin;
    }
    let named = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    named.is_some() && named == host
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(config: &Config, headers: &[(&'static str, &'static str)], socket: bool) -> bool {
        let map = headers.iter().map(|(k, v)| (k.parse().unwrap(), v.parse().unwrap())).collect();
        is_ours(config, &map, Some("parley.example:8080"), socket)
    }

    #[test]
    fn the_origin_must_be_exactly_the_host() {
        let config = Config::default();
        assert!(ours(&config, &[("origin", "http://parley.example:8080")], true));
        assert!(ours(&config, &[("origin", "https://parley.example:8080")], false));
        for wrong in [
            "http://parley.example",
            "http://parley.example:80801",
            "http://evil.parley.example:8080",
            "http://parley.example:8080.evil.example",
            "parley.example:8080",
            "ftp://parley.example:8080",
            "null",
            "",
        ] {
            assert!(!ours(&config, &[("origin", wrong)], false), "{wrong}");
        }
    }

    #[test]
    fn configured_origins_are_exact_and_the_public_one_replaces_the_rule() {
        let allowed_origins = vec!["http://localhost:8081".to_owned()];
        let public_origin = Some("https://parley.example".to_owned());
        let config = Config { public_origin, allowed_origins, ..Config::default() };
        assert!(ours(&config, &[("origin", "http://localhost:8081")], false));
        assert!(ours(&config, &[("origin", "https://parley.example")], false));
        assert!(!ours(&config, &[("origin", "http://parley.example:8080")], false));
    }

    #[test]
    fn without_an_origin_a_cookie_opens_no_socket() {
        let config = Config::default();
        let cookie = ("cookie", "parley_session=x");
        assert!(!ours(&config, &[cookie], true));
        assert!(ours(&config, &[cookie], false));
        assert!(ours(&config, &[("authorization", "Bearer x")], true));
        assert!(!ours(&config, &[cookie, ("sec-fetch-site", "cross-site")], false));
        assert!(ours(&config, &[cookie, ("sec-fetch-site", "same-origin")], false));
    }
}
