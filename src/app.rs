//! The root component: it asks the server for the session, shows the page for it, and provides the contexts
//! that every page can reach.

use crate::words::{Word, say};
use crate::{
    api,
    bundles::SIGNED_IN,
    components::kit::{
        brand::Brand,
        each::press,
        toasts::{ToastList, Toasts},
    },
    pages::{invite::SignedOutInvite, sign_in::SignInPage},
    router::{Route, Walk},
    state::{features::Features, session::Session},
};
use leptos::{prelude::*, task::spawn_local};
use parley_protocol::rest::ClientConfig;
use std::time::Duration;

/// The pause before an unreachable server is asked for the session again.
const RETRY: Duration = Duration::from_secs(3);

#[component]
pub fn App() -> impl IntoView {
    let session = RwSignal::new(Session::Unknown);
    let features = Features::new();
    let recognise = Callback::new(move |()| recognise(session, features));
    provide_context(session);
    provide_context(features);
    provide_context(Toasts::new());
    recognise.run(());
    view! {
        <Body session recognise />
        <ToastList />
    }
}

#[component]
fn Body(session: RwSignal<Session>, recognise: Callback<()>) -> impl IntoView {
    #[cfg(debug_assertions)]
    let styleguide = {
        let route = Walk::start().route();
        Memo::new(move |_| matches!(route.get(), Route::Styleguide(_)))
    };
    // The signed-in page reads the route itself. If it were read here, each navigation would rebuild that
    // page, and with it the call driver: the socket would reconnect and a call would end.
    move || match session.get() {
        #[cfg(debug_assertions)]
        _ if styleguide.get() => view! { <crate::pages::styleguide::Styleguide /> }.into_any(),
        Session::Unknown => view! { <Splash /> }.into_any(),
        Session::Unreachable => view! { <Unreachable recognise /> }.into_any(),
        Session::SignedOut => view! { <SignedOut /> }.into_any(),
        Session::SignedIn(me) => SIGNED_IN.show(me),
    }
}

#[component]
fn SignedOut() -> impl IntoView {
    let route = Walk::start().route();
    move || match route.get() {
        Route::Invite(token) => view! { <SignedOutInvite token /> }.into_any(),
        _ => view! { <SignInPage /> }.into_any(),
    }
}

#[component]
fn Splash() -> impl IntoView {
    view! {
        <main class="splash" aria-busy="true">
            <Brand />
        </main>
    }
}

#[component]
fn Unreachable(recognise: Callback<()>) -> impl IntoView {
    let retry = move || recognise.run(());
    if let Ok(timer) = set_interval_with_handle(retry, RETRY) {
        on_cleanup(move || timer.clear());
    }
    view! {
        <main class="splash">
            <Brand />
            <h1>{say(Word::OutOfReach)}</h1>
            <p>{say(Word::OutOfReachMeans)}</p>
            <button type="button" class="button" on:click=press(retry)>
                {say(Word::TryAgain)}
            </button>
        </main>
    }
}

/// Asks the server for the session and for the features that it offers.
fn recognise(session: RwSignal<Session>, features: Features) {
    spawn_local(async move {
        let found = match api::session::config().await {
            Ok(ClientConfig { me, calls_enabled, oidc, auth, .. }) => {
                features.guests.set(auth.iter().any(|way| way == "guest"));
                features.calls.set(calls_enabled);
                features.account.set(oidc);
                me.map_or(Session::SignedOut, Session::SignedIn)
            }
            Err(_) => Session::Unreachable,
        };
        // Setting an equal session would rebuild the page.
        if session.try_get_untracked().is_some_and(|known| known != found) {
            session.set(found);
        }
    });
}
