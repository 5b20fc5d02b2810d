//! The left side: who this is, how to find people, and the conversations.

use super::{
    avatar::{Avatar, AvatarSize},
    brand::Brand,
    conversation_list::ConversationList,
    icon::{Glyph, Icon},
    invite_link::InviteLink,
    people_search::PeopleSearch,
    toasts::Toasts,
};
use crate::{
    api::{self, Failure},
    app::Session,
    inbox::Inbox,
    place::Place,
};
use leptos::{prelude::*, task::spawn_local};

#[component]
pub fn Sidebar(place: Memo<Place>) -> impl IntoView {
    view! {
        <div class="sidebar">
            <h1 class="visually-hidden">"Conversations"</h1>
            <header class="sidebar-head">
                <a class="home-link" href=Place::Home.path() aria-label="Parley, home">
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

#[component]
fn SignOut() -> impl IntoView {
    let session = expect_context::<RwSignal<Session>>();
    let toasts = expect_context::<Toasts>();
    let sign_out = move |_| {
        spawn_local(async move {
            match api::sign_out().await {
                // Refused means that there is no session to end.
                Ok(()) | Err(Failure::Refused(_)) => session.set(Session::SignedOut),
                Err(failure) => toasts.fail(failure.sentence()),
            }
        });
    };
    view! {
        <button type="button" class="icon-button" aria-label="Sign out" title="Sign out" on:click=sign_out>
            <Icon of=Glyph::LogOut />
        </button>
    }
}
