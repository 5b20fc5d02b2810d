//! Keyboard shortcuts in a call.

use crate::as_delivered as run;
use anyhow::ensure;
use parley_e2e::{
    app::{CallType, ESCAPE, in_room, meet, ring},
    eventually,
    user::Named,
};

told_by!(Chromium Firefox:
async fn keys_do_what_the_sheet_says(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    ring(&alice, &bob, CallType::Video).await?;
    bob.click("button", "Answer").await?;
    in_room(&alice, &bob).await?;
    alice.press('m').await?;
    alice.sees("button", "Unmute microphone").await?;
    bob.reads("Alice is muted").await?;
    alice.press('v').await?;
    alice.sees("button", "Turn camera on").await?;
    alice.press('m').await?;
    alice.sees("button", "Mute microphone").await?;
    alice.press('?').await?;
    alice.sees("dialog", "Keyboard shortcuts").await?;
    // While the dialog is open, letters are no shortcuts.
    alice.press('m').await?;
    alice.press(ESCAPE).await?;
    alice.misses("dialog", Named::Any).await?;
    alice.sees("button", "Mute microphone").await?;
    alice.press('v').await?;
    eventually("the camera is on again", async || {
        let tracks = alice.tracks().await?;
        ensure!(tracks.iter().any(|track| track.kind == "video" && track.state == "live"), "{tracks:?}");
        Ok(())
    })
    .await?;
    in_room(&alice, &bob).await?;
});
