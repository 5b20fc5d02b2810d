//! A call with a person who has neither camera nor microphone.

use crate::{
    as_delivered as run,
    media::{flows, ring_in_silence},
};
use anyhow::ensure;
use parley_e2e::{
    Media,
    app::{CallType, in_room, leave, meet, sees_end},
    stats::{Flow, Streams},
};

told_by!(Chromium Firefox Mixed:
async fn a_callee_without_devices_joins_hears_and_sees(world, pair) {
    let (caller, callee) = pair.kinds();
    let (alice, bob) = tokio::try_join!(
        world.user("Alice", caller, Media::Fake),
        world.user("Bob", callee, Media::NoDevices),
    )?;
    meet(&alice, &bob).await?;
    ring_in_silence(&alice, &bob, CallType::Video).await?;
    bob.click("button", "Answer").await?;
    in_room(&alice, &bob).await?;
    let deaf = Flow { out: Streams::AudioAndVideo, back: Streams::Nothing };
    let mute = Flow { out: Streams::Nothing, back: Streams::AudioAndVideo };
    tokio::try_join!(flows(&alice, deaf), flows(&bob, mute))?;
    bob.reads("Camera").await?;
    ensure!(bob.tracks().await?.is_empty(), "tracks from nowhere");
    leave(&alice).await?;
    sees_end(&bob, "Call ended").await?;
});
