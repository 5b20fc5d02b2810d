//! The screen of a live call: the stage, the bar above it, the controls below, and the side panel.

use super::{
    camera_offer::CameraOffer,
    connection_pill::ConnectionPill,
    controls::CallControls,
    long_loss::LongLoss,
    media_notice::MediaNotice,
    plan_badge::PlanBadge,
    push_to_talk::PushToTalk,
    reactions::{FloatingReactions, RaisedHands},
    refused_cameras::RefusedCameras,
    room_panel::{Panels, RoomPanel},
    share::ShareNotice,
    stage::CallStage,
    timer::CallTimer,
    waiting::WaitingCall,
};
use crate::components::kit::{
    each::{flag, text},
    icon::{Glyph, Icon},
};
use crate::words::{Word, fill, say};
use crate::{
    call::view::{Link, Room},
    platform,
    state::inbox::call_name,
};
use leptos::{html::Main, prelude::*};

#[component]
pub fn CallRoom(#[prop(into)] room: Signal<Room>) -> impl IntoView {
    let name = room.with_untracked(|room| call_name(room.conversation_id, &room.with));
    let label = fill(Word::CallWith, &[("name", &name)]);
    let since = Signal::derive(move || room.with(|room| room.since));
    let region = NodeRef::<Main>::new();
    platform::keep_awake();
    let panels = Panels::new();
    provide_context(panels);
    Effect::new(move |_| {
        if let Some(region) = region.get() {
            let _ = region.focus();
        }
    });
    view! {
        <main
            class="call-room cover"
            data-panel=flag(move || panels.any())
            aria-label=label
            tabindex="-1"
            node_ref=region
        >
            <div class="call-scene">
                <CallStage room />
                <header class="call-bar">
                    <p class="call-bar-name">{name}</p>
                    <CallTimer since />
                    <PlanBadge room />
                    <LinkPill room />
                    <RaisedHands room />
                    <ConnectionPill room />
                </header>
                <FloatingReactions room />
                <WaitingCall />
                <LongLoss room />
                <div class="call-foot">
                    <CameraOffer room />
                    <RefusedCameras />
                    <ShareNotice />
                    <PushToTalk />
                    <MediaNotice />
                    <CallControls room />
                </div>
            </div>
            <RoomPanel room />
        </main>
    }
}

/// Shows the state of the connection, and nothing while it is established.
#[component]
fn LinkPill(room: Signal<Room>) -> impl IntoView {
    let link = move || room.with(|room| room.link);
    let word = move || {
        match link() {
            Link::Connecting => "connecting",
            Link::Connected => "connected",
            Link::Reconnecting => "reconnecting",
        }
        .to_owned()
    };
    let says = move || {
        match link() {
            Link::Connecting => say(Word::Connecting),
            Link::Connected => "",
            Link::Reconnecting => say(Word::Reconnecting),
        }
        .to_owned()
    };
    view! {
        <div role="status" class="call-link" data-link=text(word)>
            <Show when=move || link() != Link::Connected>
                <p class="pill">
                    <Show when=move || link() == Link::Reconnecting>
                        <Icon of=Glyph::WifiOff />
                    </Show>
                    {text(says)}
                </p>
            </Show>
        </div>
    }
}
