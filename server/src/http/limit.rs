//! Limits by address, for requests of people who may not be known yet. Those by person are in the routes.

use super::address;
use crate::{app::App, error::ApiError, limits::Limited};
use axum::{
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};

/// What is limited by address: how it is asked for, and what its path begins with.
const BY_ADDRESS: [(Method, &str, Limited); 6] = [
    (Method::POST, "/api/auth/guest", Limited::SignIns),
    (Method::POST, "/api/auth/oidc", Limited::SignIns),
    (Method::GET, "/api/auth/oidc/login", Limited::SignIns),
    (Method::GET, "/api/invites/", Limited::InviteTries),
    (Method::POST, "/api/invites/", Limited::InviteTries),
    (Method::GET, "/api/ws", Limited::AddressSockets),
];

pub async fn by_address(State(app): State<App>, request: Request, next: Next) -> Response {
    let limited = BY_ADDRESS
        .iter()
        .find(|(method, path, _)| request.method() == *method && request.uri().path().starts_with(path));
    if let Some((_, _, what)) = limited {
        let from = address::network(&app, request.extensions(), request.headers());
        let allowed: Result<(), ApiError> = app.limits.take(*what, from, app.clock.now()).await;
        if let Err(refusal) = allowed {
            return refusal.into_response();
        }
    }
    next.run(request).await
}
