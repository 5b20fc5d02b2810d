//! A conversation that one side has asked for and the other has not answered yet.

use super::{
    avatar::{Avatar, AvatarSize},
    each::press,
    toasts::Toasts,
};
use crate::{
    api,
    inbox::{Inbox, Standing},
};
use leptos::{prelude::*, task::spawn_local};
use parley_protocol::{ConversationId, people::UserSummary};

#[component]
pub fn Invitation(id: ConversationId, with: UserSummary, standing: Standing) -> impl IntoView {
    let name = with.display_name.clone();
    let (heading, text) = match standing {
        Standing::Invited => (
            format!("{name} would like to talk with you"),
            "Once you accept, the two of you can write and call each other.".to_owned(),
        ),
        Standing::Waiting => (
            format!("Waiting for {name} to accept"),
            "You can write and call as soon as they do. Nothing more to do here.".to_owned(),
        ),
        Standing::Declined => (
            "This invitation was declined".to_owned(),
            format!("You and {name} cannot write or call each other here."),
        ),
        Standing::Open => return ().into_any(),
    };
    view! {
        <section class="invitation">
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
            let answered =
                if accept { api::accept_invitation(id).await } else { api::decline_invitation(id).await };
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
                "Decline invitation"
            </button>
            <button type="button" class="button" data-tone="brand" on:click=press(move || answer(true))>
                "Accept invitation"
            </button>
        </div>
    }
}
