//! A call whose signaling socket is lost and returns.

use crate::{
    as_delivered as run,
    media::{flows_both, ring_in_silence},
};
use anyhow::ensure;
use parley_e2e::{
    app::{CallType, in_room, leave, meet, sees_end},
    eventually,
    stats::Flow,
};

told_by!(Chromium Firefox:
async fn a_call_outlives_its_sockets(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    ring_in_silence(&alice, &bob, CallType::Video).await?;
    bob.click("button", "Answer").await?;
    in_room(&alice, &bob).await?;
    flows_both(&alice, &bob, Flow::VIDEO).await?;
    // The front refuses requests while it is down, and the browser logs that.
    world.allow("Failed to load resource");
    world.allow("WebSocket connection to");
    let before = world.front.sockets();
    world.front.set_down(true);
    flows_both(&alice, &bob, Flow::VIDEO).await?;
    world.front.set_down(false);
    eventually("both sockets to return", async || {
        let now = world.front.sockets();
        ensure!(now >= before + 2, "{now}");
        Ok(())
    })
    .await?;
    flows_both(&alice, &bob, Flow::VIDEO).await?;
    ensure!(bob.stats().await?.open().count() == 1, "another connection was made");
    leave(&alice).await?;
    sees_end(&bob, "Call ended").await?;
});

told_by!(Chromium Mixed:
async fn a_ring_outlives_its_sockets(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    ring_in_silence(&alice, &bob, CallType::Video).await?;
    world.allow("WebSocket connection to");
    let before = world.front.sockets();
    world.front.cut_sockets();
    eventually("both sockets to return", async || {
        let now = world.front.sockets();
        ensure!(now >= before + 2, "{now}");
        Ok(())
    })
    .await?;
    bob.click("button", "Answer").await?;
    in_room(&alice, &bob).await?;
    flows_both(&alice, &bob, Flow::VIDEO).await?;
});
