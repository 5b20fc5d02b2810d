//! A call without pre-connection: the devices connect only after the answer.

use crate::media::flows_both;
use anyhow::{Result, ensure};
use parley_e2e::{
    World,
    app::{CallType, in_room, meet, ring},
    scenario,
    server::Settings,
    stats::Flow,
};
use serde_json::json;
use std::time::Duration;

/// A script that records whether the answered card said *Connecting…*, and whether the page claimed a call
/// elsewhere.
const WATCH: &str = "
    window.__said = new Set();
    new MutationObserver(() => {
      const card = document.querySelector('[role=alertdialog]')?.textContent ?? '';
      if (card.includes('Connecting…')) window.__said.add('the card connects');
      if (document.body.textContent.includes('You are in a call elsewhere')) window.__said.add('elsewhere');
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
";

async fn run(name: &str, body: impl AsyncFnOnce(&World) -> Result<()>) {
    let settings = Settings { preconnect: Some(false), ..Settings::default() };
    scenario(name, settings, body).await;
}

told_by!(Chromium Firefox Mixed:
async fn the_card_says_that_it_connects_until_the_room_is_there(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    ring(&alice, &bob, CallType::Video).await?;
    // The delay lets the server's news of the answer arrive long before the connection.
    world.front.set_delay(Duration::from_millis(50));
    bob.script(WATCH, vec![]).await?;
    bob.click("button", "Answer").await?;
    in_room(&alice, &bob).await?;
    flows_both(&alice, &bob, Flow::VIDEO).await?;
    let said = bob.script("return [...window.__said]", vec![]).await?;
    ensure!(said == json!(["the card connects"]), "{said}");
});
