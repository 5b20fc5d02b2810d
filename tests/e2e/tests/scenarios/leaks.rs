//! A tab that has been in a hundred calls is as light as one that has been in a few.

use anyhow::{Result, ensure};
use parley_e2e::{
    Pair, User,
    app::{CallType, in_room, meet, sees_end},
    scenario::long_scenario,
    server::Settings,
    user::Named,
};
use std::time::Duration;

/// What is made once and kept is there after these.
const WARM_UP: usize = 5;
const CALLS: usize = 100;
const LIMIT: Duration = Duration::from_secs(900);
/// For the list of conversations and what the browser itself keeps of each call.
const HEAP_PER_CALL: u64 = 6_000;
/// The program takes memory in steps.
const PROGRAM_PER_CALL: u64 = 2_000;
const LISTENERS: u64 = 10;
const NODES: u64 = 60;

async fn one_call(alice: &User, bob: &User) -> Result<()> {
    alice.click("button", CallType::Video.button()).await?;
    bob.click("button", "Answer").await?;
    in_room(alice, bob).await?;
    alice.click("button", "Leave call").await?;
    tokio::try_join!(sees_end(alice, "Call ended"), sees_end(bob, "Call ended"))?;
    Ok(())
}

/// Away from the conversation, which rightly shows a line for each call.
async fn aside(user: &User) -> Result<()> {
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
        aside(&alice).await?;
        let before = alice.footprint().await?;
        back(&alice, &bob).await?;
        for _ in 0..CALLS {
            one_call(&alice, &bob).await?;
        }
        aside(&alice).await?;
        let after = alice.footprint().await?;
        println!("before {before:?}\nafter  {after:?}");
        let calls = CALLS as u64;
        ensure!(after.connections <= before.connections, "connections: {before:?}, {after:?}");
        ensure!(after.listeners <= before.listeners + LISTENERS, "listeners: {before:?}, {after:?}");
        ensure!(after.nodes <= before.nodes + NODES, "nodes: {before:?}, {after:?}");
        ensure!(after.heap <= before.heap + calls * HEAP_PER_CALL, "heap: {before:?}, {after:?}");
        ensure!(after.program <= before.program + calls * PROGRAM_PER_CALL, "program: {before:?}, {after:?}");
        Ok(())
    })
    .await;
}
