//! `GET/POST /api/conversations`: lists the person's conversations, and starts one.

pub mod accept;
pub mod decline;
pub mod invite_links;
pub mod members;
pub mod messages;
pub mod one;
pub mod read;

use crate::{
    app::App,
    cluster::limits::Limited,
    conversations::{self, group},
    error::{Answer, ApiError},
    http::{
        idempotency::{self, IdempotencyHeader, Idempotent},
        input::{Body, Paging},
        session::Person,
    },
    people::presence,
    storage::Cursor,
    wire,
};
use axum::{Json, extract::State};
use parley_protocol::{
    people::Conversation,
    rest::{Conversations, NewConversation},
    text,
};

/// Lists your conversations, newest first.
#[utoipa::path(
    get, path = "/api/conversations", tag = "conversations",
    params(Paging),
    responses((status = 200, body = Conversations)),
)]
pub async fn get(State(app): State<App>, person: Person, paging: Paging) -> Answer<Json<Conversations>> {
    let mut rows = app.store.conversations_of(person.user, paging.after, paging.fetch()).await?;
    let next_cursor = paging.cut(&mut rows, |row| Cursor { at: row.updated_at.0, id: row.id.0 });
    let items = wire::conversation::views(&app, rows, person.user).await?;
    Ok(Json(Conversations { items, next_cursor }))
}

/// Makes a group, or invites a person to a direct conversation, or finds the one that exists.
///
/// A second request with the same `Idempotency-Key` makes no second group. Two people never have two
/// conversations.
#[utoipa::path(
    post, path = "/api/conversations", tag = "conversations",
    params(IdempotencyHeader),
    request_body = NewConversation,
    responses((status = 200, body = Conversation), (status = 404, description = "not_found"), (status = 409, description = "conflict, limit_reached"), (status = 429, description = "rate_limited")),
)]
pub async fn post(
    State(app): State<App>,
    person: Person,
    Idempotent(Body(wish), key): Idempotent<Body<NewConversation>>,
) -> Answer<Json<Conversation>> {
    let name = match (wish.user_id, &wish.name) {
        (Some(other), None) if wish.member_ids.is_empty() => {
            app.limits.take(Limited::Invitations, person.user, app.clock.now()).await?;
            let conversation = conversations::start(&app, person.user, other).await?;
            presence::joined(&app, person.user, &conversation).await;
            return Ok(Json(conversation));
        }
        (None, Some(name)) => text::display_name(name).map_err(|error| ApiError::text("name", error))?,
        (None, None) => return Err(ApiError::field("user_id", "is missing")),
        (Some(_), _) => return Err(ApiError::field("user_id", "is for a conversation of two")),
    };
    let work = async {
        app.limits.take(Limited::Invitations, person.user, app.clock.now()).await?;
        group::create(&app, person.user, name, &wish.member_ids, key.as_ref()).await
    };
    idempotency::answer(&app, key.as_ref(), work).await.map(Json)
}
