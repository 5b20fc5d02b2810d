//! A browser that has not been asked yet: the devices are seen and heard before the call, and the call follows.

use crate::{as_delivered as run, media::flows_both};
use anyhow::ensure;
use parley_e2e::{
    Media,
    app::{CallType, ESCAPE, in_room, meet, rings},
    eventually,
    stats::Flow,
    user::Named,
};

told_by!(Chromium Firefox:
async fn devices_are_tried_before_the_first_call(world, pair) {
    let (caller, callee) = pair.kinds();
    let (alice, bob) =
        tokio::try_join!(world.user("Alice", caller, Media::Unasked), world.user("Bob", callee, Media::Fake))?;
    meet(&alice, &bob).await?;
    alice.click("button", CallType::Video.button()).await?;
    alice.sees("dialog", "Before you call Bob").await?;
    eventually("the microphone to be heard", async || {
        let level = alice.attribute("meter", "Microphone level", "aria-valuenow").await?.unwrap_or_default();
        ensure!(level.parse::<u32>().is_ok_and(|level| level > 0), "{level:?}");
        Ok(())
    })
    .await?;
    // Whoever thinks better of it has called nobody, and no light stays on.
    alice.press(ESCAPE).await?;
    alice.misses("dialog", Named::Any).await?;
    let live = alice.tracks().await?.iter().filter(|track| track.state == "live").count();
    ensure!(live == 0, "{:?}", alice.tracks().await?);
    bob.misses("alertdialog", Named::Any).await?;

    alice.click("button", CallType::Video.button()).await?;
    alice.click("button", "Call now").await?;
    rings(&alice, &bob, CallType::Video).await?;
    bob.click("button", "Answer").await?;
    in_room(&alice, &bob).await?;
    flows_both(&alice, &bob, Flow::VIDEO).await?;
});
