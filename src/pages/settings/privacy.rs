//! The privacy section: reachability, relayed calls, and blocked people. The server stores it for all of the
//! person's devices.

use crate::{
    api::{Failure, account},
    components::kit::{
        avatar::{Avatar, AvatarSize},
        each::press,
        switch::Switch,
        toasts::Toasts,
    },
    state::inbox::Inbox,
    words::{Word, fill, say},
};
use leptos::{prelude::*, task::spawn_local};
use parley_protocol::{
    UserId,
    people::{Profile, UserSummary},
    rest::{UpdateMe, Users},
};

#[component]
pub fn Privacy() -> impl IntoView {
    let profile = RwSignal::new(None::<Result<Profile, Failure>>);
    let load = move || {
        spawn_local(async move {
            let answer = account::profile().await;
            profile.try_set(Some(answer));
        });
    };
    load();
    let known = Memo::new(move |_| profile.with(|profile| matches!(profile, Some(Ok(_)))));
    view! {
        <div class="settings-group">
            {move || if known.get() {
                view! { <Switches profile /> }.into_any()
            } else {
                match profile.get() {
                    Some(Err(failure)) => view! { <LoadFailed why=failure.sentence() retry=Callback::new(move |()| load()) /> }.into_any(),
                    _ => view! { <div class="skeleton"></div> }.into_any(),
                }
            }}
        </div>
        <Blocked />
    }
}

#[component]
fn Switches(profile: RwSignal<Option<Result<Profile, Failure>>>) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let change = move |change: UpdateMe| {
        spawn_local(async move {
            match account::change_profile(&change).await {
                Ok(changed) => {
                    profile.try_set(Some(Ok(changed)));
                }
                Err(failure) => {
                    toasts.fail(failure.sentence());
                    // Notifies without a change, so that the switch goes back to the stored value.
                    profile.try_update(|_| {});
                }
            }
        });
    };
    let read = move |what: fn(&Profile) -> bool| {
        Signal::derive(move || profile.with(|profile| matches!(profile, Some(Ok(profile)) if what(profile))))
    };
    let none = UpdateMe::default;
    view! {
        <Switch
            label=say(Word::DoNotDisturb)
            means=say(Word::DoNotDisturbMeans)
            on=read(|profile| profile.do_not_disturb)
            set=move |on| change(UpdateMe { do_not_disturb: Some(on), ..none() })
        />
        <Switch
            label=say(Word::CallWaiting)
            means=say(Word::CallWaitingMeans)
            on=read(|profile| profile.call_waiting)
            set=move |on| change(UpdateMe { call_waiting: Some(on), ..none() })
        />
        <Switch
            label=say(Word::AlwaysRelay)
            means=say(Word::AlwaysRelayMeans)
            on=read(|profile| profile.always_relay)
            set=move |on| change(UpdateMe { always_relay: Some(on), ..none() })
        />
    }
}

#[component]
fn Blocked() -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let blocked = RwSignal::new(None::<Result<Users, Failure>>);
    let load = move || {
        spawn_local(async move {
            let answer = account::blocked(None).await;
            blocked.try_set(Some(answer));
        });
    };
    load();
    let load_more = Callback::new(move |cursor: String| {
        spawn_local(async move {
            match account::blocked(Some(&cursor)).await {
                Ok(page) => drop(blocked.try_update(|blocked| add_page(blocked, &cursor, page))),
                Err(failure) => toasts.fail(failure.sentence()),
            }
        });
    });
    let freed = Callback::new(move |id: UserId| {
        blocked.update(|blocked| {
            if let Some(Ok(people)) = blocked {
                people.items.retain(|person| person.id != id);
            }
        });
    });
    let list = move || match blocked.get() {
        None => view! { <div class="skeleton"></div> }.into_any(),
        Some(Err(failure)) => {
            view! { <LoadFailed why=failure.sentence() retry=Callback::new(move |()| load()) /> }.into_any()
        }
        Some(Ok(Users { items, next_cursor: None })) if items.is_empty() => {
            view! { <p class="soft">{say(Word::NobodyBlocked)}</p> }.into_any()
        }
        Some(Ok(Users { items, next_cursor })) => {
            let rows = items.into_iter().map(|person| view! { <BlockedPerson person freed /> });
            let more = next_cursor.map(|cursor| {
                let more = press(move || load_more.run(cursor.clone()));
                view! {
                    <button type="button" class="text-button" on:click=more>
                        {say(Word::ShowMorePeople)}
                    </button>
                }
            });
            view! {
                <ul class="rows">{rows.collect_view()}</ul>
                {more}
            }
            .into_any()
        }
    };
    view! {
        <div class="settings-group">
            <h2>{say(Word::BlockedPeople)}</h2>
            {list}
        </div>
    }
}

/// Appends a page of blocked people, unless an earlier answer has already used its cursor.
fn add_page(blocked: &mut Option<Result<Users, Failure>>, cursor: &str, page: Users) {
    if let Some(Ok(people)) = blocked
        && people.next_cursor.as_deref() == Some(cursor)
    {
        people.items.extend(page.items);
        people.next_cursor = page.next_cursor;
    }
}

#[component]
fn BlockedPerson(person: UserSummary, freed: Callback<UserId>) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let inbox = expect_context::<Inbox>();
    let id = person.id;
    let name = person.display_name.clone();
    let label = fill(Word::UnblockSomebody, &[("name", &name)]);
    let unblock = move || {
        spawn_local(async move {
            match account::unblock(id).await {
                Ok(()) => {
                    freed.run(id);
                    // The conversation with them returns to the list.
                    inbox.reload();
                }
                Err(failure) => toasts.fail(failure.sentence()),
            }
        });
    };
    view! {
        <li class="row">
            <Avatar of=person size=AvatarSize::Small />
            <span class="row-text row-title">{name}</span>
            <button type="button" class="text-button" aria-label=label on:click=press(unblock)>
                {say(Word::Unblock)}
            </button>
        </li>
    }
}

/// Shows the error of a failed load, with a button to retry.
#[component]
pub fn LoadFailed(why: String, retry: Callback<()>) -> impl IntoView {
    view! {
        <p role="alert">{why}</p>
        <button type="button" class="button" on:click=press(move || retry.run(()))>
            {say(Word::TryAgain)}
        </button>
    }
}
