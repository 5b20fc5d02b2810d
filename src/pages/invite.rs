//! The page of an invite link: its sender or group, and the button that accepts it.

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

/// The result of looking up the link.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Lookup {
    Waiting,
    From(UserSummary, Option<String>),
    /// A link that the server describes only to people who are signed in.
    Hidden,
    Failed(Failure),
}

/// Shows the link to people without a session, with the sign-in form below it.
#[component]
pub fn SignedOutInvite(token: String) -> impl IntoView {
    let lookup = look_up(token);
    view! {
        <main class="welcome">
            <div class="welcome-card">
                <Brand />
                {move || heading(&lookup.get())}
                <Show when=move || lookup.with(can_follow)>
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
    let lookup = look_up(token.clone());
    let busy = RwSignal::new(false);
    let mine = move || lookup.with(|l| matches!(l, Lookup::From(from, None) if from.id == inbox.me().id));
    let into_group = move || lookup.with(|l| matches!(l, Lookup::From(_, Some(_))));
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
            {move || match lookup.get() {
                Lookup::From(from, _) => {
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
                heading(&lookup.get())
            }}
            <Show when=move || !mine() && lookup.with(can_follow)>
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

fn heading(lookup: &Lookup) -> AnyView {
    match lookup {
        Lookup::Waiting => view! { <p class="welcome-lead">{say(Word::OpeningInvitation)}</p> }.into_any(),
        Lookup::From(from, Some(group)) => view! {
            <h1>{fill(Word::InvitesYouToGroup, &[("name", &from.display_name), ("group", group)])}</h1>
            <p class="welcome-lead">{say(Word::GroupInviteMeans)}</p>
        }
        .into_any(),
        Lookup::From(from, None) => view! {
            <h1>{fill(Word::InvitesYouToTalk, &[("name", &from.display_name)])}</h1>
            <p class="welcome-lead">{say(Word::InviteMeans)}</p>
        }
        .into_any(),
        Lookup::Hidden => view! { <h1>{say(Word::YouAreInvited)}</h1> }.into_any(),
        Lookup::Failed(_) if is_dead(lookup) => view! {
            <h1>{say(Word::InviteDead)}</h1>
            <p class="welcome-lead">{say(Word::InviteDeadMeans)}</p>
            <a class="button" href=Route::Home.path()>
                {say(Word::ToParley)}
            </a>
        }
        .into_any(),
        Lookup::Failed(failure) => view! {
            <h1>{say(Word::YouAreInvited)}</h1>
            <p class="welcome-lead">{failure.sentence()}</p>
        }
        .into_any(),
    }
}

fn look_up(token: String) -> RwSignal<Lookup> {
    let lookup = RwSignal::new(Lookup::Waiting);
    spawn_local(async move {
        let found = match api::invites::load(&token).await {
            Ok(invite) => Lookup::From(invite.from, invite.group),
            Err(failure) if failure.code() == Some(ErrorCode::Unauthorized) => Lookup::Hidden,
            Err(failure) => Lookup::Failed(failure),
        };
        lookup.try_set(found);
    });
    lookup
}

/// Checks whether to show the button. It waits for the lookup: a heading that came later would move the
/// button away under a finger.
fn can_follow(lookup: &Lookup) -> bool {
    *lookup != Lookup::Waiting && !is_dead(lookup)
}

/// Checks whether the link is invalid for good, so that a retry would not help.
fn is_dead(lookup: &Lookup) -> bool {
    let code = match lookup {
        Lookup::Failed(failure) => failure.code(),
        Lookup::Waiting | Lookup::From(..) | Lookup::Hidden => None,
    };
    matches!(code, Some(ErrorCode::InviteInvalid | ErrorCode::NotFound))
}
