//! The sidebar: the person's own name, the search for people, and the lists of conversations and calls.

use super::list::ConversationList;
use crate::components::{
    kit::{
        avatar::{Avatar, AvatarSize},
        brand::Brand,
        each::text,
        icon::{Glyph, Icon},
    },
    people::{invite_link::InviteLink, search::PeopleSearch},
};
use crate::words::{Word, say};
use crate::{bundles::HISTORY, router::Route, state::inbox::Inbox};
use leptos::prelude::*;

#[component]
pub fn Sidebar(route: Memo<Route>) -> impl IntoView {
    let calls = Memo::new(move |_| route.with(|route| *route == Route::Calls));
    let heading = move || say(if calls.get() { Word::Calls } else { Word::Conversations });
    view! {
        <div class="sidebar">
            <h1 class="visually-hidden">{heading}</h1>
            <header class="sidebar-head">
                <a class="home-link" href=Route::Home.path() aria-label=say(Word::Home)>
                    <Brand />
                </a>
                <OwnName />
                <a
                    class="icon-button"
                    href=Route::Settings(None).path()
                    aria-label=say(Word::Settings)
                    title=say(Word::Settings)
                >
                    <Icon of=Glyph::Settings />
                </a>
            </header>
            <Tabs calls />
            {move || if calls.get() {
                HISTORY.show(())
            } else {
                view! {
                    <PeopleSearch>
                        <ConversationList route />
                    </PeopleSearch>
                    <footer class="sidebar-foot">
                        <InviteLink />
                        <a class="button" href=Route::NewGroup.path()>
                            <Icon of=Glyph::Users />
                            {say(Word::NewGroup)}
                        </a>
                    </footer>
                }
                    .into_any()
            }}
        </div>
    }
}

#[component]
fn Tabs(calls: Memo<bool>) -> impl IntoView {
    let inbox = expect_context::<Inbox>();
    let tab = move |to: Route, label, here: bool, waits: Signal<usize>, mark| {
        let name = move || match waits.get() {
            0 => say(label).to_owned(),
            waits => format!("{} {waits} {}", say(label), say(mark)),
        };
        view! {
            <a
                class="tab"
                href=to.path()
                aria-label=text(name)
                aria-current=text(move || if calls.get() == here { "page" } else { "false" }.to_owned())
            >
                {say(label)}
                <Show when=move || { waits.get() > 0 }>
                    <span class="badge">{text(move || waits.get().min(99).to_string())}</span>
                </Show>
            </a>
        }
    };
    let unread = Signal::derive(move || inbox.unread());
    let missed = Signal::derive(move || inbox.missed().count());
    view! {
        <nav class="tabs" aria-label=say(Word::Lists)>
            {tab(Route::Home, Word::Chats, false, unread, Word::UnreadMark)}
            {tab(Route::Calls, Word::Calls, true, missed, Word::MissedMark)}
        </nav>
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
