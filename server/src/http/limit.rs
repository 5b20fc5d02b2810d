//! Limits by address, for requests of people who may not be known yet. Those by person are in the routes.

use super::address;
use crate::{
    app::App,
    cluster::limits::{Limited, Network},
};
use axum::{extract::Request, http::Method};

/// What is limited by address (what answers GET answers HEAD as well): how it is asked for, and what its path begins with.
const BY_ADDRESS: [(Method, &str, Limited); 6] = [
    (Method::POST, "/api/auth/guest", Limited::SignIns),
    (Method::POST, "/api/auth/oidc", Limited::SignIns),
    (Method::GET, "/api/auth/oidc/login", Limited::SignIns),
    (Method::GET, "/api/invites/", Limited::InviteTries),
    (Method::POST, "/api/invites/", Limited::InviteTries),
    (Method::GET, "/api/ws", Limited::AddressSockets),
];

/// What the request counts as, and whose it is.
pub fn by_address(app: &App, request: &Request) -> Option<(Limited, Network)> {
    let asked = if request.method() == Method::HEAD { &Method::GET } else { request.method() };
    let (_, _, what) = BY_ADDRESS
        .iter()
        .find(|(method, path, _)| asked == method && request.uri().path().starts_with(path))?;
    Some((*what, address::network(app, request.extensions(), request.headers())))
}
