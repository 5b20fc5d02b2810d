//! The proof of media for all scenarios: `getStats` and the frames that the compositor presents, never a
//! label.

use anyhow::{Context, Result, ensure};
use parley_e2e::{
    User,
    app::{CallType, ring},
    eventually,
    stats::{Flow, Streams},
};

/// Waits until a person's media flows as it should, counted from this moment.
pub async fn flows(user: &User, flow: Flow) -> Result<()> {
    let shown = user.shown().await?.count;
    flows_behind(user, flow).await?;
    eventually(format!("{} to see it", user.name), async || {
        let presented = user.shown().await?.count.saturating_sub(shown);
        ensure!(flow.back != Streams::AudioAndVideo || presented >= 5, "{presented} frames on the screen");
        Ok(())
    })
    .await
}

/// Waits as [`flows`] does, for a window that may be covered by another: browsers present no frames there.
pub async fn flows_behind(user: &User, flow: Flow) -> Result<()> {
    let before = user.stats().await?.totals();
    eventually(format!("media to flow at {}'s", user.name), async || {
        flow.check(before, user.stats().await?.totals())
    })
    .await
}

/// Waits until the media of both people flows as it should.
pub async fn flows_both(one: &User, other: &User, flow: Flow) -> Result<()> {
    tokio::try_join!(flows(one, flow), flows(other, flow))?;
    Ok(())
}

/// Lets one ring the other. Their devices connect, and no media is sent before the answer.
pub async fn ring_in_silence(caller: &User, callee: &User, call: CallType) -> Result<()> {
    ring(caller, callee, call).await?;
    tokio::try_join!(connected_in_silence(caller), connected_in_silence(callee))?;
    Ok(())
}

/// Checks that the person is connected, and that not a packet of media has gone or come.
pub async fn connected_in_silence(user: &User) -> Result<()> {
    eventually(format!("{} to connect while it rings", user.name), async || {
        let sample = user.stats().await?;
        ensure!(sample.totals().connected == 1, "not connected: {sample:?}");
        Ok(())
    })
    .await?;
    user.stats().await?.ensure_silent().with_context(|| user.name.clone())
}

/// Waits until every track that the page ever had from camera or microphone has ended, and checks that there
/// were some.
pub async fn light_is_off(user: &User, expected_any: bool) -> Result<()> {
    eventually(format!("{}'s camera light to go out", user.name), async || {
        let tracks = user.tracks().await?;
        ensure!(!tracks.is_empty() || !expected_any, "the page never had a track");
        ensure!(tracks.iter().all(|track| track.state == "ended"), "still live: {tracks:?}");
        Ok(())
    })
    .await
}
