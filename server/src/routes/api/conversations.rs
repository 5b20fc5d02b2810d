//! `GET/POST /api/conversations`: one's conversations, and starting one.

pub mod accept;
pub mod decline;
pub mod messages;
pub mod one;
pub mod read;

use crate::{
    app::App,
    conversations,
    error::{Answer, ApiError},
    http::{
        input::{Body, Paging},
        session::Person,
    },
    storage::Cursor,
};
use axum::{Json, extract::State};
use parley_protocol::{
    ConversationId, ErrorCode,
    people::{Conversation, ConversationStatus},
    rest::{Conversations, NewConversation},
};

/// One's conversations, newest first.
#[utoipa::path(
    get, path = "/api/conversations", tag = "conversations",
    params(Paging),
    responses((status = 200, body = Conversations)),
)]
pub async fn get(State(app): State<App>, person: Person, paging: Paging) -> Answer<Json<Conversations>> {
    let mut rows = app.store.conversations_of(person.user, paging.after, paging.fetch()).await?;
    let next_cursor = paging.cut(&mut rows, |row| Cursor { at: row.updated_at.0, id: row.id.0 });
    let items = conversations::views(&app, rows, person.user).await?;
    Ok(Json(Conversations { items, next_cursor }))
}

/// Invite somebody to a direct conversation, or find the one that there is.
#[utoipa::path(
    post, path = "/api/conversations", tag = "conversations",
    request_body = NewConversation,
    responses((status = 200, body = Conversation), (status = 404, description = "not_found"), (status = 409, description = "conflict")),
)]
pub async fn post(
    State(app): State<App>,
    person: Person,
    Body(wish): Body<NewConversation>,
) -> Answer<Json<Conversation>> {
    conversations::start(&app, person.user, wish.user_id).await.map(Json)
}

/// The invited one answers a pending invitation; the same answer again changes nothing.
async fn answer(
    app: &App,
    person: &Person,
    id: ConversationId,
    status: ConversationStatus,
) -> Answer<Json<Conversation>> {
    let row = conversations::find(app, id, person.user).await?;
    if row.status == status {
        return conversations::view(app, row, person.user).await.map(Json);
    }
    if row.status != ConversationStatus::Pending || row.started_by == person.user {
        return Err(ApiError::new(ErrorCode::Conflict, "this invitation is not waiting for your answer"));
    }
    conversations::set_status(app, id, person.user, status).await.map(Json)
}
