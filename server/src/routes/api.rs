//! The routes below `/api`, for the page and other clients.

mod auth;
mod calls;
mod config;
mod conversations;
mod docs;
mod ice_servers;
mod invites;
mod me;
mod openapi;
mod pictures;
mod users;
mod ws;

use crate::app::App;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Adds every route below `/api`.
pub fn routes(router: OpenApiRouter<App>) -> OpenApiRouter<App> {
    let router = auth(router);
    let router = people(router);
    let router = conversations(router);
    let router = calls(router);
    router.routes(routes!(ws::get)).routes(routes!(openapi::get)).routes(routes!(docs::get))
}

fn auth(router: OpenApiRouter<App>) -> OpenApiRouter<App> {
    router
        .routes(routes!(auth::guest::post))
        .routes(routes!(auth::logout::post))
        .routes(routes!(auth::oidc::post))
        .routes(routes!(auth::oidc::login::get))
        .routes(routes!(auth::oidc::callback::get))
        .routes(routes!(auth::sessions::get))
        .routes(routes!(auth::sessions::one::delete))
        .routes(routes!(config::get))
}

fn people(router: OpenApiRouter<App>) -> OpenApiRouter<App> {
    router
        .routes(routes!(me::get))
        .routes(routes!(me::patch))
        .routes(routes!(me::invite_link::post))
        .routes(routes!(me::picture::put))
        .routes(routes!(me::picture::delete))
        .routes(routes!(me::blocks::get))
        .routes(routes!(pictures::get))
        .routes(routes!(users::get))
        .routes(routes!(users::block::put))
        .routes(routes!(users::block::delete))
}

fn conversations(router: OpenApiRouter<App>) -> OpenApiRouter<App> {
    router
        .routes(routes!(conversations::get))
        .routes(routes!(conversations::post))
        .routes(routes!(conversations::one::get))
        .routes(routes!(conversations::one::patch))
        .routes(routes!(conversations::accept::post))
        .routes(routes!(conversations::decline::post))
        .routes(routes!(conversations::messages::get))
        .routes(routes!(conversations::messages::post))
        .routes(routes!(conversations::read::post))
        .routes(routes!(conversations::members::post))
        .routes(routes!(conversations::members::one::patch))
        .routes(routes!(conversations::members::one::delete))
        .routes(routes!(conversations::invite_links::get))
        .routes(routes!(conversations::invite_links::post))
        .routes(routes!(conversations::invite_links::one::delete))
        .routes(routes!(invites::get))
        .routes(routes!(invites::post))
}

fn calls(router: OpenApiRouter<App>) -> OpenApiRouter<App> {
    router
        .routes(routes!(calls::start::post))
        .routes(routes!(calls::active::get))
        .routes(routes!(calls::history::get))
        .routes(routes!(calls::missed::get))
        .routes(routes!(calls::seen::post))
        .routes(routes!(calls::one::get))
        .routes(routes!(calls::accept::post))
        .routes(routes!(calls::join::post))
        .routes(routes!(calls::token::post))
        .routes(routes!(calls::participant::patch))
        .routes(routes!(calls::participants::mute::post))
        .routes(routes!(calls::participants::kick::post))
        .routes(routes!(calls::participants::role::post))
        .routes(routes!(calls::invite::post))
        .routes(routes!(calls::stats::post))
        .routes(routes!(calls::stats::get))
        .routes(routes!(calls::feedback::post))
        .routes(routes!(calls::decline::post))
        .routes(routes!(calls::cancel::post))
        .routes(routes!(calls::leave::post))
        .routes(routes!(calls::end::post))
        .routes(routes!(ice_servers::get))
}
