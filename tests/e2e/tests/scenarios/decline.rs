//! A call that the callee declines.

use crate::{
    as_delivered as run,
    media::{light_is_off, ring_in_silence},
};
use anyhow::ensure;
use parley_e2e::app::{CallType, ENTER, ESCAPE, incoming, meet, sees_end};

told_by!(Chromium Firefox Mixed:
async fn a_declined_call_ends_for_both_and_the_callee_never_had_a_camera(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    ring_in_silence(&alice, &bob, CallType::Video).await?;
    bob.click("button", "Decline").await?;
    sees_end(&alice, "Declined").await?;
    bob.misses("alertdialog", incoming(CallType::Video, &alice).as_str()).await?;
    light_is_off(&alice, true).await?;
    ensure!(bob.tracks().await?.is_empty(), "the callee's devices were opened");
});

told_by!(Chromium Firefox:
async fn the_escape_key_declines(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    ring_in_silence(&alice, &bob, CallType::Audio).await?;
    bob.press(ESCAPE).await?;
    sees_end(&alice, "Declined").await?;
    bob.misses("alertdialog", incoming(CallType::Audio, &alice).as_str()).await?;
});

told_by!(Chromium Firefox:
async fn a_call_is_declined_with_a_message(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    ring_in_silence(&alice, &bob, CallType::Video).await?;
    bob.click("button", "Decline with a message").await?;
    bob.click("button", "I’ll call you back.").await?;
    bob.misses("alertdialog", incoming(CallType::Video, &alice).as_str()).await?;
    sees_end(&alice, "Declined").await?;
    alice.reads("I’ll call you back.").await?;
    bob.reads("I’ll call you back.").await?;
    ensure!(bob.tracks().await?.is_empty(), "the callee's devices were opened");
    // The second time with a message of the callee's own.
    ring_in_silence(&alice, &bob, CallType::Audio).await?;
    bob.click("button", "Decline with a message").await?;
    bob.type_into("textbox", "Your own words", "In the train until six").await?;
    bob.press(ENTER).await?;
    sees_end(&alice, "Declined").await?;
    alice.reads("In the train until six").await?;
});
