//! A call from the first ring to its end.

use crate::{
    as_delivered as run,
    media::{connected_in_silence, flows_both, light_is_off, ring_in_silence},
};
use parley_e2e::{
    app::{CallType, ENTER, in_room, leave, meet, rings, sees_end},
    stats::Flow,
    user::Named,
};

told_by!(Chromium Firefox Mixed MixedBack:
async fn video_is_silent_until_answered_then_flows_until_the_caller_leaves(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    ring_in_silence(&alice, &bob, CallType::Video).await?;
    bob.click("button", "Answer").await?;
    in_room(&alice, &bob).await?;
    flows_both(&alice, &bob, Flow::VIDEO).await?;
    leave(&alice).await?;
    sees_end(&bob, "Call ended").await?;
    light_is_off(&bob, true).await?;
    light_is_off(&alice, true).await?;
});

told_by!(Chromium Firefox Mixed:
async fn audio_is_silent_until_answered_then_flows_until_the_callee_leaves(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    ring_in_silence(&alice, &bob, CallType::Audio).await?;
    bob.click("button", "Answer").await?;
    in_room(&alice, &bob).await?;
    flows_both(&alice, &bob, Flow::AUDIO).await?;
    leave(&bob).await?;
    sees_end(&alice, "Call ended").await?;
    light_is_off(&alice, true).await?;
    light_is_off(&bob, true).await?;
});

told_by!(Chromium Mixed:
async fn the_callee_calls_back_after_the_end(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    ring_in_silence(&alice, &bob, CallType::Video).await?;
    bob.click("button", "Answer").await?;
    flows_both(&alice, &bob, Flow::VIDEO).await?;
    leave(&alice).await?;
    bob.sees("heading", "Call ended").await?;
    bob.click("button", "Call again").await?;
    rings(&bob, &alice, CallType::Video).await?;
    connected_in_silence(&bob).await?;
    connected_in_silence(&alice).await?;
    alice.click("button", "Answer").await?;
    in_room(&alice, &bob).await?;
    flows_both(&alice, &bob, Flow::VIDEO).await?;
});

told_by!(Chromium Firefox:
async fn the_enter_key_answers_video_that_the_callee_ends(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    ring_in_silence(&alice, &bob, CallType::Video).await?;
    bob.press(ENTER).await?;
    in_room(&alice, &bob).await?;
    flows_both(&alice, &bob, Flow::VIDEO).await?;
    leave(&bob).await?;
    sees_end(&alice, "Call ended").await?;
});

told_by!(Chromium:
async fn a_muted_microphone_speaks_again_until_the_caller_ends(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    ring_in_silence(&alice, &bob, CallType::Audio).await?;
    bob.click("button", "Answer").await?;
    in_room(&alice, &bob).await?;
    alice.click("button", "Mute microphone").await?;
    alice.sees("button", "Unmute microphone").await?;
    let mic = alice.tracks().await?.into_iter().find(|track| track.state == "live");
    anyhow::ensure!(mic.as_ref().is_some_and(|mic| !mic.enabled), "{mic:?}");
    alice.click("button", "Unmute microphone").await?;
    alice.sees("button", "Mute microphone").await?;
    alice.sees("timer", Named::Any).await?;
    flows_both(&alice, &bob, Flow::AUDIO).await?;
    leave(&alice).await?;
    sees_end(&bob, "Call ended").await?;
});
