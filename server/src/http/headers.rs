//! The security headers of every answer, which keep other sites from embedding or reading the page.

use crate::config::Config;
use axum::{
    http::{HeaderName, HeaderValue, header},
    response::Response,
};

/// The headers of every answer.
const COMMON: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(self), microphone=(self), display-capture=(self)",
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// The policy of every answer but HTML pages, which set their own: nothing may be loaded.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";

/// Makes browsers use https for this host alone, for a year.
const HTTPS_ONLY: &str = "max-age=31536000";

/// Adds the headers to an answer. A policy and a cache rule that it has already stay.
pub fn add(mut response: Response, config: &Config) -> Response {
    let headers = response.headers_mut();
    for (name, value) in COMMON {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // The certificate of `lan` is not one that a browser could insist on.
    if config.is_secure() && !config.lan {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HTTPS_ONLY));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(NOTHING));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
