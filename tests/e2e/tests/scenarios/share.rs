//! Screen sharing: the screen arrives in its full size, and ends when its owner or the browser ends it.
//!
//! Firefox finds no screen without a desktop (`NotFoundError`), so it gets a drawn one; everything after that
//! is the same.

use crate::{as_delivered as run, media::flows_both};
use anyhow::{Context, Result, ensure};
use parley_e2e::{
    Kind, User,
    app::{CallType, in_room, meet, ring},
    eventually,
    stats::Flow,
    user::Named,
};

/// Returns the width and the frames of the widest picture that arrives.
async fn widest(user: &User) -> Result<(u64, u64)> {
    let sample = user.stats().await?;
    let videos = sample.open().flat_map(|peer| &peer.inbound).filter(|rtp| rtp.kind == "video");
    videos.map(|rtp| (rtp.width, rtp.frames)).max().context("no picture arrives")
}

/// Returns the width of the captured screen.
async fn own_width(user: &User) -> Result<u64> {
    let script = "return window.__harness.screenWidth()";
    user.script(script, vec![]).await?.as_u64().context("no screen is captured")
}

told_by!(Chromium Firefox Mixed MixedBack:
async fn a_screen_arrives_as_large_as_it_is(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    if alice.kind() == Kind::Firefox {
        alice.script("window.__harness.drawScreen(1600, 900)", vec![]).await?;
    }
    ring(&alice, &bob, CallType::Audio).await?;
    bob.click("button", "Answer").await?;
    in_room(&alice, &bob).await?;
    flows_both(&alice, &bob, Flow::AUDIO).await?;
    alice.click("button", "Share screen").await?;
    alice.sees("status", Named::Says("You are sharing your screen.")).await?;
    bob.sees("video", "Alice’s screen").await?;
    let own = own_width(&alice).await?;
    eventually("the whole screen to arrive", async || {
        let (width, frames) = widest(&bob).await?;
        ensure!(width == own && frames > 5, "{frames} frames of {width}, but it is {own} wide");
        Ok(())
    })
    .await?;
    alice.click("button", "Turn camera on").await?;
    bob.sees("video", "Alice’s screen").await?;
    eventually("camera and screen at once", async || {
        let sample = bob.stats().await?;
        let videos = sample.open().flat_map(|peer| &peer.inbound);
        let moving = videos.filter(|rtp| rtp.kind == "video" && rtp.frames > 5).count();
        ensure!(moving == 2, "{moving} pictures arrive");
        Ok(())
    })
    .await?;
    if alice.kind() == Kind::Firefox {
        // A drawn screen has no bar of the browser.
        alice.press('s').await?;
    } else {
        // The browser's own bar ends the track; the page learns it from the track alone.
        alice.script("window.__harness.endScreen()", vec![]).await?;
    }
    alice.sees("button", "Share screen").await?;
    bob.misses("video", "Alice’s screen").await?;
    in_room(&alice, &bob).await?;
});

told_by!(Chromium:
async fn a_screen_is_put_away_by_its_key_and_with_the_call(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    ring(&alice, &bob, CallType::Video).await?;
    bob.click("button", "Answer").await?;
    in_room(&alice, &bob).await?;
    bob.press('s').await?;
    alice.sees("video", "Bob’s screen").await?;
    bob.press('s').await?;
    alice.misses("video", "Bob’s screen").await?;
    bob.press('s').await?;
    alice.sees("video", "Bob’s screen").await?;
    parley_e2e::app::leave(&bob).await?;
    crate::media::light_is_off(&bob, true).await?;
});
