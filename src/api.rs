//! REST client: one function per route on top of [`get`], [`send`] and [`tell`].

use crate::browser::page;
use gloo_net::http::{Method, RequestBuilder, Response};
use parley_protocol::{
    ConversationId, ErrorBody, ErrorCode, ErrorDetail, UserId,
    people::{Conversation, Me, Message, UserSummary},
    rest::{
        ClientConfig, Conversations, GuestSignIn, Invite, InviteLink, Messages, NewConversation, NewMessage,
        SignedIn, UpdateMe, Users,
    },
};
use serde::{Serialize, de::DeserializeOwned};

/// Why a request has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The server could not be reached, or its answer made no sense.
    Unreachable,
    Refused(ErrorDetail),
}

impl Failure {
    pub fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Unreachable => None,
            Self::Refused(detail) => Some(detail.code),
        }
    }

    /// For people.
    pub fn sentence(&self) -> String {
        match self {
            Self::Unreachable => {
                "The server cannot be reached. Check your connection and try again.".to_owned()
            }
            Self::Refused(detail) => sentence(&detail.message),
        }
    }
}

/// `POST /api/auth/guest`
pub async fn sign_in(display_name: String) -> Result<Me, Failure> {
    let signed_in: SignedIn = send(Method::POST, "/api/auth/guest", &GuestSignIn { display_name }).await?;
    Ok(signed_in.me)
}

/// `POST /api/auth/logout`
pub async fn sign_out() -> Result<(), Failure> {
    tell(Method::POST, "/api/auth/logout").await
}

/// `GET /api/config`
pub async fn config() -> Result<ClientConfig, Failure> {
    get("/api/config").await
}

/// `GET /api/me`
pub async fn me() -> Result<Me, Failure> {
    get("/api/me").await
}

/// `PATCH /api/me`
pub async fn update_me(change: &UpdateMe) -> Result<Me, Failure> {
    send(Method::PATCH, "/api/me", change).await
}

/// `GET /api/users?query=`
pub async fn find_people(query: &str) -> Result<Vec<UserSummary>, Failure> {
    let request = RequestBuilder::new("/api/users").query([("query", query)]);
    let users: Users = read(request.send().await.map_err(|_| Failure::Unreachable)?).await?;
    Ok(users.items)
}

/// `GET /api/conversations`
pub async fn conversations(cursor: Option<&str>) -> Result<Conversations, Failure> {
    get_page("/api/conversations", 100, cursor).await
}

/// `POST /api/conversations`
pub async fn start_conversation(user_id: UserId) -> Result<Conversation, Failure> {
    send(Method::POST, "/api/conversations", &NewConversation { user_id }).await
}

/// `GET /api/conversations/{id}`
pub async fn conversation(id: ConversationId) -> Result<Conversation, Failure> {
    get(&format!("/api/conversations/{id}")).await
}

/// `POST /api/conversations/{id}/accept`
pub async fn accept_invitation(id: ConversationId) -> Result<Conversation, Failure> {
    post(&format!("/api/conversations/{id}/accept")).await
}

/// `POST /api/conversations/{id}/decline`
pub async fn decline_invitation(id: ConversationId) -> Result<Conversation, Failure> {
    post(&format!("/api/conversations/{id}/decline")).await
}

/// `GET /api/conversations/{id}/messages`: newest first.
pub async fn messages(id: ConversationId, cursor: Option<&str>) -> Result<Messages, Failure> {
    get_page(&format!("/api/conversations/{id}/messages"), 50, cursor).await
}

/// `POST /api/conversations/{id}/messages`. A second try with the same `key` writes nothing twice.
pub async fn write(id: ConversationId, text: String, key: Option<&str>) -> Result<Message, Failure> {
    let path = format!("/api/conversations/{id}/messages");
    let mut request = RequestBuilder::new(&path).method(Method::POST);
    if let Some(key) = key {
        request = request.header("Idempotency-Key", key);
    }
    let request = request.json(&NewMessage { text }).map_err(|_| Failure::Unreachable)?;
    read(request.send().await.map_err(|_| Failure::Unreachable)?).await
}

/// `POST /api/conversations/{id}/read`
pub async fn mark_read(id: ConversationId) -> Result<(), Failure> {
    tell(Method::POST, &format!("/api/conversations/{id}/read")).await
}

/// `POST /api/me/invite-link`, as an address to give away.
pub async fn invite_link() -> Result<String, Failure> {
    let link: InviteLink = post("/api/me/invite-link").await?;
    Ok(format!("{}/i/{}", page::origin(), link.token))
}

/// `GET /api/invites/{token}`
pub async fn invite(token: &str) -> Result<Invite, Failure> {
    get(&format!("/api/invites/{token}")).await
}

/// `POST /api/invites/{token}`
pub async fn use_invite(token: &str) -> Result<Conversation, Failure> {
    post(&format!("/api/invites/{token}")).await
}

pub async fn get<T: DeserializeOwned>(path: &str) -> Result<T, Failure> {
    let response = RequestBuilder::new(path).send().await.map_err(|_| Failure::Unreachable)?;
    read(response).await
}

async fn get_page<T: DeserializeOwned>(path: &str, limit: u32, cursor: Option<&str>) -> Result<T, Failure> {
    let limit = limit.to_string();
    let mut request = RequestBuilder::new(path).query([("limit", limit.as_str())]);
    if let Some(cursor) = cursor {
        request = request.query([("cursor", cursor)]);
    }
    read(request.send().await.map_err(|_| Failure::Unreachable)?).await
}

pub async fn send<T: DeserializeOwned>(
    method: Method,
    path: &str,
    body: &impl Serialize,
) -> Result<T, Failure> {
    let request = RequestBuilder::new(path).method(method).json(body).map_err(|_| Failure::Unreachable)?;
    read(request.send().await.map_err(|_| Failure::Unreachable)?).await
}

/// A request without a body.
async fn post<T: DeserializeOwned>(path: &str) -> Result<T, Failure> {
    let request = RequestBuilder::new(path).method(Method::POST);
    read(request.send().await.map_err(|_| Failure::Unreachable)?).await
}

/// A request without a body, whose answer says nothing but yes or no.
async fn tell(method: Method, path: &str) -> Result<(), Failure> {
    let request = RequestBuilder::new(path).method(method);
    let response = request.send().await.map_err(|_| Failure::Unreachable)?;
    if response.ok() { Ok(()) } else { Err(refusal(response).await) }
}

async fn read<T: DeserializeOwned>(response: Response) -> Result<T, Failure> {
    if response.ok() {
        return response.json().await.map_err(|_| Failure::Unreachable);
    }
    Err(refusal(response).await)
}

/// The server's messages are written for the middle of a line as well.
fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let end = if message.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

async fn refusal(response: Response) -> Failure {
    match response.json::<ErrorBody>().await {
        Ok(body) => Failure::Refused(body.error),
        Err(_) => Failure::Unreachable,
    }
}
