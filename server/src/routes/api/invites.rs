//! `GET/POST /api/invites/{token}`: shows an invite link, and follows it.

use crate::{
    app::App,
    conversations::{
        self,
        links::{self, dead},
    },
    error::{Answer, ApiError},
    http::session::Person,
    people::presence,
    secret,
    storage::GroupLinkRow,
};
use axum::{
    Json, RequestPartsExt,
    extract::{FromRequestParts, Path, State},
    http::request::Parts,
};
use parley_protocol::{ErrorCode, UserId, people::Conversation, rest::Invite};

/// Returns the person who made an invite link, and the group that it leads into.
#[utoipa::path(
    get, path = "/api/invites/{token}", tag = "conversations",
    security(()),
    responses((status = 200, body = Invite), (status = 404, description = "invite_invalid"), (status = 429, description = "rate_limited")),
)]
pub async fn get(State(app): State<App>, Token(token): Token) -> Answer<Json<Invite>> {
    let (maker, group) = match find(&app, &token).await? {
        Link::Personal(maker) => (maker, None),
        Link::Group(link) => {
            let group = app.store.any_conversation(link.conversation_id).await?;
            (link.made_by, group.and_then(|row| row.name))
        }
    };
    let (from, _) = app.store.user(maker).await?.ok_or_else(dead)?;
    Ok(Json(Invite { from, group }))
}

/// Follows an invite link, into a group or an accepted conversation with its maker.
#[utoipa::path(
    post, path = "/api/invites/{token}", tag = "conversations",
    security(("session" = ["signed_in"])),
    responses((status = 200, body = Conversation), (status = 404, description = "invite_invalid"), (status = 409, description = "conflict, limit_reached"), (status = 429, description = "rate_limited")),
)]
pub async fn post(State(app): State<App>, person: Person, Token(token): Token) -> Answer<Json<Conversation>> {
    let conversation = match find(&app, &token).await? {
        Link::Personal(maker) if maker == person.user => {
            return Err(ApiError::new(ErrorCode::Conflict, "this is your own link"));
        }
        Link::Personal(maker) => conversations::befriend(&app, maker, person.user).await?,
        Link::Group(link) => links::follow(&app, &link, person.user).await?,
    };
    presence::joined(&app, person.user, &conversation).await;
    Ok(Json(conversation))
}

/// A token in the path. One that is not valid text gets the same error as an unknown one.
pub struct Token(String);

impl FromRequestParts<App> for Token {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, ApiError> {
        let Path(token) = parts.extract::<Path<String>>().await.map_err(|_| dead())?;
        Ok(Self(token))
    }
}

/// An invite link.
enum Link {
    /// A link into a conversation with this person.
    Personal(UserId),
    Group(GroupLinkRow),
}

/// Finds the link of a token.
async fn find(app: &App, token: &str) -> Answer<Link> {
    let (hash, now) = (secret::digest(token), app.clock.now());
    if let Some(maker) = app.store.invite_maker(&hash, now).await? {
        return Ok(Link::Personal(maker));
    }
    app.store.group_link(&hash, now).await?.map(Link::Group).ok_or_else(dead)
}
