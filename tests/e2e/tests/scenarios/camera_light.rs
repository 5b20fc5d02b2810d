//! The camera light, which is off whenever no picture is sent.

use crate::{
    as_delivered as run,
    media::{flows, flows_both, light_is_off, ring_in_silence},
};
use anyhow::ensure;
use parley_e2e::{
    app::{CallType, in_room, leave, meet},
    eventually,
    stats::Flow,
};

told_by!(Chromium Firefox:
async fn turning_the_camera_off_ends_its_track_and_on_again_shows_it(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    ring_in_silence(&alice, &bob, CallType::Video).await?;
    bob.click("button", "Answer").await?;
    in_room(&alice, &bob).await?;
    flows_both(&alice, &bob, Flow::VIDEO).await?;
    alice.click("button", "Turn camera off").await?;
    eventually("the camera's track to end", async || {
        let tracks = alice.tracks().await?;
        let live: Vec<_> = tracks.iter().filter(|track| track.state == "live").collect();
        // The microphone stays, with the clone of its track by which the page notices that somebody speaks
        // while muted.
        ensure!(!live.is_empty() && live.iter().all(|track| track.kind == "audio"), "{live:?}");
        Ok(())
    })
    .await?;
    alice.click("button", "Turn camera on").await?;
    flows(&bob, Flow::VIDEO).await?;
    leave(&alice).await?;
    light_is_off(&alice, true).await?;
    light_is_off(&bob, true).await?;
});

told_by!(Chromium:
async fn signing_out_during_a_call_ends_every_track(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    ring_in_silence(&alice, &bob, CallType::Video).await?;
    bob.click("button", "Answer").await?;
    flows_both(&alice, &bob, Flow::VIDEO).await?;
    // Another tab of the same person signs out.
    let script = "return fetch('/api/auth/logout', { method: 'POST' }).then((r) => r.status)";
    let status = alice.script(script, vec![]).await?;
    ensure!(status.as_u64().is_some_and(|status| status < 300), "{status}");
    light_is_off(&alice, true).await?;
    bob.sees("heading", "Call ended").await?;
    light_is_off(&bob, true).await?;
    // The signed-out page still sends requests, which are refused.
    world.allow("status of 401");
});
