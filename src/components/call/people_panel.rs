//! The people panel: the participants, the actions of hosts, and the members who could join.

use super::{
    people_actions::{EndForAll, PersonActions, others_to_ring},
    room_panel::{Panel, Panels},
    shortcuts::with_key,
};
use crate::components::kit::{
    avatar::{Avatar, AvatarSize},
    each::{Key, each, flag, press, text},
    icon::{Glyph, Icon},
};
use crate::{
    api,
    call::{
        extras::view::RoomExtrasViewStoreFields,
        handle::{Ask, CallHandle},
        view::{Link, Person, Room, Seat},
    },
    components::kit::toasts::Toasts,
    platform,
    state::inbox::Inbox,
    words::{Word, fill, say},
};
use leptos::{prelude::*, task::spawn_local};
use parley_protocol::{
    DeviceId, UserId,
    call::{CallMode, Role},
    people::UserSummary,
};
use std::sync::Arc;
use uuid::Uuid;

#[component]
pub fn PeopleButton() -> impl IntoView {
    let panels = expect_context::<Panels>();
    view! {
        <button
            type="button"
            class="call-control people-button"
            aria-label=say(Word::PeopleInCall)
            title=with_key(say(Word::PeopleInCall), Word::KeyP)
            aria-expanded=flag(move || panels.shows(Panel::People))
            on:click=press(move || panels.toggle(Panel::People))
        >
            <Icon of=Glyph::Users />
        </button>
    }
}

#[component]
pub fn PeoplePanel(room: Signal<Room>) -> impl IntoView {
    let is_group = room.with_untracked(|room| room.mode == CallMode::Group);
    // The own row comes first; the others keep the order in which they were invited.
    let keys = move || {
        room.with(|room| {
            let mut shown: Vec<&Person> =
                room.people.iter().filter(|person| !matches!(person.seat, Seat::Away(_))).collect();
            shown.sort_by_key(|person| !person.is_me);
            shown.iter().map(|person| (person.user.id.0.as_u128(), 0)).collect()
        })
    };
    let row = move |(id, _): Key| view! { <Row room user=UserId(Uuid::from_u128(id)) /> }.into_any();
    view! {
        <div class="people-panel">
            <ul class="people-list">{each(keys, Arc::new(row))}</ul>
            {is_group.then(|| view! { <Others room /> <EndForAll room /> })}
        </div>
    }
}

#[component]
fn Row(room: Signal<Room>, user: UserId) -> impl IntoView {
    let find = move |room: &Room| room.people.iter().find(|person| person.user.id == user).cloned();
    let Some(first) = room.with_untracked(find) else { return ().into_any() };
    let name = first.user.display_name.clone();
    let shown_name = if first.is_me { fill(Word::PersonIsYou, &[("name", &name)]) } else { name.clone() };
    let is_me = first.is_me;
    let person = Memo::new(move |_| room.with(find));
    let is_group = move || room.with(|room| room.mode == CallMode::Group);
    let role = move || match person.get().map(|person| person.role) {
        Some(Role::Host) if is_group() => say(Word::RoleHost),
        Some(Role::CoHost) if is_group() => say(Word::RoleCoHost),
        _ => "",
    };
    let state = move || match person.get().map(|person| person.seat) {
        Some(Seat::Asked) => say(Word::PersonRinging),
        Some(Seat::Here { link: Link::Connecting, .. }) => say(Word::PersonConnecting),
        Some(Seat::Here { link: Link::Reconnecting, .. }) => say(Word::Reconnecting),
        _ => "",
    };
    let media = move || person.with(|person| person.as_ref().map(|person| person.media).unwrap_or_default());
    let here = Memo::new(move |_| match person.get()?.seat {
        Seat::Here { device_id, .. } => Some(device_id),
        _ => None,
    });
    view! {
        <li class="people-row">
            <div class="people-row-main">
                <Avatar of=first.user size=AvatarSize::Small />
                <div class="people-row-name">
                    <p>{shown_name}</p>
                    <p class="people-row-note">{text(move || join(role(), state()))}</p>
                </div>
                <Show when=move || media().hand>
                    <span role="img" aria-label=say(Word::PersonHand) title=say(Word::PersonHand)>
                        <Icon of=Glyph::Hand />
                    </span>
                </Show>
                <Show when=move || media().muted && here.get().is_some()>
                    <span role="img" aria-label=say(Word::PersonMuted) title=say(Word::PersonMuted)>
                        <Icon of=Glyph::MicOff />
                    </span>
                </Show>
            </div>
            {move || {
                here.get()
                    .filter(|_| !is_me)
                    .map(|device| view! { <Volume device name=name.clone() /> })
            }}
            <PersonActions room person />
        </li>
    }
    .into_any()
}

