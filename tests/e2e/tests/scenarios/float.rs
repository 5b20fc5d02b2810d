//! A call in a picture-in-picture window.

use crate::{as_delivered as run, media::flows_both};
use anyhow::{Result, ensure};
use parley_e2e::{
    User,
    app::{CallType, in_room, meet, ring},
    eventually,
    stats::Flow,
};

const FLOAT: &str = "Picture in picture";
/// A script that returns the playback time and the width of the picture in the small window; `null` without
/// such a window.
const PICTURE: &str = "
    const picture = window.documentPictureInPicture?.window?.document.querySelector('video');
    return picture ? [picture.currentTime, picture.videoWidth] : null;
";

async fn picture(user: &User) -> Result<Option<(f64, f64)>> {
    let seen = user.script(PICTURE, vec![]).await?;
    let number = |n: usize| seen.get(n).and_then(serde_json::Value::as_f64);
    Ok(number(0).zip(number(1)))
}

/// Opens or closes the small window. The menu may still be open from the last time.
async fn toggle(user: &User) -> Result<()> {
    if !user.has("button", FLOAT).await? {
        user.click("button", "More").await?;
    }
    user.click("button", FLOAT).await
}

told_by!(Chromium:
async fn the_call_goes_on_in_a_small_window(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    ring(&alice, &bob, CallType::Video).await?;
    bob.click("button", "Answer").await?;
    in_room(&alice, &bob).await?;
    flows_both(&alice, &bob, Flow::VIDEO).await?;
    toggle(&alice).await?;
    let mut first = None;
    eventually("a picture that moves in the small window", async || {
        let now = picture(&alice).await?;
        let (time, width) = now.ok_or_else(|| anyhow::anyhow!("no small window"))?;
        let (began, _) = *first.get_or_insert((time, width));
        ensure!(width > 0.0 && time > began, "{width} wide, at {time}");
        Ok(())
    })
    .await?;
    let mute = "documentPictureInPicture.window.document.querySelector('[aria-label=\"Mute microphone\"]').click()";
    alice.script(mute, vec![]).await?;
    bob.reads("Alice is muted").await?;
    toggle(&alice).await?;
    eventually("the small window to close", async || {
        ensure!(picture(&alice).await?.is_none(), "it is still there");
        Ok(())
    })
    .await?;
    flows_both(&alice, &bob, Flow::VIDEO).await?;
});
