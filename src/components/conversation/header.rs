//! The header of a conversation: the person or group, and the buttons that call them.

use super::status::ConversationStatus;
use crate::components::kit::{
    avatar::Avatar,
    back_link::BackLink,
    each::{press, text},
    icon::{Glyph, Icon},
};
use crate::words::{Word, fill, say};
use crate::{
    bundles::BEFORE_CALL,
    call::handle::CallHandle,
    components::call::before::PlannedCall,
    platform::preview::Questions,
    router::Route,
    state::{
        features::Features,
        inbox::{Inbox, Standing, partner, standing},
    },
};
use leptos::prelude::*;
use leptos_router::components::A;
use parley_protocol::{
    ConversationId, UserId,
    call::{Call, CallMode, CallType, ParticipantStatus},
    people::Conversation,
};

#[component]
pub fn ConversationHeader(id: ConversationId, conversation: Signal<Conversation>) -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let me = expect_context::<Inbox>().me().id;
    let enabled = expect_context::<Features>().calls;
    let with = Signal::derive(move || conversation.with(|c| partner(c, me)));
    let kind = conversation.with_untracked(|c| c.kind);
    let open = move |c: &Conversation| enabled.get() && standing(c, me) == Standing::Open;
    let possible = move || conversation.with(|c| open(c) && c.live_call.is_none());
    let in_progress = move || conversation.with(|c| open(c) && c.live_call.is_some());
    let joinable =
        move || conversation.with(|c| open(c) && c.live_call.as_ref().is_some_and(|call| may_join(call, me)));
    let join = move || {
        if let Some(call) = conversation.with_untracked(|c| c.live_call.clone()) {
            handle.join(&call, with.get_untracked());
        }
    };
    let questions = Questions::watch();
    let planned = RwSignal::new(None::<CallType>);
    let begin = move |call_type| handle.start(id, with.get_untracked(), call_type);
    let start = move |call_type| {
        if questions.will_come(call_type == CallType::Video) {
            planned.set(Some(call_type));
        } else {
            begin(call_type);
        }
    };
    let before = move || {
        planned.get().map(|call_type| {
            BEFORE_CALL.show(PlannedCall {
                name: with.get_untracked().display_name,
                call_type,
                begin: Callback::new(move |()| {
                    planned.set(None);
                    begin(call_type);
                }),
                cancel: Callback::new(move |()| planned.set(None)),
            })
        })
    };
    view! {
        <header class="conversation-header">
            <BackLink to=Route::Home label=say(Word::BackToConversations) phone_only=true />
            <div class="conversation-who" data-kind=kind.to_string()>
                <Avatar of=with />
                <div class="conversation-name">
                    <h1>{text(move || with.get().display_name)}</h1>
                    <ConversationStatus conversation />
                </div>
                <A
                    href=Route::Details(id)
                    attr:class="conversation-open"
                    attr:aria-label=text(move || fill(Word::DetailsOf, &[("name", &with.get().display_name)]))
                >
                    ""
                </A>
            </div>
            <Show when=in_progress>
                <p class="pill" data-tone="good">
                    <Icon of=Glyph::Phone />
                    <span class="wide-only">{say(Word::CallIsInProgress)}</span>
                </p>
            </Show>
            <Show when=joinable>
                <button
                    type="button"
                    class="button"
                    data-tone="brand"
                    aria-label=say(Word::JoinCall)
                    on:click=press(join)
                >
                    <Icon of=Glyph::Phone />
                    {say(Word::Join)}
                </button>
            </Show>
            <Show when=possible>
                <div class="conversation-calls" role="group" aria-label=say(Word::Call)>
                    <button
                        type="button"
                        class="icon-button"
                        aria-label=say(Word::AudioCall)
                        title=say(Word::AudioCall)
                        on:click=press(move || start(CallType::Audio))
                    >
                        <Icon of=Glyph::Phone />
                    </button>
                    <button
                        type="button"
                        class="button"
                        data-tone="brand"
                        aria-label=say(Word::VideoCall)
                        title=say(Word::VideoCall)
                        on:click=press(move || start(CallType::Video))
                    >
                        <Icon of=Glyph::Video />
                        <span class="wide-only">{say(Word::VideoCall)}</span>
                    </button>
                </div>
            </Show>
            {before}
        </header>
    }
}

/// Checks whether the person may join: a group call is open unless they are in it or were removed from it.
fn may_join(call: &Call, me: UserId) -> bool {
    let open = |status: ParticipantStatus| !status.is_in() && status != ParticipantStatus::Kicked;
    call.mode == CallMode::Group && call.participant(me).is_none_or(|seat| open(seat.status))
}
