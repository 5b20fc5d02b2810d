//! A call whose media path is lost and found again.

use crate::{
    media::{flows, flows_behind, flows_both},
    patient as run,
};
use anyhow::{Context, Result, ensure};
use parley_e2e::{
    Pair, User, World,
    app::{CallType, alone_in_room, in_room, meet, ring},
    eventually,
    relay::{Conditions, Relay},
    stats::Flow,
    user::Named,
    wait::throughout,
};
use std::{sync::Arc, time::Duration};

/// The time within which both browsers notice a dead path.
const NOTICED: Duration = Duration::from_secs(15);
/// Together with the time to notice it, more than twenty seconds.
const LONG: Duration = Duration::from_secs(18);
/// Together with the time to notice it, less than the half minute for which a seat is kept.
const SHUT: Duration = Duration::from_secs(8);

/// Connects a video call whose media goes through the relay.
pub async fn talk_through(world: &World, pair: Pair, relay: &Relay) -> Result<(Arc<User>, Arc<User>)> {
    world.front.set_relay(Some(relay.clone()));
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    ring(&alice, &bob, CallType::Video).await?;
    bob.click("button", "Answer").await?;
    in_room(&alice, &bob).await?;
    flows_both(&alice, &bob, Flow::VIDEO).await?;
    Ok((alice, bob))
}

/// Waits until both people have reported connections that meet the condition, with the candidates of both
/// ends.
async fn on_record(world: &World, so: &str) -> Result<()> {
    let rows = format!(
        "(SELECT DISTINCT user_id FROM call_connections WHERE {so} AND peer_id IS NOT NULL
            AND local_candidate IS NOT NULL AND remote_candidate IS NOT NULL AND protocol = 'udp')"
    );
    eventually(format!("connections on record: {so}"), async || {
        let people = world.count_rows(&rows)?;
        ensure!(people == 2, "{people} of 2 people");
        Ok(())
    })
    .await
}

told_by!(Chromium Firefox:
async fn a_call_resumes_when_the_way_returns(world, pair) {
    let relay = Relay::new(3, Conditions { delay: Duration::from_millis(10), ..Conditions::default() });
    let (alice, bob) = talk_through(world, pair, &relay).await?;
    ensure!(relay.carried() > 20, "the media does not go through the relay");
    relay.blackout(true);
    alice.sees_within(NOTICED, "status", Named::Says("Reconnecting…")).await?;
    bob.sees_within(NOTICED, "status", Named::Says("Reconnecting…")).await?;
    relay.blackout(false);
    flows_both(&alice, &bob, Flow::VIDEO).await?;
    in_room(&alice, &bob).await?;
});

told_by!(Chromium Firefox:
async fn a_dead_way_is_replaced_by_a_new_one(world, pair) {
    let old = Relay::new(4, Conditions::default());
    let (alice, bob) = talk_through(world, pair, &old).await?;
    on_record(world, "setup_ms > 0 AND ice_restarts = 0").await?;
    // All addresses that the two know of each other stop working for good.
    let new = Relay::new(5, Conditions::default());
    world.front.set_relay(Some(new.clone()));
    old.blackout(true);
    alice.sees_within(NOTICED, "status", Named::Says("Reconnecting…")).await?;
    flows_both(&alice, &bob, Flow::VIDEO).await?;
    ensure!(new.carried() > 20, "the media does not go the new way");
    in_room(&alice, &bob).await?;
    on_record(world, "setup_ms > 0 AND ice_restarts > 0").await?;
});

told_by!(Chromium Firefox Mixed:
/// After some twenty seconds Firefox gives DTLS up for good, and only a new connection helps.
async fn a_connection_that_is_dead_is_replaced(world, pair) {
    let relay = Relay::new(7, Conditions::default());
    let (alice, bob) = talk_through(world, pair, &relay).await?;
    relay.blackout(true);
    alice.sees_within(NOTICED, "status", Named::Says("Reconnecting…")).await?;
    throughout(LONG, "they stay in the call", async || in_room(&alice, &bob).await).await?;
    relay.blackout(false);
    flows_both(&alice, &bob, Flow::VIDEO).await?;
    in_room(&alice, &bob).await?;
    for user in [&alice, &bob] {
        let sample = user.stats().await?;
        ensure!(sample.open().count() == 1, "an old connection is still open: {sample:?}");
        ensure!(sample.0.len() > 1, "it was the old connection all along");
    }
});

/// Returns the number of frames of the other's picture that were presented.
async fn presented(user: &User) -> Result<u64> {
    let script = "const picture = document.querySelector('[data-picture=remote]');
        return picture.paused ? 0 : picture.getVideoPlaybackQuality().totalVideoFrames";
    user.script(script, vec![]).await?.as_u64().context("no picture")
}

told_by!(Chromium:
/// Covers a laptop whose lid is shut: the page is frozen, and its socket and its media path are gone.
async fn a_laptop_that_was_shut_comes_back(world, pair) {
    let relay = Relay::new(8, Conditions::default());
    let (alice, bob) = talk_through(world, pair, &relay).await?;
    world.allow("WebSocket connection to");
    alice.shut_lid(true).await?;
    relay.blackout(true);
    world.front.cut_sockets();
    bob.sees_within(NOTICED, "status", Named::Says("Reconnecting…")).await?;
    throughout(SHUT, "Bob stays in the call", async || alone_in_room(&bob, &alice).await).await?;
    relay.blackout(false);
    alice.shut_lid(false).await?;
    // The page's own frame counter stopped while it was frozen, so the video element is asked.
    tokio::try_join!(flows_behind(&alice, Flow::VIDEO), flows(&bob, Flow::VIDEO))?;
    let before = presented(&alice).await?;
    eventually("Alice to see it", async || {
        let now = presented(&alice).await?;
        ensure!(now > before + 5, "{now} frames after {before}");
        Ok(())
    })
    .await?;
    in_room(&alice, &bob).await?;
});

told_by!(Chromium:
async fn a_long_loss_is_told_and_leaves_the_controls(world, pair) {
    let relay = Relay::new(6, Conditions::default());
    let (alice, bob) = talk_through(world, pair, &relay).await?;
    relay.blackout(true);
    alice.sees_within(NOTICED, "status", Named::Says("Reconnecting…")).await?;
    alice.sees_within(NOTICED, "alert", Named::Says("The connection to Bob is interrupted.")).await?;
    alice.click("button", "Mute microphone").await?;
    alice.sees("button", "Unmute microphone").await?;
    relay.blackout(false);
    alice.misses("alert", Named::Says("The connection to Bob is interrupted.")).await?;
    flows_both(&alice, &bob, Flow::VIDEO).await?;
    bob.reads("Alice is muted").await?;
});
