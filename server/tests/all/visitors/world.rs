//! The world of a row: people of every kind, with the conversations, the call and the links that they share.

use super::rows::Row;
use crate::support::{Device, Person, Reply, TestApp};
use axum::http::{HeaderName, Request, header};
use parley_protocol::{
    call::Call,
    people::Conversation,
    rest::{GroupLink, InviteLink, NewGroupLink},
};
use std::time::Duration;
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visitor {
    /// A client without a session.
    Nobody,
    /// A person whose session has expired.
    Expired,
    /// A signed-in person without any relation to the others.
    Stranger,
    /// A person whom the host has blocked: a member of the group and its call, but of no direct conversation.
    Blocked,
    /// A member of both conversations, who is rung by the direct call or takes part in the group's.
    Member,
    /// The owner of the group, who is caller and host of the call.
    Host,
}

pub const VISITORS: [Visitor; 6] =
    [Visitor::Nobody, Visitor::Expired, Visitor::Stranger, Visitor::Blocked, Visitor::Member, Visitor::Host];

pub struct World<'a> {
    test: &'a TestApp,
    expired: Person<'a>,
    stranger: Person<'a>,
    blocked: Person<'a>,
    member: Person<'a>,
    host: Person<'a>,
    direct: Conversation,
    group: Conversation,
    call: Call,
    link: GroupLink,
    invite: InviteLink,
    /// The devices of the blocked person, the member and the host.
    tabs: [Device; 3],
}

pub async fn test() -> TestApp {
    TestApp::new().await
}

impl<'a> World<'a> {
    /// Creates a world in which the host calls the member.
    pub async fn new(test: &'a TestApp) -> Self {
        Self::with(test, false).await
    }

    /// Creates the world for a row: with a connected call of the group if the address names one, else with a
    /// direct call that rings.
    pub async fn of(test: &'a TestApp, row: &Row) -> Self {
        Self::with(test, row.address.contains("{group_call}")).await
    }

    async fn with(test: &'a TestApp, in_group: bool) -> Self {
        let expired = test.guest("Eve").await;
        test.clock.advance(Duration::from_secs(31 * 24 * 60 * 60));
        let (stranger, blocked) = (test.guest("Cleo").await, test.guest("Dora").await);
        let (host, member, direct) = test.friends().await;
        let group = test.group("Crew", &[&host, &member, &blocked]).await;
        host.put(&format!("/api/users/{}/block", blocked.id())).await.is_empty();
        let links = format!("/api/conversations/{}/invite-links", group.id);
        let link = host.post(&links, &NewGroupLink::default()).await.created();
        let invite = host.post("/api/me/invite-link", &()).await.created();
        let tabs = [blocked.device().await, member.device().await, host.device().await];
        let call = host.start(if in_group { group.id } else { direct.id }, &tabs[2]).await;
        if in_group {
            blocked.accept(call.id, &tabs[0]).await;
            member.accept(call.id, &tabs[1]).await;
        }
        Self { test, expired, stranger, blocked, member, host, direct, group, call, link, invite, tabs }
    }

    fn person(&self, visitor: Visitor) -> Option<&Person<'a>> {
        match visitor {
            Visitor::Nobody => None,
            Visitor::Expired => Some(&self.expired),
            Visitor::Stranger => Some(&self.stranger),
            Visitor::Blocked => Some(&self.blocked),
            Visitor::Member => Some(&self.member),
            Visitor::Host => Some(&self.host),
        }
    }

    /// Replaces the names in braces by the ids of this world.
    pub fn fill(&self, text: &str, visitor: Visitor) -> String {
        let tab = match visitor {
            Visitor::Blocked => self.tabs[0].id.0,
            Visitor::Member => self.tabs[1].id.0,
            Visitor::Host => self.tabs[2].id.0,
            _ => Uuid::now_v7(),
        };
        let me = self.person(visitor).map_or(Uuid::nil(), |person| person.id().0);
        let session = self.person(visitor).map_or(Uuid::nil(), |person| person.signed.me.session_id.0);
        let names = [
            ("{direct}", self.direct.id.to_string()),
            ("{group}", self.group.id.to_string()),
            ("{call}", self.call.id.to_string()),
            ("{group_call}", self.call.id.to_string()),
            ("{link}", self.link.id.to_string()),
            ("{invite}", self.invite.token.clone()),
            ("{stranger}", self.stranger.id().to_string()),
            ("{other}", self.expired.id().to_string()),
            ("{member}", self.member.id().to_string()),
            ("{host}", self.host.id().to_string()),
            ("{device}", tab.to_string()),
            ("{me}", me.to_string()),
            ("{session}", session.to_string()),
        ];
        names.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
    }

    /// Sends the request of a row as a visitor.
    pub async fn ask(&self, row: &Row, visitor: Visitor, headers: &[(HeaderName, &str)]) -> Reply {
        let body = self.fill(row.body, visitor);
        self.ask_with(row, visitor, headers, body.into_bytes()).await
    }

    /// Sends the request of a row with another body.
    pub async fn ask_with(
        &self,
        row: &Row,
        visitor: Visitor,
        headers: &[(HeaderName, &str)],
        body: Vec<u8>,
    ) -> Reply {
        let mut request = Request::builder()
            .method(row.method())
            .uri(self.fill(row.address, visitor))
            .header(header::HOST, "parley.test");
        if let Some(person) = self.person(visitor) {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", person.signed.token));
        }
        if !body.is_empty() && !headers.iter().any(|(name, _)| *name == header::CONTENT_TYPE) {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        self.test.send(request.body(body.into()).unwrap()).await
    }
}
