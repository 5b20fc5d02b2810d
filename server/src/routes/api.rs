//! `/api`: what the page and API clients ask for.

mod auth;
mod calls;
mod config;
mod conversations;
mod ice_servers;
mod invites;
mod me;
mod users;
mod ws;

use crate::{app::App, error::ApiError};
use axum::{
    Router,
    routing::{get, post},
};
use parley_protocol::ErrorCode;

pub fn router() -> Router<App> {
    Router::new()
        .route("/auth/guest", post(auth::guest::post))
        .route("/auth/logout", post(auth::logout::post))
        .route("/config", get(config::get))
        .route("/me", get(me::get).patch(me::patch))
        .route("/me/invite-link", post(me::invite_link::post))
        .route("/users", get(users::get))
        .route("/conversations", get(conversations::get).post(conversations::post))
        .route("/conversations/{id}", get(conversations::one::get))
        .route("/conversations/{id}/accept", post(conversations::accept::post))
        .route("/conversations/{id}/decline", post(conversations::decline::post))
        .route(
            "/conversations/{id}/messages",
            get(conversations::messages::get).post(conversations::messages::post),
        )
        .route("/conversations/{id}/read", post(conversations::read::post))
        .route("/invites/{token}", get(invites::get).post(invites::post))
        .route("/calls/start", post(calls::start::post))
        .route("/calls/active", get(calls::active::get))
        .route("/calls/history", get(calls::history::get))
        .route("/calls/{id}", get(calls::one::get))
        .route("/calls/{id}/accept", post(calls::accept::post))
        .route("/calls/{id}/decline", post(calls::decline::post))
        .route("/calls/{id}/cancel", post(calls::cancel::post))
        .route("/calls/{id}/leave", post(calls::leave::post))
        .route("/calls/{id}/end", post(calls::end::post))
        .route("/ice-servers", get(ice_servers::get))
        .route("/ws", get(ws::get))
        .method_not_allowed_fallback(wrong_method)
        .fallback(unknown)
}

async fn unknown() -> ApiError {
    ApiError::not_found()
}

async fn wrong_method() -> ApiError {
    ApiError::new(ErrorCode::MethodNotAllowed, "this address does not take that method")
}
