//! A server that is replaced in good order: the page says so, reconnects, and catches up on what it missed.

use anyhow::Result;
use parley_e2e::{World, app::meet, scenario::patient_scenario, server::Settings, user::Named};
use std::time::Duration;

async fn run(name: &str, body: impl AsyncFnOnce(&World) -> Result<()>) {
    let settings = Settings { drain: Some(Duration::from_secs(1)), ..Settings::default() };
    patient_scenario(name, settings, body).await;
}

told_by!(Chromium Firefox:
async fn a_server_that_says_goodbye_is_waited_for(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    // The page keeps trying to connect while there is no server.
    world.allow("Failed to load resource");
    world.allow("WebSocket connection to");
    world.allow("can\u{2019}t establish a connection");
    world.end_server().await?;
    bob.sees("status", Named::Says("The server is restarting. Back in a moment…")).await?;
    world.restart_server().await?;
    bob.misses("status", Named::Says("The server is restarting. Back in a moment…")).await?;
    alice.type_into("textbox", "Message", "There you are").await?;
    alice.click("button", "Send").await?;
    bob.reads("There you are").await?;
});
