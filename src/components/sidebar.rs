//! The left side: who this is, how to find people, and the conversations.

use super::{
    avatar::{Avatar, AvatarSize},
    brand::Brand,
    conversation_list::ConversationList,
    each::text,
    icon::{Glyph, Icon},
    invite_link::InviteLink,
    people_search::PeopleSearch,
};
use crate::words::{Word, say};
use crate::{inbox::Inbox, place::Place};
use leptos::prelude::*;

#[component]
pub fn Sidebar(place: Memo<Place>) -> impl IntoView {
    view! {
        <div class="sidebar">
            <h1 class="visually-hidden">{say(Word::Conversations)}</h1>
            <header class="sidebar-head">
                <a class="home-link" href=Place::Home.path() aria-label=say(Word::Home)>
                    <Brand />
                </a>
                <OwnName />
                <a
                    class="icon-button"
                    href=Place::Settings(None).path()
                    aria-label=say(Word::Settings)
                    title=say(Word::Settings)
                >
                    <Icon of=Glyph::Settings />
                </a>
            </header>
            <PeopleSearch>
                <ConversationList place />
            </PeopleSearch>
            <footer class="sidebar-foot">
                <InviteLink />
            </footer>
        </div>
    }
}

#[component]
fn OwnName() -> impl IntoView {
    let me = expect_context::<Inbox>().owner();
    view! {
        <p class="own-name">
            <Avatar of=me size=AvatarSize::Small />
            <span>{text(move || me.get().display_name)}</span>
        </p>
    }
}
