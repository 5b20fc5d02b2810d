//! Leaks: a tab that has been in a hundred calls is as light as one that has been in a few.

use anyhow::{Result, ensure};
use parley_e2e::{
    Pair, User,
    app::{CallType, meet},
    scenario::long_scenario,
    server::Settings,
    user::Named,
};
use serde_json::json;
use std::time::Duration;

/// The number of calls after which everything that is made once and kept exists.
const WARM_UP: usize = 5;
const CALLS: usize = 100;
const LIMIT: Duration = Duration::from_secs(900);
/// The growth allowed for the list of conversations, and for what the browser itself keeps of each call.
const HEAP_PER_CALL: u64 = 6_000;
/// The WASM memory never shrinks, so this includes the lines that the conversation showed meanwhile.
const PROGRAM_PER_CALL: u64 = 16_000;
/// The browser itself keeps some closed connections and their listeners for a while, but far fewer than one
/// per call.
const CONNECTIONS: u64 = 30;
const LISTENERS: u64 = 40;
const NODES: u64 = 60;
/// The clock of a call, which runs once its media is connected.
const CONNECTED: &str = "[role=timer]";

/// A script that clicks in the page. The driver would keep every element that it has found, and with it the
/// whole screen.
const CLICK: &str = "
    const [name, sees, done] = arguments;
    const called = (element) => element.getAttribute('aria-label') ?? element.textContent.trim();
    const look = () => {
        const found = [...document.querySelectorAll('button')].find((button) => called(button) === name);
        if (!found?.checkVisibility() || found.disabled || !document.querySelector(sees)) return setTimeout(look, 20);
        found.click();
        done(true);
    };
    look();
";

/// Clicks a button as soon as it is there and something else is seen.
async fn click_seeing(user: &User, button: &str, sees: &str) -> Result<()> {
    user.later(CLICK, vec![json!(button), json!(sees)]).await.map(drop)
}

async fn click(user: &User, button: &str) -> Result<()> {
    click_seeing(user, button, "body").await
}

async fn one_call(alice: &User, bob: &User) -> Result<()> {
    click(alice, CallType::Video.button()).await?;
    click(bob, "Answer").await?;
    tokio::try_join!(click_seeing(alice, "Leave call", CONNECTED), click(bob, "Close"))?;
    click(alice, "Close").await
}

/// Leaves the conversation, which rightly has a line for each call.
async fn leave_conversation(user: &User) -> Result<()> {
    user.script("history.pushState(null, '', '/'); dispatchEvent(new PopStateEvent('popstate'))", vec![])
        .await?;
    user.misses("button", CallType::Video.button()).await
}

async fn back(user: &User, to: &User) -> Result<()> {
    user.click("link", Named::Starts(&to.name)).await?;
    user.sees("button", CallType::Video.button()).await
}

#[tokio::test]
async fn a_hundred_calls_leave_nothing() {
    long_scenario("a hundred calls", Settings::default(), LIMIT, async |world| {
        let (alice, bob) = world.pair(Pair::Chromium).await?;
        meet(&alice, &bob).await?;
        for _ in 0..WARM_UP {
            one_call(&alice, &bob).await?;
        }
        leave_conversation(&alice).await?;
        let before = alice.footprint().await?;
        back(&alice, &bob).await?;
        for _ in 0..CALLS {
            one_call(&alice, &bob).await?;
        }
        leave_conversation(&alice).await?;
        let after = alice.footprint().await?;
        let kept = alice.script("return window.__harness.forget().peers", vec![]).await?;
        ensure!(kept == 0, "{kept} connections are not closed");
        println!("before {before:?}\nafter  {after:?}");
        let calls = CALLS as u64;
        ensure!(after.connections <= before.connections + CONNECTIONS, "connections: {before:?}, {after:?}");
        ensure!(after.listeners <= before.listeners + LISTENERS, "listeners: {before:?}, {after:?}");
        ensure!(after.nodes <= before.nodes + NODES, "nodes: {before:?}, {after:?}");
        ensure!(after.heap <= before.heap + calls * HEAP_PER_CALL, "heap: {before:?}, {after:?}");
        ensure!(after.program <= before.program + calls * PROGRAM_PER_CALL, "program: {before:?}, {after:?}");
        Ok(())
    })
    .await;
}