#[component]
fn Volume(device: DeviceId, name: String) -> impl IntoView {
    let handle = expect_context::<CallHandle>();
    let chosen = handle
        .extras()
        .volumes()
        .with_untracked(|all| all.iter().find(|(of, _)| *of == device).map_or(100, |(_, percent)| *percent));
    let label = fill(Word::VolumeOf, &[("name", &name)]);
    let change = move |event| {
        if let Ok(percent) = event_target_value(&event).parse() {
            handle.ask(Ask::SetVolume(device, percent));
        }
    };
    view! {
        <label class="people-volume">
            <Icon of=Glyph::Volume />
            <input type="range" min="0" max="100" value=chosen.to_string() aria-label=label on:input=change />
        </label>
    }
}

/// Shows the group's members who are not in the call, and the button for an invite link.
#[component]
fn Others(room: Signal<Room>) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let (call, conversation) = room.with_untracked(|room| (room.call_id, room.conversation_id));
    let known = use_context::<Inbox>().map(|inbox| inbox.conversation(conversation));
    let others = Memo::new(move |_| {
        let Some(known) = known else { return Vec::new() };
        known.with(|known| {
            known.as_ref().map(|known| room.with(|room| others_to_ring(known, room))).unwrap_or_default()
        })
    });
    let ring = move |user: UserId| {
        spawn_local(async move {
            if let Err(failure) = api::calls::invite(call, vec![user]).await {
                toasts.fail(failure.sentence());
            }
        });
    };
    let copy = move || {
        spawn_local(async move {
            match api::groups::make_link(conversation).await {
                Ok((_, link)) if platform::copy(&link).await => toasts.say(say(Word::CallLinkCopied)),
                Ok((_, link)) => toasts.say(link),
                Err(failure) => toasts.fail(failure.sentence()),
            }
        });
    };
    let keys = move || others.with(|others| others.iter().map(|other| (other.id.0.as_u128(), 0)).collect());
    let row = move |(id, _): Key| {
        let found: Option<UserSummary> =
            others.with_untracked(|others| others.iter().find(|other| other.id.0.as_u128() == id).cloned());
        let Some(other) = found else { return ().into_any() };
        let (id, name) = (other.id, other.display_name.clone());
        let label = fill(Word::RingPerson, &[("name", &name)]);
        view! {
            <li class="people-row">
                <div class="people-row-main">
                    <Avatar of=other size=AvatarSize::Small />
                    <p class="people-row-name">{name}</p>
                    <button
                        type="button"
                        class="icon-button"
                        aria-label=label.clone()
                        title=label
                        on:click=press(move || ring(id))
                    >
                        <Icon of=Glyph::Phone />
                    </button>
                </div>
            </li>
        }
        .into_any()
    };
    view! {
        <Show when=move || !others.with(Vec::is_empty)>
            <h3>{say(Word::NotInCall)}</h3>
        </Show>
        <ul class="people-list">{each(keys, Arc::new(row))}</ul>
        <button type="button" class="button" on:click=press(copy)>
            <Icon of=Glyph::Link />
            {say(Word::CopyCallLink)}
        </button>
    }
}

fn join(one: &str, other: &str) -> String {
    [one, other].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" · ")
}
