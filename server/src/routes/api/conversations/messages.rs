//! `GET/POST /api/conversations/{id}/messages`: lists messages, and writes one.

use crate::{
    access,
    app::App,
    cluster::{delivery::Audience, limits::Limited},
    error::{Answer, ApiError},
    http::{
        idempotency::{self, IdempotencyHeader, IdempotencyKey, Idempotent},
        input::{Body, Id, Paging},
        session::Person,
    },
    storage::Cursor,
};
use axum::{Json, extract::State, http::StatusCode};
use parley_protocol::{
    ConversationId, MessageId, ServerMessage,
    people::{Message, MessageContent},
    rest::{Messages, NewMessage},
    text,
};
use uuid::Uuid;

/// Lists the messages of a conversation, newest first.
#[utoipa::path(
    get, path = "/api/conversations/{id}/messages", tag = "conversations",
    params(Paging),
    responses((status = 200, body = Messages), (status = 409, description = "not_accepted")),
)]
pub async fn get(
    State(app): State<App>,
    person: Person,
    Id(id): Id<ConversationId>,
    paging: Paging,
) -> Answer<Json<Messages>> {
    access::find_open(&app, id, person.user).await?;
    let mut items = app.store.messages(id, person.user, paging.after, paging.fetch()).await?;
    let next_cursor = paging.cut(&mut items, |m| Cursor { at: m.created_at.0, id: m.id.0 });
    Ok(Json(Messages { items, next_cursor }))
}

/// Writes a message.
#[utoipa::path(
    post, path = "/api/conversations/{id}/messages", tag = "conversations",
    params(IdempotencyHeader),
    request_body = NewMessage,
    responses((status = 201, body = Message), (status = 409, description = "not_accepted, conflict"), (status = 429, description = "rate_limited")),
)]
pub async fn post(
    State(app): State<App>,
    person: Person,
    Id(id): Id<ConversationId>,
    Idempotent(Body(new), key): Idempotent<Body<NewMessage>>,
) -> Answer<(StatusCode, Json<Message>)> {
    let work = write(&app, &person, id, &new, key.as_ref());
    let message = idempotency::answer(&app, key.as_ref(), work).await?;
    Ok((StatusCode::CREATED, Json(message)))
}

/// Checks the message, stores it and publishes it.
async fn write(
    app: &App,
    person: &Person,
    id: ConversationId,
    new: &NewMessage,
    key: Option<&IdempotencyKey>,
) -> Answer<Message> {
    let text = text::message(&new.text).map_err(|error| ApiError::text("text", error));
    let row = access::find_open(app, id, person.user).await?;
    let text = text?;
    access::refuse_to_blocked(app, &row, person.user).await?;
    let now = app.clock.now();
    app.limits.take(Limited::Messages, person.user, now).await?;
    let message = Message {
        id: MessageId(Uuid::now_v7()),
        conversation_id: id,
        sender_id: person.user,
        content: MessageContent::Text { text },
        created_at: now,
    };
    let write = app.store.write().await?;
    let readers = write.insert_message(&message, true).await?;
    if let Some(key) = key {
        key.remember(&write, &message, now).await?;
    }
    write.commit().await?;
    app.publish(vec![Audience::Users(readers)], &ServerMessage::MessageCreated { message: message.clone() });
    Ok(message)
}
