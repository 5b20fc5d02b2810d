//! `GET/PATCH /api/me`: the person who asks.

pub mod blocks;
pub mod invite_link;

use crate::{
    app::App,
    error::{Answer, ApiError},
    http::{
        input::Body,
        session::{self, Person},
    },
};
use axum::{Json, extract::State, http::HeaderMap};
use parley_protocol::{people::Me, rest::UpdateMe, text};

/// The person who asks.
#[utoipa::path(
    get, path = "/api/me", tag = "people",
    responses((status = 200, body = Me)),
)]
pub async fn get(
    State(app): State<App>,
    person: Person,
    request: HeaderMap,
) -> Answer<(HeaderMap, Json<Me>)> {
    let headers = session::renewed(&app, &person, &request).await?;
    Ok((headers, Json(me(&app, &person).await?)))
}

/// Change what others see of one.
#[utoipa::path(
    patch, path = "/api/me", tag = "people",
    request_body = UpdateMe,
    responses((status = 200, body = Me)),
)]
pub async fn patch(State(app): State<App>, person: Person, Body(wish): Body<UpdateMe>) -> Answer<Json<Me>> {
    if let Some(name) = wish.display_name {
        let name = text::display_name(&name).map_err(|error| ApiError::text("display_name", error))?;
        let write = app.store.write().await?;
        write.rename_user(person.user, &name).await?;
        write.commit().await?;
        app.rosters.forget_person(person.user);
        app.bus.renamed(person.user);
    }
    Ok(Json(me(&app, &person).await?))
}

pub(super) async fn me(app: &App, person: &Person) -> Answer<Me> {
    let (user, created_at) = app.store.user(person.user).await?.ok_or_else(ApiError::unauthorized)?;
    Ok(Me { id: user.id, display_name: user.display_name, session_id: person.session, created_at })
}
