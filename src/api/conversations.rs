//! Conversations and their messages.

use super::{Failure, exchange, get, get_page, json, parse, post, send, tell};
use gloo_net::http::Method;
use parley_protocol::{
    ConversationId, UserId,
    people::{Conversation, Message},
    rest::{Conversations, Messages, NewConversation, NewMessage},
};

/// `GET /api/conversations`
pub async fn list(cursor: Option<&str>) -> Result<Conversations, Failure> {
    get_page("/api/conversations", 100, cursor).await
}

/// `POST /api/conversations`
pub async fn start(user_id: UserId) -> Result<Conversation, Failure> {
    send(Method::POST, "/api/conversations", &NewConversation::direct(user_id)).await
}

/// `GET /api/conversations/{id}`
pub async fn load(id: ConversationId) -> Result<Conversation, Failure> {
    get(&format!("/api/conversations/{id}")).await
}

/// `POST /api/conversations/{id}/accept`
pub async fn accept(id: ConversationId) -> Result<Conversation, Failure> {
    post(&format!("/api/conversations/{id}/accept")).await
}

/// `POST /api/conversations/{id}/decline`
pub async fn decline(id: ConversationId) -> Result<Conversation, Failure> {
    post(&format!("/api/conversations/{id}/decline")).await
}

/// `GET /api/conversations/{id}/messages`: newest first.
pub async fn messages(id: ConversationId, cursor: Option<&str>) -> Result<Messages, Failure> {
    get_page(&format!("/api/conversations/{id}/messages"), 50, cursor).await
}

/// `POST /api/conversations/{id}/messages`. A retry with the same `key` creates no second message.
pub async fn write(id: ConversationId, text: String, key: Option<&str>) -> Result<Message, Failure> {
    let path = format!("/api/conversations/{id}/messages");
    parse(&exchange(Method::POST, &path, json(&NewMessage { text }), key).await?)
}

/// `POST /api/conversations/{id}/read`
pub async fn mark_read(id: ConversationId) -> Result<(), Failure> {
    tell(Method::POST, &format!("/api/conversations/{id}/read")).await
}
