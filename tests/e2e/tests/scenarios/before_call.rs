//! A first call in a browser that has not granted the devices yet: they are tried before the call, and the
//! call follows.

use crate::{as_delivered as run, media::flows_both, settings::heard};
use anyhow::ensure;
use parley_e2e::{
    app::{CallType, ESCAPE, befriend, in_room, rings, sign_in},
    eventually,
    stats::Flow,
    user::Named,
};

told_by!(Chromium Firefox:
async fn devices_are_tried_before_the_first_call(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    sign_in(&alice).await?;
    // The browsers of this suite grant devices without asking, and report that. The page has to believe
    // otherwise.
    alice.script("Object.defineProperty(PermissionStatus.prototype, 'state', { get: () => 'prompt' })", vec![]).await?;
    sign_in(&bob).await?;
    befriend(&alice, &bob).await?;
    alice.click("button", CallType::Video.button()).await?;
    alice.sees("dialog", "Before you call Bob").await?;
    heard(&alice).await?;
    // A person who cancels has called nobody, and no camera light stays on.
    alice.press(ESCAPE).await?;
    alice.misses("dialog", Named::Any).await?;
    eventually("the light to go out", async || {
        let tracks = alice.tracks().await?;
        ensure!(tracks.iter().all(|track| track.state != "live"), "{tracks:?}");
        Ok(())
    })
    .await?;
    bob.misses("alertdialog", Named::Any).await?;

    alice.click("button", CallType::Video.button()).await?;
    alice.click("button", "Call now").await?;
    rings(&alice, &bob, CallType::Video).await?;
    bob.click("button", "Answer").await?;
    in_room(&alice, &bob).await?;
    flows_both(&alice, &bob, Flow::VIDEO).await?;
});
