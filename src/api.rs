//! REST client: one function per route on top of [`get`] and [`send`].

pub mod account;
pub mod groups;
pub mod history;

use crate::browser::{deadline, page};
use crate::words::{Word, say};
use gloo_net::http::{Method, Request, RequestBuilder};
use parley_protocol::{
    CallId, ConversationId, DeviceId, ErrorBody, ErrorCode, ErrorDetail, UserId,
    call::Role,
    people::{Conversation, Me, Message, UserSummary},
    quality::{Feedback, QualityReport},
    rest::{
        ByDevice, ClientConfig, Conversations, GuestSignIn, Invite, InviteLink, InviteToCall, Messages,
        NewConversation, NewMessage, SetCallRole, SignedIn, Users,
    },
};
use serde::{Serialize, de::DeserializeOwned};
use std::time::Duration;

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
            Self::Unreachable => say(Word::ServerOutOfReachRetry).to_owned(),
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

/// `GET /api/users?query=`
pub async fn find_people(query: &str) -> Result<Vec<UserSummary>, Failure> {
    let users: Users = get(&format!("/api/users?query={}", page::encode(query))).await?;
    Ok(users.items)
}

/// `GET /api/conversations`
pub async fn conversations(cursor: Option<&str>) -> Result<Conversations, Failure> {
    get_page("/api/conversations", 100, cursor).await
}

/// `POST /api/conversations`
pub async fn start_conversation(user_id: UserId) -> Result<Conversation, Failure> {
    send(Method::POST, "/api/conversations", &NewConversation::direct(user_id)).await
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
    parse(&exchange(Method::POST, &path, json(&NewMessage { text }), key).await?)
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

/// `POST /api/calls/{id}/stats`
pub async fn report_quality(id: CallId, report: &QualityReport) -> Result<(), Failure> {
    exchange(Method::POST, &format!("/api/calls/{id}/stats"), json(report), None).await.map(drop)
}

/// `POST /api/calls/{id}/feedback`
pub async fn rate_call(id: CallId, feedback: &Feedback) -> Result<(), Failure> {
    exchange(Method::POST, &format!("/api/calls/{id}/feedback"), json(feedback), None).await.map(drop)
}

/// `POST /api/calls/{id}/participants/{user}/mute` and `…/kick`
pub async fn moderate(id: CallId, user: UserId, verb: &str) -> Result<(), Failure> {
    tell(Method::POST, &format!("/api/calls/{id}/participants/{user}/{verb}")).await
}

/// `POST /api/calls/{id}/participants/{user}/role`
pub async fn give_role(id: CallId, user: UserId, role: Role) -> Result<(), Failure> {
    let path = format!("/api/calls/{id}/participants/{user}/role");
    exchange(Method::POST, &path, json(&SetCallRole { role }), None).await.map(drop)
}

/// `POST /api/calls/{id}/invite`
pub async fn invite_to_call(id: CallId, user_ids: Vec<UserId>) -> Result<(), Failure> {
    let path = format!("/api/calls/{id}/invite");
    exchange(Method::POST, &path, json(&InviteToCall { user_ids }), None).await.map(drop)
}

/// `POST /api/calls/{id}/end`
pub async fn end_call(id: CallId, device_id: DeviceId) -> Result<(), Failure> {
    let path = format!("/api/calls/{id}/end");
    exchange(Method::POST, &path, json(&ByDevice { device_id }), None).await.map(drop)
}

pub async fn text(path: &str) -> Result<String, Failure> {
    exchange(Method::GET, path, None, None).await
}

pub async fn get<T: DeserializeOwned>(path: &str) -> Result<T, Failure> {
    parse(&exchange(Method::GET, path, None, None).await?)
}

pub async fn send<T: DeserializeOwned>(
    method: Method,
    path: &str,
    body: &impl Serialize,
) -> Result<T, Failure> {
    parse(&exchange(method, path, json(body), None).await?)
}

async fn get_page<T: DeserializeOwned>(path: &str, limit: u32, cursor: Option<&str>) -> Result<T, Failure> {
    let cursor = cursor.map(|cursor| format!("&cursor={}", page::encode(cursor))).unwrap_or_default();
    get(&format!("{path}?limit={limit}{cursor}")).await
}

/// A request without a body.
async fn post<T: DeserializeOwned>(path: &str) -> Result<T, Failure> {
    parse(&exchange(Method::POST, path, None, None).await?)
}

/// A request without a body, whose answer says nothing but yes or no.
async fn tell(method: Method, path: &str) -> Result<(), Failure> {
    exchange(method, path, None, None).await.map(drop)
}

/// A request that is not answered by then is as good as refused: the person waits.
const TIME_LIMIT: Duration = Duration::from_secs(15);

/// All that requests have in common, so that the page carries it once: the text of the answer.
async fn exchange(
    method: Method,
    path: &str,
    body: Option<String>,
    idempotency_key: Option<&str>,
) -> Result<String, Failure> {
    let limit = deadline::after(TIME_LIMIT);
    let mut request = RequestBuilder::new(path).method(method).abort_signal(Some(&limit));
    if let Some(key) = idempotency_key {
        request = request.header("Idempotency-Key", key);
    }
    let request = match body {
        Some(body) => request.header("Content-Type", "application/json").body(body),
        None => request.build(),
    };
    answer(request).await
}

async fn answer(request: Result<Request, gloo_net::Error>) -> Result<String, Failure> {
    let response = request.map_err(unreachable)?.send().await.map_err(unreachable)?;
    let text = response.text().await.map_err(unreachable)?;
    if response.ok() { Ok(text) } else { Err(refusal(&text)) }
}

fn unreachable(_: gloo_net::Error) -> Failure {
    Failure::Unreachable
}

fn json(body: &impl Serialize) -> Option<String> {
    serde_json::to_string(body).ok()
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|_| Failure::Unreachable)
}

fn refusal(text: &str) -> Failure {
    parse::<ErrorBody>(text).map_or_else(|failure| failure, |body| Failure::Refused(body.error))
}

/// The server's messages are written for the middle of a line as well.
fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let end = if message.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}
