//! The sessions section: the browsers in which the person is signed in, with a button to end each session.

use super::privacy::LoadFailed;
use crate::{
    api::{Failure, account},
    components::kit::{
        each::press,
        icon::{Glyph, Icon},
        toasts::Toasts,
    },
    platform,
    words::{Word, clients::client, fill, say},
};
use leptos::{prelude::*, task::spawn_local};
use parley_protocol::{SessionId, rest::SessionInfo};

#[component]
pub fn Sessions() -> impl IntoView {
    let sessions = RwSignal::new(None::<Result<Vec<SessionInfo>, Failure>>);
    let load = move || {
        spawn_local(async move {
            let answer = account::sessions().await;
            sessions.try_set(Some(answer));
        });
    };
    load();
    let ended = Callback::new(move |id: SessionId| {
        sessions.update(|sessions| {
            if let Some(Ok(sessions)) = sessions {
                sessions.retain(|session| session.id != id);
            }
        });
    });
    let list = move || match sessions.get() {
        None => view! { <div class="skeleton"></div> }.into_any(),
        Some(Err(failure)) => {
            view! { <LoadFailed why=failure.sentence() retry=Callback::new(move |()| load()) /> }.into_any()
        }
        Some(Ok(mut all)) => {
            all.sort_by_key(|session| !session.current);
            let rows = all.into_iter().map(|session| view! { <Row session ended /> });
            view! { <ul class="rows">{rows.collect_view()}</ul> }.into_any()
        }
    };
    view! { <div class="settings-group">{list}</div> }
}

#[component]
fn Row(session: SessionInfo, ended: Callback<SessionId>) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let id = session.id;
    let name = client(&session.client);
    let used = platform::on_day(session.used_at, Word::UsedToday, Word::UsedYesterday, Word::UsedOn);
    let label = fill(Word::SignOutOf, &[("name", &name)]);
    let end = move || {
        spawn_local(async move {
            match account::end_session(id).await {
                Ok(()) => ended.run(id),
                Err(failure) => toasts.fail(failure.sentence()),
            }
        });
    };
    view! {
        <li class="row">
            <Icon of=Glyph::Monitor />
            <span class="row-text">
                <span class="row-title" title=session.client.clone()>
                    {name}
                </span>
                " "
                <span class="row-preview">{used}</span>
            </span>
            {if session.current {
                view! {
                    <span class="pill" data-tone="good">
                        {say(Word::ThisBrowser)}
                    </span>
                }
                    .into_any()
            } else {
                view! {
                    <button type="button" class="text-button" aria-label=label on:click=press(end)>
                        {say(Word::SignOutThere)}
                    </button>
                }
                    .into_any()
            }}
        </li>
    }
}
