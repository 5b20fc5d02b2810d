//! A call with a blocked camera and a working microphone: it goes on with sound.

use crate::{
    as_delivered as run,
    media::{flows, light_is_off, ring_in_silence},
};
use anyhow::{Result, ensure};
use parley_e2e::{
    Media, Pair, User, World,
    app::{CallType, in_room, leave, meet, sees_end},
    stats::{Flow, Streams},
};
use std::sync::Arc;

const BLOCKED: Flow = Flow { out: Streams::Audio, back: Streams::AudioAndVideo };
const OTHER: Flow = Flow { out: Streams::AudioAndVideo, back: Streams::Audio };

async fn people(world: &World, pair: Pair, alice: Media, bob: Media) -> Result<(Arc<User>, Arc<User>)> {
    let (caller, callee) = pair.kinds();
    tokio::try_join!(world.user("Alice", caller, alice), world.user("Bob", callee, bob))
}

/// Checks that the page names the camera, and that it was blocked.
async fn is_told(user: &User) -> Result<()> {
    user.reads("Camera").await?;
    let text = user.text().await?.to_lowercase();
    ensure!(
        text.contains("blocked") || text.contains("not allowed") || text.contains("denied"),
        "no reason in: {text}"
    );
    Ok(())
}

told_by!(Chromium Firefox Mixed:
async fn a_callee_with_a_blocked_camera_is_heard_and_sees(world, pair) {
    let (alice, bob) = people(world, pair, Media::Fake, Media::CameraDenied).await?;
    meet(&alice, &bob).await?;
    ring_in_silence(&alice, &bob, CallType::Video).await?;
    bob.click("button", "Answer").await?;
    in_room(&alice, &bob).await?;
    tokio::try_join!(flows(&alice, OTHER), flows(&bob, BLOCKED))?;
    is_told(&bob).await?;
    leave(&bob).await?;
    sees_end(&alice, "Call ended").await?;
    light_is_off(&bob, true).await?;
});

told_by!(Chromium Firefox:
async fn a_caller_with_a_blocked_camera_is_heard_and_sees(world, pair) {
    let (alice, bob) = people(world, pair, Media::CameraDenied, Media::Fake).await?;
    meet(&alice, &bob).await?;
    ring_in_silence(&alice, &bob, CallType::Video).await?;
    bob.click("button", "Answer").await?;
    in_room(&alice, &bob).await?;
    tokio::try_join!(flows(&alice, BLOCKED), flows(&bob, OTHER))?;
    is_told(&alice).await?;
});
