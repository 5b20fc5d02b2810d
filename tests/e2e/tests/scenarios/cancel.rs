//! A call that the caller cancels while it rings.

use crate::{
    as_delivered as run,
    media::{light_is_off, ring_in_silence},
};
use anyhow::ensure;
use parley_e2e::app::{CallType, incoming, meet};

told_by!(Chromium Firefox Mixed:
async fn a_canceled_call_stops_ringing_and_is_told_as_missed(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    ring_in_silence(&alice, &bob, CallType::Video).await?;
    alice.click("button", "Cancel call").await?;
    bob.misses("alertdialog", incoming(CallType::Video, &alice).as_str()).await?;
    bob.reads("Missed call from Alice").await?;
    alice.sees("button", "Video call").await?;
    light_is_off(&alice, true).await?;
    ensure!(bob.tracks().await?.is_empty(), "the callee's devices were opened");
});
