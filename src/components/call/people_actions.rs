//! The actions of hosts: mute, remove, change roles, end the call for everyone; and the members that anyone
//! may ring.

use crate::components::kit::{
    each::{flag, press},
    icon::{Glyph, Icon},
    toasts::Toasts,
};
use crate::{
    api::{self, Failure},
    call::view::{Person, Room, Seat},
    words::{Word, fill, say},
};
use leptos::{prelude::*, task::spawn_local};
use parley_protocol::{
    CallId, UserId,
    call::{CallMode, Role},
    people::{Conversation, UserSummary},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Mute,
    Remove,
    Become(Role),
}

/// Returns the actions that this person may take on another, by the same rules as the server.
pub fn allowed(room: &Room, person: &Person) -> Vec<Act> {
    let Some(me) = room.me().filter(|_| room.mode == CallMode::Group && !person.is_me) else {
        return Vec::new();
    };
    let here = matches!(person.seat, Seat::Here { .. });
    let (host, moderates) = (me.role == Role::Host, matches!(me.role, Role::Host | Role::CoHost));
    let mut acts = Vec::new();
    if moderates && here && !person.media.muted && person.role != Role::Host {
        acts.push(Act::Mute);
    }
    if here && host {
        acts.push(Act::Become(Role::Host));
        acts.push(Act::Become(if person.role == Role::CoHost { Role::Participant } else { Role::CoHost }));
    }
    if host || (moderates && !matches!(person.role, Role::Host | Role::CoHost)) {
        acts.push(Act::Remove);
    }
    acts
}

/// Returns the members who are neither in the call nor being rung.
pub fn others_to_ring(conversation: &Conversation, room: &Room) -> Vec<UserSummary> {
    let away = |member: &&UserSummary| {
        let seat = room.people.iter().find(|person| person.user.id == member.id);
        seat.is_none_or(|person| matches!(person.seat, Seat::Away(_)))
    };
    conversation.members.iter().filter(away).cloned().collect()
}

#[component]
pub fn PersonActions(room: Signal<Room>, person: Memo<Option<Person>>) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let acts = Memo::new(move |_| {
        person.with(|person| {
            person.as_ref().map(|person| room.with(|room| allowed(room, person))).unwrap_or_default()
        })
    });
    let call = room.with_untracked(|room| room.call_id);
    let Some(UserSummary { id: user, display_name: name, .. }) =
        person.with_untracked(|person| person.as_ref().map(|person| person.user.clone()))
    else {
        return ().into_any();
    };
    let button = {
        let name = name.clone();
        move |act: Act| {
            let label = fill(word_of(act), &[("name", &name)]);
            let tone = if act == Act::Remove { "danger" } else { "plain" };
            let perform = move || {
                spawn_local(async move {
                    if let Err(failure) = perform(call, user, act).await {
                        toasts.fail(failure.sentence());
                    }
                });
            };
            view! {
                <button
                    type="button"
                    class="text-button"
                    data-tone=tone
                    on:click=press(perform)
                >
                    {label}
                </button>
            }
        }
    };
    let what = fill(Word::WhatWith, &[("name", &name)]);
    let open = RwSignal::new(false);
    let any = Memo::new(move |_| acts.with(|acts| !acts.is_empty()));
    let toggle = move || {
        let what = what.clone();
        any.get().then(|| {
            view! {
                <button
                    type="button"
                    class="icon-button people-more"
                    aria-label=what.clone()
                    title=what
                    aria-expanded=flag(move || open.get())
                    on:click=press(move || open.update(|open| *open = !*open))
                >
                    <Icon of=Glyph::Ellipsis />
                </button>
            }
        })
    };
    let list = move || {
        let button = button.clone();
        (open.get() && any.get()).then(
            || view! { <div class="people-acts">{acts.get().into_iter().map(button).collect_view()}</div> },
        )
    };
    view! {
        {toggle}
        {list}
    }
    .into_any()
}

#[component]
pub fn EndForAll(room: Signal<Room>) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let may = Memo::new(move |_| {
        room.with(|room| room.me().is_some_and(|me| matches!(me.role, Role::Host | Role::CoHost)))
    });
    let sure = RwSignal::new(false);
    let end = move || {
        let Some((call, device)) = room.with_untracked(|room| Some((room.call_id, room.own_device?))) else {
            return;
        };
        spawn_local(async move {
            if let Err(failure) = api::calls::end(call, device).await {
                toasts.fail(failure.sentence());
            }
        });
    };
    view! {
        <Show when=move || may.get()>
            <div class="people-end">
                <Show
                    when=move || sure.get()
                    fallback=move || {
                        view! {
                            <button
                                type="button"
                                class="button"
                                data-tone="danger"
                                on:click=press(move || sure.set(true))
                            >
                                {say(Word::EndForAll)}
                            </button>
                        }
                    }
                >
                    <p>{say(Word::EndForAllSure)}</p>
                    <button type="button" class="button" on:click=press(move || sure.set(false))>
                        {say(Word::Cancel)}
                    </button>
                    <button type="button" class="button" data-tone="danger" on:click=press(end)>
                        {say(Word::EndForAllYes)}
                    </button>
                </Show>
            </div>
        </Show>
    }
}

async fn perform(call: CallId, user: UserId, act: Act) -> Result<(), Failure> {
    match act {
        Act::Mute => api::calls::moderate(call, user, "mute").await,
        Act::Remove => api::calls::moderate(call, user, "kick").await,
        Act::Become(role) => api::calls::give_role(call, user, role).await,
    }
}

fn word_of(act: Act) -> Word {
    match act {
        Act::Mute => Word::MutePerson,
        Act::Remove => Word::RemovePerson,
        Act::Become(Role::Host) => Word::MakeHost,
        Act::Become(Role::CoHost) => Word::MakeCoHost,
        Act::Become(Role::Participant | Role::Viewer) => Word::NoCoHost,
    }
}
