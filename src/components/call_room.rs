//! The live call: the others large, this person in the corner, the controls below.

use super::{
    call_controls::CallControls,
    call_stage::CallStage,
    call_timer::CallTimer,
    icon::{Glyph, Icon},
    media_notice::MediaNotice,
    own_picture::OwnPicture,
};
use crate::call::view::{Link, Room};
use leptos::{html::Main, prelude::*};

#[component]
pub fn CallRoom(#[prop(into)] room: Signal<Room>) -> impl IntoView {
    let name = Memo::new(move |_| room.with(|room| room.with.display_name.clone()));
    let link = Memo::new(move |_| room.with(|room| room.link));
    let since = Memo::new(move |_| room.with(|room| room.since));
    let region = NodeRef::<Main>::new();
    Effect::new(move |_| {
        if let Some(region) = region.get() {
            let _ = region.focus();
        }
    });
    view! {
        <main
            class="call-room cover"
            aria-label=move || format!("Call with {}", name.get())
            tabindex="-1"
            node_ref=region
        >
            <CallStage room />
            <header class="call-bar">
                <p class="call-bar-name">{name}</p>
                <CallTimer since />
                <LinkPill link />
            </header>
            <OwnPicture />
            <div class="call-foot">
                <MediaNotice />
                <CallControls />
            </div>
        </main>
    }
}

/// Silent while the connection is good.
#[component]
fn LinkPill(link: Memo<Link>) -> impl IntoView {
    view! {
        <div role="status" class="call-link" data-link=move || link_word(link.get())>
            {move || {
                let (icon, text) = match link.get() {
                    Link::Connected => return None,
                    Link::Connecting => (None, "Connecting…"),
                    Link::Reconnecting => (Some(Glyph::WifiOff), "Reconnecting…"),
                };
                Some(view! { <p class="pill">{icon.map(|of| view! { <Icon of /> })} {text}</p> })
            }}
        </div>
    }
}

fn link_word(link: Link) -> &'static str {
    match link {
        Link::Connecting => "connecting",
        Link::Connected => "connected",
        Link::Reconnecting => "reconnecting",
    }
}
