//! The left side: who this is, how to find people, and the conversations.

use super::{
    avatar::{Avatar, AvatarSize},
    brand::Brand,
    conversation_list::ConversationList,
    invite_link::InviteLink,
    people_search::PeopleSearch,
    sign_out::SignOut,
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
                <SignOut />
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
    let me = expect_context::<Inbox>().me();
    view! {
        <p class="own-name">
            <Avatar of=me.clone() size=AvatarSize::Small />
            <span>{me.display_name}</span>
        </p>
    }
}
