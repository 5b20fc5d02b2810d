//! The view of a conversation that is not accepted: the invitation, its state, and the buttons to answer.

use crate::components::kit::{
    avatar::{Avatar, AvatarSize},
    each::press,
    toasts::Toasts,
};
use crate::words::{Word, fill, say};
use crate::{
    api,
    state::inbox::{Inbox, Standing},
};
use leptos::{prelude::*, task::spawn_local};
use parley_protocol::{ConversationId, people::UserSummary};

#[component]
pub fn Invitation(
    id: ConversationId,
    with: UserSummary,
    standing: Standing,
    /// The name of the person who invites to the group; none for a direct conversation.
    #[prop(into)]
    into_group: Signal<Option<String>>,
) -> impl IntoView {
    let name = with.display_name.clone();
    let into_group = into_group.get_untracked();
    let group = into_group.is_some();
    let (heading, text) = match standing {
        Standing::Invited if group => (
            fill(
                Word::InvitesYouToGroup,
                &[("name", into_group.as_deref().unwrap_or_default()), ("group", &name)],
            ),
            say(Word::GroupInviteMeans).to_owned(),
        ),
        Standing::Invited => {
            (fill(Word::WouldLikeToTalk, &[("name", &name)]), say(Word::AcceptMeans).to_owned())
        }
        Standing::Waiting => {
            (fill(Word::WaitingForThem, &[("name", &name)]), say(Word::WaitingMeans).to_owned())
        }
        Standing::Declined => {
            (say(Word::InvitationWasDeclined).to_owned(), fill(Word::DeclinedMeans, &[("name", &name)]))
        }
        Standing::Open => return ().into_any(),
    };
    view! {
        <section class="invitation" data-kind=if group { "group" } else { "direct" }>
            <Avatar of=with size=AvatarSize::Huge />
            <h2>{heading}</h2>
            <p>{text}</p>
            {(standing == Standing::Invited).then(|| view! { <Answer id /> })}
        </section>
    }
    .into_any()
}

#[component]
fn Answer(id: ConversationId) -> impl IntoView {
    let inbox = expect_context::<Inbox>();
    let toasts = expect_context::<Toasts>();
    let busy = RwSignal::new(false);
    let answer = move |accept: bool| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let answered = if accept {
                api::conversations::accept(id).await
            } else {
                api::conversations::decline(id).await
            };
            match answered {
                Ok(conversation) => inbox.put(conversation),
                Err(failure) => toasts.fail(failure.sentence()),
            }
            busy.set(false);
        });
    };
    view! {
        <div class="invitation-answer">
            <button type="button" class="button" on:click=press(move || answer(false))>
                {say(Word::DeclineInvitation)}
            </button>
            <button type="button" class="button" data-tone="brand" on:click=press(move || answer(true))>
                {say(Word::AcceptInvitation)}
            </button>
        </div>
    }
}
