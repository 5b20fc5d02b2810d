//! The page behind sign-in: the sidebar on the left, the page of the route on the right, and calls over both.
//!
//! It owns the one driver of calls, so it stays mounted on every route while the person is signed in.

use super::{home::HomePage, invite::InvitePage};
use crate::words::{Word, fill};
use crate::{
    bundles::{CALLS, CONVERSATION, DETAILS, NEW_GROUP, PANE, SETTINGS},
    call::{
        handle::CallHandle,
        view::{CallView, CallViewStoreFields},
    },
    components::{
        call::screen::{CallScreen, covers_page},
        conversation::sidebar::Sidebar,
        kit::{each::text, not_found::NotFound, offline::OfflinePill},
    },
    platform,
    router::{self, PageRouter, Walk},
    state::inbox::Inbox,
};
use leptos::prelude::*;
use leptos_router::{
    components::{FlatRoutes, Route},
    hooks::use_matched,
    path,
};
use parley_core::phone::Screen;
use parley_protocol::people::{Me, UserSummary};
use reactive_stores::Store;

#[component]
pub fn SignedIn(me: Me) -> impl IntoView {
    let inbox = Inbox::new(UserSummary { id: me.id, display_name: me.display_name, picture: me.picture });
    // Loads the inbox at once, without waiting for the call driver or its socket.
    inbox.reload();
    PANE.prefetch();
    let handle = CallHandle::waiting(Store::new(CallView::default()));
    let walk = Walk::start();
    provide_context(walk);
    view! {
        {CALLS.show((inbox, handle))}
        <Shell inbox handle route=walk.route()>
            {PANE.show(())}
        </Shell>
    }
}

/// Shows the signed-in page around an inbox and a call handle. It stays mounted when the route changes: only
/// the pane, which is its child, shows another page.
#[component]
pub fn Shell(
    inbox: Inbox,
    handle: CallHandle,
    route: Memo<router::Route>,
    children: Children,
) -> impl IntoView {
    provide_context(inbox);
    provide_context(handle);
    keep_title(inbox, handle);
    let covered = covers_page(handle);
    view! {
        <CallScreen />
        <main class="shell" data-place=text(move || route.with(route_word).to_owned()) inert=move || covered.get()>
            <OfflinePill />
            <Sidebar route />
            <div class="pane">{children()}</div>
        </main>
    }
}

/// Shows the pane beside the sidebar, with the routes of the page. A page is made anew when its own part of
/// the address changes.
#[component]
pub fn Pane() -> impl IntoView {
    view! {
        <PageRouter>
        <FlatRoutes fallback=|| page(router::Route::Nowhere)>
            <Route path=path!("") view=matched />
            <Route path=path!("calls") view=matched />
            <Route path=path!("c/:id") view=matched />
            <Route path=path!("c/:id/details") view=matched />
            <Route path=path!("new-group") view=matched />
            <Route path=path!("i/:token") view=matched />
            <Route path=path!("settings") view=matched />
            <Route path=path!("settings/:section") view=matched />
        </FlatRoutes>
        </PageRouter>
    }
}

fn matched() -> AnyView {
    let path = use_matched();
    (move || page(router::Route::of(&path.get()))).into_any()
}

/// Makes the page that a route shows.
pub fn page(route: router::Route) -> AnyView {
    match route {
        router::Route::Home | router::Route::Calls => view! { <HomePage /> }.into_any(),
        router::Route::Conversation(id) => CONVERSATION.show(id),
        router::Route::Details(id) => DETAILS.show(id),
        router::Route::NewGroup => NEW_GROUP.show(()),
        router::Route::Invite(token) => view! { <InvitePage token /> }.into_any(),
        router::Route::Settings(section) => SETTINGS.show(section),
        router::Route::Styleguide(_) | router::Route::Nowhere => view! { <NotFound /> }.into_any(),
    }
}

/// Returns the word by which the stylesheet chooses the side to show on a phone, where only one fits.
fn route_word(route: &router::Route) -> &'static str {
    match route {
        router::Route::Home | router::Route::Calls => "home",
        _ => "inside",
    }
}

/// Keeps the title and the icon badge up to date: the caller's name, or the number of unread items.
fn keep_title(inbox: Inbox, handle: CallHandle) {
    // A missed call is also an unread line of its conversation: the larger number avoids counting it twice.
    let waits = Memo::new(move |_| inbox.unread().max(inbox.missed().count()));
    let title = Memo::new(move |_| {
        let ringing = handle.view().screen().with(|screen| match screen {
            Screen::Incoming(call) => Some(call.from.display_name.clone()),
            _ => None,
        });
        match (ringing, waits.get()) {
            (Some(name), _) => fill(Word::TitleCalling, &[("name", &name)]),
            (None, 0) => "Parley".to_owned(),
            (None, waits) => format!("({waits}) Parley"),
        }
    });
    Effect::new(move |_| title.with(|title| platform::set_title(title)));
    Effect::new(move |_| platform::set_badge(waits.get()));
    on_cleanup(|| {
        platform::set_title("Parley");
        platform::set_badge(0);
    });
}
