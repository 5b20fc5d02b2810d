//! Limits by address, for routes that people use before they are signed in. Limits by person are in the
//! routes.

use super::address;
use crate::{
    app::App,
    cluster::limits::{Limited, Network},
};
use axum::{extract::Request, http::Method};

/// The limited routes: their method, which for GET includes HEAD, the beginning of their path, and the limit.
const BY_ADDRESS: [(Method, &str, Limited); 6] = [
    (Method::POST, "/api/auth/guest", Limited::SignIns),
    (Method::POST, "/api/auth/oidc", Limited::SignIns),
    (Method::GET, "/api/auth/oidc/login", Limited::SignIns),
    (Method::GET, "/api/invites/", Limited::InviteTries),
    (Method::POST, "/api/invites/", Limited::InviteTries),
    (Method::GET, "/api/ws", Limited::AddressSockets),
];

/// Returns the limit that the request counts towards, and the network that it is counted against.
pub fn by_address(app: &App, request: &Request) -> Option<(Limited, Network)> {
    let asked = if request.method() == Method::HEAD { &Method::GET } else { request.method() };
    let (_, _, what) = BY_ADDRESS
        .iter()
        .find(|(method, path, _)| asked == method && request.uri().path().starts_with(path))?;
    Some((*what, address::network(app, request.extensions(), request.headers())))
}
