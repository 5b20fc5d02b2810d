//! A server that dies during a call and comes back: the media goes on without a break.

use crate::{
    media::{flows_both, light_is_off, ring_in_silence},
    patient as run,
};
use anyhow::{Result, ensure};
use parley_e2e::{
    User, World,
    app::{CallType, in_room, leave, meet, sees_end},
    eventually,
    stats::Flow,
    wait::throughout,
};
use std::time::Duration;

/// The longest time without a newly decoded frame.
const STALL: Duration = Duration::from_millis(1_500);

/// Checks for a while that frames keep being decoded.
async fn keeps_seeing(user: &User, time: Duration) -> Result<()> {
    let mut frames = user.stats().await?.totals().frames_decoded;
    let mut moved = tokio::time::Instant::now();
    throughout(time, format!("{} sees", user.name), async || {
        let now = user.stats().await?.totals().frames_decoded;
        if now > frames {
            (frames, moved) = (now, tokio::time::Instant::now());
        }
        ensure!(moved.elapsed() < STALL, "no frame for {:?}", moved.elapsed());
        Ok(())
    })
    .await
}

/// Waits until the sockets of both are open to the new server.
async fn sockets_return(world: &World, before: usize) -> Result<()> {
    eventually("both sockets to return", async || {
        let now = world.front.sockets();
        ensure!(now >= before + 2, "{before} sockets before, {now} now");
        Ok(())
    })
    .await
}

told_by!(Chromium Firefox Mixed:
async fn media_flows_on_and_hanging_up_works_afterwards(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    ring_in_silence(&alice, &bob, CallType::Video).await?;
    bob.click("button", "Answer").await?;
    in_room(&alice, &bob).await?;
    flows_both(&alice, &bob, Flow::VIDEO).await?;
    // While there is no server, browsers log every failed request.
    world.allow("Failed to load resource");
    world.allow("WebSocket connection to");
    let before = world.front.sockets();
    world.kill_server().await;
    let outage = Duration::from_secs(3);
    tokio::try_join!(keeps_seeing(&alice, outage), keeps_seeing(&bob, outage))?;
    world.restart_server().await?;
    let seeing = Duration::from_secs(2);
    tokio::try_join!(sockets_return(world, before), keeps_seeing(&alice, seeing), keeps_seeing(&bob, seeing))?;
    in_room(&alice, &bob).await?;
    flows_both(&alice, &bob, Flow::VIDEO).await?;
    ensure!(alice.stats().await?.open().count() == 1, "another connection was made");
    leave(&bob).await?;
    sees_end(&alice, "Call ended").await?;
    light_is_off(&alice, true).await?;
    light_is_off(&bob, true).await?;
});
