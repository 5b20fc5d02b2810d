//! Somebody's personal link: who it is from, and the way to them.

use crate::words::{Word, fill, say};
use crate::{
    api::{self, Failure},
    components::kit::{
        avatar::{Avatar, AvatarSize},
        brand::Brand,
        each::{flag, press},
        sign_in_form::SignInForm,
        toasts::Toasts,
    },
    router::{Route, Walk},
    state::inbox::Inbox,
};
use leptos::{prelude::*, task::spawn_local};
use parley_protocol::{ErrorCode, people::UserSummary};

/// What is known of the link.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Looked {
    Waiting,
    From(UserSummary, Option<String>),
    /// The server tells only people who are signed in.
    Hidden,
    Failed(Failure),
}

/// For people without a session: the same link, and the name that is needed first.
#[component]
pub fn SignedOutInvite(token: String) -> impl IntoView {
    let looked = look(token);
    view! {
        <main class="welcome">
            <div class="welcome-card">
                <Brand />
                {move || heading(&looked.get())}
                <Show when=move || looked.with(can_follow)>
                    <SignInForm />
                </Show>
            </div>
        </main>
    }
}

#[component]
pub fn InvitePage(token: String) -> impl IntoView {
    let inbox = expect_context::<Inbox>();
    let toasts = expect_context::<Toasts>();
    let walk = expect_context::<Walk>();
    let looked = look(token.clone());
    let busy = RwSignal::new(false);
    let mine = move || looked.with(|l| matches!(l, Looked::From(from, None) if from.id == inbox.me().id));
    let into_group = move || looked.with(|l| matches!(l, Looked::From(_, Some(_))));
    let start = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let token = token.clone();
        spawn_local(async move {
            match api::invites::accept(&token).await {
                Ok(conversation) => {
                    let route = Route::Conversation(conversation.id);
                    inbox.put(conversation);
                    walk.replace(&route);
                }
                Err(failure) => toasts.fail(failure.sentence()),
            }
            busy.set(false);
        });
    };
    view! {
        <section class="invitation">
            {move || match looked.get() {
                Looked::From(from, _) => {
                    Some(view! { <Avatar of=from size=AvatarSize::Huge /> })
                }
                _ => None,
            }}
            {move || if mine() {
                view! {
                    <h1>{say(Word::OwnLink)}</h1>
                    <p>{say(Word::OwnLinkMeans)}</p>
                }
                    .into_any()
            } else {
                heading(&looked.get())
            }}
            <Show when=move || !mine() && looked.with(can_follow)>
                <button
                    type="button"
                    class="button"
                    data-tone="brand"
                    aria-busy=flag(move || busy.get())
                    on:click=press(start.clone())
                >
                    {move || say(if into_group() { Word::JoinTheGroup } else { Word::StartChatting })}
                </button>
            </Show>
        </section>
    }
}

fn heading(looked: &Looked) -> AnyView {
    match looked {
        Looked::Waiting => view! { <p class="welcome-lead">{say(Word::OpeningInvitation)}</p> }.into_any(),
        Looked::From(from, Some(group)) => view! {
            <h1>{fill(Word::InvitesYouToGroup, &[("name", &from.display_name), ("group", group)])}</h1>
            <p class="welcome-lead">{say(Word::GroupInviteMeans)}</p>
        }
        .into_any(),
        Looked::From(from, None) => view! {
            <h1>{fill(Word::InvitesYouToTalk, &[("name", &from.display_name)])}</h1>
            <p class="welcome-lead">{say(Word::InviteMeans)}</p>
        }
        .into_any(),
        Looked::Hidden => view! { <h1>{say(Word::YouAreInvited)}</h1> }.into_any(),
        Looked::Failed(_) if is_dead(looked) => view! {
            <h1>{say(Word::InviteDead)}</h1>
            <p class="welcome-lead">{say(Word::InviteDeadMeans)}</p>
            <a class="button" href=Route::Home.path()>
                {say(Word::ToParley)}
            </a>
        }
        .into_any(),
        Looked::Failed(failure) => view! {
            <h1>{say(Word::YouAreInvited)}</h1>
            <p class="welcome-lead">{failure.sentence()}</p>
        }
        .into_any(),
    }
}

fn look(token: String) -> RwSignal<Looked> {
    let looked = RwSignal::new(Looked::Waiting);
    spawn_local(async move {
        let found = match api::invites::load(&token).await {
            Ok(invite) => Looked::From(invite.from, invite.group),
            Err(failure) if failure.code() == Some(ErrorCode::Unauthorized) => Looked::Hidden,
            Err(failure) => Looked::Failed(failure),
        };
        looked.try_set(found);
    });
    looked
}

/// Only now: what is not known yet would push the button away from under a finger.
fn can_follow(looked: &Looked) -> bool {
    *looked != Looked::Waiting && !is_dead(looked)
}

/// Trying again would not help.
fn is_dead(looked: &Looked) -> bool {
    let code = match looked {
        Looked::Failed(failure) => failure.code(),
        Looked::Waiting | Looked::From(..) | Looked::Hidden => None,
    };
    matches!(code, Some(ErrorCode::InviteInvalid | ErrorCode::NotFound))
}
