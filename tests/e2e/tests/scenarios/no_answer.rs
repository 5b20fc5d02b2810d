//! A call that nobody answers.

use crate::media::{light_is_off, ring_in_silence};
use anyhow::Result;
use parley_e2e::{
    World,
    app::{CallType, incoming, meet, sees_end},
    scenario::patient_scenario,
    server::Settings,
};
use std::time::Duration;

async fn run(name: &str, body: impl AsyncFnOnce(&World) -> Result<()>) {
    let settings = Settings { ring: Some(Duration::from_secs(6)), ..Settings::default() };
    patient_scenario(name, settings, body).await;
}

told_by!(Chromium Firefox Mixed:
async fn a_ring_ends_at_its_limit_for_both(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    ring_in_silence(&alice, &bob, CallType::Video).await?;
    sees_end(&alice, "No answer").await?;
    bob.misses("alertdialog", incoming(CallType::Video, &alice).as_str()).await?;
    bob.reads("Missed call from Alice").await?;
    light_is_off(&alice, true).await?;
});
