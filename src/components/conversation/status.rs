//! The line under a conversation's name: the people who type, else the presence or the number of members.

use crate::components::{kit::each::text, people::presence};
use crate::{
    state::inbox::{Inbox, Standing, standing},
    words::{Word, count, fill, say},
};
use leptos::prelude::*;
use parley_protocol::people::{Conversation, ConversationKind};

#[component]
pub fn ConversationStatus(conversation: Signal<Conversation>) -> impl IntoView {
    let inbox = expect_context::<Inbox>();
    let line = move || conversation.with(|conversation| sentence(inbox, conversation));
    view! {
        <p class="conversation-status" role="status">
            {text(line)}
        </p>
    }
}

/// Returns the line; empty where there is nothing to say.
pub fn sentence(inbox: Inbox, conversation: &Conversation) -> String {
    let me = inbox.me().id;
    if standing(conversation, me) != Standing::Open {
        return String::new();
    }
    if let Some(line) = typing(inbox, conversation) {
        return line;
    }
    match conversation.kind {
        ConversationKind::Group => {
            count(Word::PeopleInIt, u32::try_from(conversation.members.len()).unwrap_or(u32::MAX), &[])
        }
        ConversationKind::Direct => {
            let other = conversation.members.iter().find(|member| member.id != me);
            let presence = other.map(|other| inbox.people().presence(other.id));
            presence.map_or_else(String::new, |presence| say(presence::sentence(presence)).to_owned())
        }
    }
}

/// Returns the sentence about the people who type, if anybody does.
pub fn typing(inbox: Inbox, conversation: &Conversation) -> Option<String> {
    let writing = inbox.people().writing(conversation.id);
    let mut names = conversation.members.iter().filter(|member| writing.contains(&member.id));
    let first = names.next()?;
    Some(match (conversation.kind, names.count()) {
        (ConversationKind::Direct, _) => say(Word::Typing).to_owned(),
        (ConversationKind::Group, 0) => fill(Word::SomebodyTypes, &[("name", &first.display_name)]),
        (ConversationKind::Group, _) => say(Word::SeveralType).to_owned(),
    })
}
