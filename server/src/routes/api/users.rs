//! `GET /api/users?query=`: finds people by name.

pub mod block;

use crate::{
    app::App,
    cluster::limits::Limited,
    error::{Answer, ApiError},
    http::session::Person,
};
use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
};
use parley_protocol::{rest::Users, text};
use serde::Deserialize;

/// The most people in one answer.
const LIMIT: u64 = 20;

/// The query of the route.
#[derive(Deserialize)]
pub struct Search {
    #[serde(default)]
    query: String,
}

/// Finds people whose name contains a text.
#[utoipa::path(
    get, path = "/api/users", tag = "people",
    params(("query" = String, Query, description = "part of a name")),
    responses((status = 200, body = Users), (status = 429, description = "rate_limited")),
)]
pub async fn get(
    State(app): State<App>,
    person: Person,
    search: Result<Query<Search>, QueryRejection>,
) -> Answer<Json<Users>> {
    let Query(search) = search.map_err(|_| ApiError::field("query", "is malformed"))?;
    let name = text::display_name(&search.query).map_err(|error| ApiError::text("query", error))?;
    app.limits.take(Limited::Searches, person.user, app.clock.now()).await?;
    let items = app.store.find_users(&name, person.user, LIMIT).await?;
    Ok(Json(Users { items, next_cursor: None }))
}
