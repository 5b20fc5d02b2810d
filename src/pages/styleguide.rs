//! The style guide, in debug builds only: every screen with sample data, without a server.
//!
//! `/styleguide/room` shows the room, and so on; the screenshots are taken of these pages.

use super::{
    invite::SignedOutInvite,
    sign_in::SignInPage,
    signed_in::{Shell, page},
};
use crate::{
    call::{
        handle::{Ask, Backend, CallHandle, Picture},
        tiles::Tiles,
        view::{CallView, CallViewStoreFields, DeviceKind},
    },
    platform,
    router::{PageRouter, Walk},
    state::inbox::Inbox,
};
use leptos::{html::Video, prelude::*};
use leptos_router::{
    components::{FlatRoutes, Route},
    hooks::use_params_map,
    path,
};
use parley_core::{layout::Input, phone::Intent, time::Instant};
use reactive_stores::Store;
use std::rc::Rc;

mod opened;
mod pieces;
mod samples;

#[component]
pub fn Styleguide() -> impl IntoView {
    provide_context(Walk::start());
    view! {
        <PageRouter>
            <FlatRoutes fallback=leave>
                <Route path=path!("styleguide") view=|| screen("") />
                <Route path=path!("styleguide/:sample") view=sample />
            </FlatRoutes>
        </PageRouter>
    }
}

fn sample() -> impl IntoView {
    let params = use_params_map();
    let sample = Memo::new(move |_| params.with(|params| params.get("sample").unwrap_or_default()));
    move || sample.with(|sample| screen(sample))
}

fn screen(sample: &str) -> AnyView {
    match sample {
        "sign-in" => view! { <SignInPage /> }.into_any(),
        "" | "components" => view! { <pieces::Pieces person=samples::me() /> }.into_any(),
        "invite" => view! { <SignedOutInvite token="sample".to_owned() /> }.into_any(),
        _ => view! { <Sample sample=sample.to_owned() /> }.into_any(),
    }
}

/// Reloads the page for an address outside the style guide, once the address bar shows it.
fn leave() {
    request_animation_frame(platform::reload);
}

#[component]
fn Sample(sample: String) -> impl IntoView {
    let inbox = Inbox::new(samples::me());
    if sample == "empty" {
        inbox.replace(Vec::new());
    } else {
        inbox.replace(samples::conversations());
        samples::fill(inbox);
    }
    let opens = opened::presses(&sample);
    // A sample with something open over a screen names that screen.
    let screen = opened::screen(&sample).to_owned();
    let view = samples::call(&screen).unwrap_or_else(|| CallView { online: true, ..CallView::default() });
    let view = Store::new(view);
    let handle = CallHandle::new(view, Rc::new(SampleBackend { view, tiles: Tiles::default() }));
    opened::fill_quality(handle, &sample);
    let inside = samples::route(&screen);
    let pane = page(inside.clone());
    let route = Memo::new(move |_| inside.clone());
    Effect::new(move |_| {
        request_animation_frame(move || opens.iter().for_each(|what| platform::press(what)));
    });
    view! {
        <Shell inbox handle route>{pane}</Shell>
    }
}

/// A backend that ignores every request, and only lays out the tiles of a room.
struct SampleBackend {
    view: Store<CallView>,
    tiles: Tiles,
}

impl Backend for SampleBackend {
    fn intend(&self, _: Intent) {}

    fn show(&self, _: Picture, _: NodeRef<Video>) -> u32 {
        0
    }

    fn hide(&self, _: Picture, _: u32) {}

    fn now(&self) -> Instant {
        Instant(764_000)
    }

    fn arrange(&self, input: Input) {
        self.tiles.ask(input);
        self.view.screen().with_untracked(|screen| self.tiles.follow(screen));
        self.view.stage().set(self.tiles.view());
    }

    fn choose_device(&self, _: DeviceKind, _: &str) {}

    fn ask(&self, _: Ask) {}
}
