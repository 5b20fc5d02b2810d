//! What every row of the table finds: people, what they share, and one who is not wanted.

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
    /// No session.
    Nobody,
    /// A session that has ended by itself.
    Expired,
    /// Signed in, and nothing else.
    Stranger,
    /// A person whom the host has blocked. In the group and its call, but in no conversation of two.
    Blocked,
    /// In the conversations; rung by the call, or in that of the group.
    Member,
    /// Owner of the group, caller and host in the call.
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
    /// Of the blocked one, of the member and of the host.
    tabs: [Device; 3],
}

pub async fn test() -> TestApp {
    TestApp::new().await
}

impl<'a> World<'a> {
    /// In which the host calls the member.
    pub async fn new(test: &'a TestApp) -> Self {
        Self::with(test, false).await
    }

    /// What the row is about: the group's call goes on where the address names it, else that of two rings.
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

    /// The text with the names of this world in it.
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

    /// Asks as the row says.
    pub async fn ask(&self, row: &Row, visitor: Visitor, headers: &[(HeaderName, &str)]) -> Reply {
        let body = self.fill(row.body, visitor);
        self.ask_with(row, visitor, headers, body.into_bytes()).await
    }

    /// Asks with another body.
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
