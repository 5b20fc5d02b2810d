//! `GET/POST /api/invites/{token}`: who invites, and following the invitation.

use crate::{
    app::App,
    conversations,
    error::{Answer, ApiError},
    http::{secret, session::Person},
};
use axum::{
    Json, RequestPartsExt,
    extract::{FromRequestParts, Path, State},
    http::request::Parts,
};
use parley_protocol::{ErrorCode, UserId, people::Conversation, rest::Invite};

/// Who invites with this link.
#[utoipa::path(
    get, path = "/api/invites/{token}", tag = "conversations",
    security(()),
    responses((status = 200, body = Invite), (status = 404, description = "invite_invalid")),
)]
pub async fn get(State(app): State<App>, Token(token): Token) -> Answer<Json<Invite>> {
    let maker = maker(&app, &token).await?;
    let (from, _) = app.store.user(maker).await?.ok_or_else(invalid)?;
    Ok(Json(Invite { from }))
}

/// Follow a link: an accepted conversation with its maker.
#[utoipa::path(
    post, path = "/api/invites/{token}", tag = "conversations",
    security(("session" = ["signed_in"])),
    responses((status = 200, body = Conversation), (status = 404, description = "invite_invalid"), (status = 409, description = "conflict")),
)]
pub async fn post(State(app): State<App>, person: Person, Token(token): Token) -> Answer<Json<Conversation>> {
    let maker = maker(&app, &token).await?;
    if maker == person.user {
        return Err(ApiError::new(ErrorCode::Conflict, "this is your own link"));
    }
    conversations::befriend(&app, maker, person.user).await.map(Json)
}

/// A token in the path. What is no text was never given out.
pub struct Token(String);

impl FromRequestParts<App> for Token {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, ApiError> {
        let Path(token) = parts.extract::<Path<String>>().await.map_err(|_| invalid())?;
        Ok(Self(token))
    }
}

async fn maker(app: &App, token: &str) -> Answer<UserId> {
    let maker = app.store.invite_maker(&secret::digest(token), app.clock.now()).await?;
    maker.ok_or_else(invalid)
}

fn invalid() -> ApiError {
    ApiError::new(ErrorCode::InviteInvalid, "this link is not valid any longer")
}
