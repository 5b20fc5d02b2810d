//! Devices that are unplugged and plugged in again during a call.

use crate::{as_delivered as run, media::flows_both};
use anyhow::{Result, ensure};
use parley_e2e::{
    User,
    app::{CallType, ESCAPE, in_room, meet, ring},
    eventually,
    stats::Flow,
};

/// Returns the label of the open microphone or camera.
async fn uses(user: &User, kind: &str) -> Result<Option<String>> {
    let tracks = user.tracks().await?;
    Ok(tracks
        .into_iter()
        .rev()
        .find(|track| track.kind == kind && track.state == "live")
        .map(|track| track.label))
}

const HEADSET: &str = "Fake Audio Input 2";

told_by!(Chromium:
async fn a_headset_is_pulled_out_and_put_back(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    ring(&alice, &bob, CallType::Audio).await?;
    bob.click("button", "Answer").await?;
    in_room(&alice, &bob).await?;
    flows_both(&alice, &bob, Flow::AUDIO).await?;
    alice.click("button", "Choose microphone and speakers").await?;
    alice.click("radio", HEADSET).await?;
    alice.press(ESCAPE).await?;
    let headset = async |there: bool| {
        eventually(format!("the headset to be used: {there}"), async || {
            let used = uses(&alice, "audio").await?;
            ensure!(used.is_some() && (used.as_deref() == Some(HEADSET)) == there, "{used:?}");
            Ok(())
        })
        .await?;
        flows_both(&alice, &bob, Flow::AUDIO).await
    };
    headset(true).await?;
    alice.script("window.__harness.pullOut('audio')", vec![]).await?;
    headset(false).await?;
    alice.sees("button", "Mute microphone").await?;
    alice.script("window.__harness.plugIn()", vec![]).await?;
    headset(true).await?;
});
