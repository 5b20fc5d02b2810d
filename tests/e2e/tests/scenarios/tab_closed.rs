//! A tab that is closed during a call.

use crate::{
    as_delivered as run,
    media::{flows_both, light_is_off, ring_in_silence},
};
use anyhow::ensure;
use parley_e2e::{
    app::{CallType, in_room, meet},
    stats::Flow,
};
use std::time::Duration;

told_by!(Chromium Firefox Mixed MixedBack:
async fn the_other_side_sees_the_end_at_once(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    let in_call = alice.window().await?;
    // A browser ends with its last window.
    let other = alice.open_window("/__bare/?role=caller&room=other&mode=pre").await?;
    alice.switch(&in_call).await?;
    ring_in_silence(&alice, &bob, CallType::Video).await?;
    bob.click("button", "Answer").await?;
    in_room(&alice, &bob).await?;
    flows_both(&alice, &bob, Flow::VIDEO).await?;
    alice.close_window().await?;
    alice.switch(&other).await?;
    // Within this time only the beacon can tell; a dead socket is noticed much later.
    bob.sees_within(Duration::from_secs(3), "heading", "Call ended").await?;
    light_is_off(&bob, true).await?;
    let beacon = world.front.seen().into_iter().find(|seen| seen.path.ends_with("/leave"));
    ensure!(beacon.is_some_and(|seen| seen.status < 300), "no farewell: {}", world.requests());
});

told_by!(Chromium Firefox:
async fn closing_the_tab_stops_the_ring(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    let calling = alice.window().await?;
    let other = alice.open_window("/__bare/?role=caller&room=other&mode=pre").await?;
    alice.switch(&calling).await?;
    ring_in_silence(&alice, &bob, CallType::Audio).await?;
    alice.close_window().await?;
    alice.switch(&other).await?;
    bob.misses("alertdialog", parley_e2e::app::incoming(CallType::Audio, &alice).as_str()).await?;
    bob.reads("Missed call from Alice").await?;
});
