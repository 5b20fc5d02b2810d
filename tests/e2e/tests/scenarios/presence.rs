//! Presence and typing.

use crate::patient as run;
use anyhow::ensure;
use parley_e2e::{
    app::{CallType, in_room, leave, meet, ring},
    eventually,
    wait::within,
};
use std::time::Duration;

/// A socket that stays silent is dead after 15 seconds.
const GONE: Duration = Duration::from_secs(40);

told_by!(Chromium Firefox:
async fn presence_and_typing_are_seen(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    alice.reads("Online").await?;
    bob.type_into("textbox", "Message", "I am just").await?;
    alice.reads("typing…").await?;
    bob.click("button", "Send").await?;
    alice.reads("I am just").await?;
    eventually("nobody to be writing", async || {
        let text = alice.text().await?;
        ensure!(!text.contains("typing…"), "{text}");
        Ok(())
    })
    .await?;
    ring(&alice, &bob, CallType::Audio).await?;
    bob.click("button", "Answer").await?;
    in_room(&alice, &bob).await?;
    leave(&bob).await?;
    bob.click("button", "Close").await?;
    // A page that is not Parley's.
    bob.go("/__bare/?role=caller&room=other&mode=pre").await?;
    alice.click("button", "Close").await?;
    // A browser may keep the page and its socket, which then goes dead by its missing pings.
    within(GONE, "Bob to be offline", async || {
        let text = alice.text().await?;
        ensure!(text.contains("Offline"), "{text}");
        Ok(())
    })
    .await?;
});
