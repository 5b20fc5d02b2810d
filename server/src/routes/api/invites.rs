//! `GET/POST /api/invites/{token}`: who invites, and following the invitation.

use crate::{
    app::App,
    conversations,
    error::{Answer, ApiError},
    http::{secret, session::Person},
};
use axum::{
    Json,
    extract::{Path, State},
};
use parley_protocol::{ErrorCode, UserId, people::Conversation, rest::Invite};

pub async fn get(State(app): State<App>, Path(token): Path<String>) -> Answer<Json<Invite>> {
    let maker = maker(&app, &token).await?;
    let (from, _) = app.store.user(maker).await?.ok_or_else(invalid)?;
    Ok(Json(Invite { from }))
}

pub async fn post(
    State(app): State<App>,
    person: Person,
    Path(token): Path<String>,
) -> Answer<Json<Conversation>> {
    let maker = maker(&app, &token).await?;
    if maker == person.user {
        return Err(ApiError::new(ErrorCode::Conflict, "this is your own link"));
    }
    conversations::befriend(&app, maker, person.user).await.map(Json)
}

async fn maker(app: &App, token: &str) -> Answer<UserId> {
    let maker = app.store.invite_maker(&secret::digest(token), app.clock.now()).await?;
    maker.ok_or_else(invalid)
}

fn invalid() -> ApiError {
    ApiError::new(ErrorCode::InviteInvalid, "this link is not valid any longer")
}
