//! Limits by address, for routes that people use before they are signed in; and the general limit by person,
//! for every change that has no limit of its own. Those limits are in the routes.

use super::address;
use crate::{
    app::App,
    cluster::limits::{Limited, Network},
};
use axum::{
    extract::{MatchedPath, Request},
    http::{Method, request::Parts},
};

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

/// The changes that do not count towards the general limit, because they have one of their own, or because
/// they have to work for everybody at all times.
const EXCEPT: [(Method, &str); 14] = [
    (Method::POST, "/api/conversations"),
    (Method::POST, "/api/conversations/{id}/members"),
    (Method::POST, "/api/conversations/{id}/messages"),
    (Method::POST, "/api/calls/start"),
    (Method::POST, "/api/calls/{id}/invite"),
    (Method::PATCH, "/api/calls/{id}/participant"),
    (Method::POST, "/api/calls/{id}/stats"),
    // There is always a way out, and marking a message as read stores nothing new.
    (Method::POST, "/api/calls/{id}/decline"),
    (Method::POST, "/api/calls/{id}/cancel"),
    (Method::POST, "/api/calls/{id}/leave"),
    (Method::POST, "/api/calls/{id}/end"),
    (Method::POST, "/api/calls/{id}/token"),
    (Method::POST, "/api/conversations/{id}/read"),
    (Method::POST, "/api/auth/logout"),
];

/// Tells whether a request of somebody who is signed in counts towards the general limit.
pub fn is_change(request: &Parts) -> bool {
    if matches!(request.method, Method::GET | Method::HEAD) {
        return false;
    }
    let route = request.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    !EXCEPT.iter().any(|(method, path)| request.method == *method && route == *path)
}
