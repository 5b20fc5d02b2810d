//! Groups: creating and naming them, their members, and the links that lead into them.

use super::{Failure, exchange, get, json, parse, send, tell};
use crate::browser::page;
use gloo_net::http::Method;
use parley_protocol::{
    ConversationId, LinkId, UserId,
    people::{Conversation, MemberRole},
    rest::{
        AddMembers, GroupLink, GroupLinks, NewConversation, NewGroupLink, UpdateConversation, UpdateMember,
    },
};

/// `POST /api/conversations`. A retry with the same `key` creates no second group.
pub async fn make(name: &str, people: Vec<UserId>, key: Option<&str>) -> Result<Conversation, Failure> {
    let group = NewConversation::group(name, people);
    parse(&exchange(Method::POST, "/api/conversations", json(&group), key).await?)
}

/// `PATCH /api/conversations/{id}`
pub async fn rename(id: ConversationId, name: String) -> Result<Conversation, Failure> {
    send(Method::PATCH, &format!("/api/conversations/{id}"), &UpdateConversation { name }).await
}

/// `POST /api/conversations/{id}/members`
pub async fn invite(id: ConversationId, user_ids: Vec<UserId>) -> Result<Conversation, Failure> {
    send(Method::POST, &format!("/api/conversations/{id}/members"), &AddMembers { user_ids }).await
}

/// `PATCH /api/conversations/{id}/members/{user}`
pub async fn set_role(id: ConversationId, user: UserId, role: MemberRole) -> Result<Conversation, Failure> {
    send(Method::PATCH, &format!("/api/conversations/{id}/members/{user}"), &UpdateMember { role }).await
}

/// `DELETE /api/conversations/{id}/members/{user}`: removes a member, withdraws an invitation, or leaves the
/// group.
pub async fn remove(id: ConversationId, user: UserId) -> Result<(), Failure> {
    tell(Method::DELETE, &format!("/api/conversations/{id}/members/{user}")).await
}

/// `GET /api/conversations/{id}/invite-links`
pub async fn links(id: ConversationId) -> Result<Vec<GroupLink>, Failure> {
    let links: GroupLinks = get(&format!("/api/conversations/{id}/invite-links")).await?;
    Ok(links.items)
}

/// `POST /api/conversations/{id}/invite-links`: returns the link and its address.
pub async fn make_link(id: ConversationId) -> Result<(GroupLink, String), Failure> {
    let path = format!("/api/conversations/{id}/invite-links");
    let link: GroupLink = send(Method::POST, &path, &NewGroupLink::default()).await?;
    let address = format!("{}/i/{}", page::origin(), link.token.as_deref().unwrap_or_default());
    Ok((link, address))
}

/// `DELETE /api/conversations/{id}/invite-links/{link}`
pub async fn end_link(id: ConversationId, link: LinkId) -> Result<(), Failure> {
    tell(Method::DELETE, &format!("/api/conversations/{id}/invite-links/{link}")).await
}
