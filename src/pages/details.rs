//! The details of a conversation: the other person, or a group's name, members, roles and invite links.

mod links;
pub mod members;
mod rename;

use crate::{
    api::{account, groups},
    components::{
        conversation::{known::KnownConversation, status::ConversationStatus},
        kit::{
            ask::Ask,
            avatar::{Avatar, AvatarSize},
            back_link::BackLink,
            each::{press, text},
            icon::{Glyph, Icon},
            toasts::Toasts,
        },
        people::picker::PeoplePicker,
    },
    router::{Route, Walk},
    state::inbox::{Inbox, partner, role_of},
    words::{Word, fill, say},
};
use leptos::{prelude::*, task::spawn_local};
use parley_protocol::{
    ConversationId,
    people::{Conversation, ConversationKind, MemberRole, UserSummary},
};

#[component]
pub fn DetailsPage(id: ConversationId) -> impl IntoView {
    let show = |id, conversation| view! { <Shown id conversation /> }.into_any();
    view! { <KnownConversation id show /> }
}

#[component]
fn Shown(id: ConversationId, conversation: Signal<Conversation>) -> impl IntoView {
    let me = expect_context::<Inbox>().me().id;
    let kind = conversation.with_untracked(|c| c.kind);
    let with = Signal::derive(move || conversation.with(|c| partner(c, me)));
    let body = match kind {
        ConversationKind::Direct => view! { <Person with /> }.into_any(),
        ConversationKind::Group => view! { <Group id conversation /> }.into_any(),
    };
    view! {
        <div class="page">
            <header class="page-head">
                <BackLink to=Route::Conversation(id) label=say(Word::BackToConversation) />
                <h1>{say(Word::Details)}</h1>
            </header>
            <div class="page-body">
                <div class="details-who" data-kind=kind.to_string()>
                    <Avatar of=with size=AvatarSize::Huge />
                    <div>
                        <h2>{text(move || with.get().display_name)}</h2>
                        <ConversationStatus conversation />
                    </div>
                </div>
                {body}
            </div>
        </div>
    }
}

#[component]
fn Person(with: Signal<UserSummary>) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let inbox = expect_context::<Inbox>();
    let walk = expect_context::<Walk>();
    let asked = RwSignal::new(false);
    let block = move |()| {
        let person = with.get_untracked();
        spawn_local(async move {
            match account::block(person.id).await {
                Ok(()) => {
                    inbox.reload();
                    toasts.say(fill(Word::IsBlocked, &[("name", &person.display_name)]));
                    walk.replace(&Route::Home);
                }
                Err(failure) => toasts.fail(failure.sentence()),
            }
        });
    };
    view! {
        <section class="details-part">
            <p class="soft">{say(Word::BlockMeans)}</p>
            <button type="button" class="button" data-tone="warning" on:click=press(move || asked.set(true))>
                {text(move || fill(Word::BlockSomebody, &[("name", &with.get().display_name)]))}
            </button>
            <Ask
                asked
                heading=Signal::derive(move || fill(Word::BlockAsk, &[("name", &with.get().display_name)]))
                means=say(Word::BlockMeans)
                yes=say(Word::Block)
                answer=block
            />
        </section>
    }
}

#[component]
fn Group(id: ConversationId, conversation: Signal<Conversation>) -> impl IntoView {
    let inbox = expect_context::<Inbox>();
    let me = inbox.me().id;
    let role = Memo::new(move |_| conversation.with(|c| role_of(c, me)));
    let manages = Memo::new(move |_| role.get() != MemberRole::Member);
    view! {
        <Show when=move || manages.get()>
            <rename::Rename id conversation />
        </Show>
        <members::Members id conversation role />
        <Show when=move || manages.get()>
            <Invite id conversation />
            <links::Links id />
        </Show>
        <Leave id conversation />
    }
}

/// Shows the button and the picker that invite more people to the group.
#[component]
fn Invite(id: ConversationId, conversation: Signal<Conversation>) -> impl IntoView {
    let inbox = expect_context::<Inbox>();
    let toasts = expect_context::<Toasts>();
    let chosen = RwSignal::new(Vec::<UserSummary>::new());
    let open = RwSignal::new(false);
    let there = Signal::derive(move || {
        conversation.with(|c| c.members.iter().chain(&c.invited).map(|person| person.id).collect::<Vec<_>>())
    });
    let invite = move || {
        let ids: Vec<_> = chosen.with_untracked(|chosen| chosen.iter().map(|person| person.id).collect());
        if ids.is_empty() {
            return;
        }
        spawn_local(async move {
            match groups::invite(id, ids).await {
                Ok(group) => {
                    inbox.put(group);
                    chosen.try_set(Vec::new());
                    open.try_set(false);
                }
                Err(failure) => toasts.fail(failure.sentence()),
            }
        });
    };
    view! {
        <section class="details-part">
            <Show
                when=move || open.get()
                fallback=move || {
                    view! {
                        <button type="button" class="button" on:click=press(move || open.set(true))>
                            <Icon of=Glyph::UserPlus />
                            {say(Word::AddPeople)}
                        </button>
                    }
                }
            >
                <h3>{say(Word::AddPeople)}</h3>
                <PeoplePicker chosen without=there />
                <div class="details-actions">
                    <button type="button" class="button" data-tone="brand" on:click=press(invite)>
                        {say(Word::Invite)}
                    </button>
                    <button type="button" class="button" on:click=press(move || open.set(false))>
                        {say(Word::Cancel)}
                    </button>
                </div>
            </Show>
        </section>
    }
}

#[component]
fn Leave(id: ConversationId, conversation: Signal<Conversation>) -> impl IntoView {
    let inbox = expect_context::<Inbox>();
    let toasts = expect_context::<Toasts>();
    let walk = expect_context::<Walk>();
    let asked = RwSignal::new(false);
    let name = move || conversation.with(|c| c.name.clone().unwrap_or_default());
    let leave = move |()| {
        let me = inbox.me().id;
        spawn_local(async move {
            match groups::remove(id, me).await {
                Ok(()) => {
                    inbox.remove(id);
                    walk.replace(&Route::Home);
                }
                Err(failure) => toasts.fail(failure.sentence()),
            }
        });
    };
    view! {
        <section class="details-part">
            <button type="button" class="button" data-tone="warning" on:click=press(move || asked.set(true))>
                <Icon of=Glyph::LogOut />
                {say(Word::LeaveGroup)}
            </button>
            <Ask
                asked
                heading=Signal::derive(move || fill(Word::LeaveGroupAsk, &[("name", &name())]))
                means=say(Word::LeaveGroupMeans)
                yes=say(Word::Leave)
                answer=leave
            />
        </section>
    }
}
