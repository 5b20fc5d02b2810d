//! A callee with two open tabs.

use crate::{
    as_delivered as run,
    media::{flows, flows_behind, flows_both},
};
use anyhow::{Result, ensure};
use fantoccini::wd::WindowHandle;
use parley_e2e::{
    Pair, User, World,
    app::{CallType, alone_in_room, incoming, leave, meet, sees_end},
    eventually,
    stats::Flow,
    user::Named,
};
use serde_json::json;
use std::sync::Arc;

const ELSEWHERE: &str = "Answered on another device";

struct Tabs {
    first: WindowHandle,
    second: WindowHandle,
}

/// Lets Alice call, and waits until both of Bob's tabs ring.
async fn both_ring(world: &World, pair: Pair) -> Result<(Arc<User>, Arc<User>, Tabs)> {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    let first = bob.window().await?;
    let second = bob.open_window("/").await?;
    bob.sees("searchbox", "Find people").await?;
    alice.click("button", "Video call").await?;
    let card = incoming(CallType::Video, &alice);
    for tab in [&second, &first] {
        bob.switch(tab).await?;
        bob.sees("alertdialog", card.as_str()).await?;
    }
    // Both tabs have a connection that waits for the answer.
    eventually("two connections", async || {
        let connected = alice.stats().await?.totals().connected;
        ensure!(connected == 2, "{connected}");
        Ok(())
    })
    .await?;
    alice.stats().await?.ensure_silent()?;
    Ok((alice, bob, Tabs { first, second }))
}

told_by!(Chromium Firefox Mixed:
async fn the_other_tab_stops_ringing_when_one_answers(world, pair) {
    let (alice, bob, tabs) = both_ring(world, pair).await?;
    bob.stats().await?.ensure_silent()?;
    bob.click("button", "Answer").await?;
    alone_in_room(&bob, &alice).await?;
    flows_both(&alice, &bob, Flow::VIDEO).await?;
    bob.switch(&tabs.second).await?;
    bob.reads(ELSEWHERE).await?;
    bob.misses("alertdialog", Named::Any).await?;
    ensure!(bob.tracks().await?.is_empty(), "the other tab opened devices");
    let sample = alice.stats().await?;
    ensure!(sample.open().count() == 1, "the loser's connection is still open: {sample:?}");
    bob.switch(&tabs.first).await?;
    leave(&alice).await?;
    sees_end(&bob, "Call ended").await?;
});

told_by!(Chromium Firefox:
async fn one_of_two_answers_at_once_wins(world, pair) {
    let (alice, bob, tabs) = both_ring(world, pair).await?;
    // A script clicks in each tab at the same time, which no single mouse could do.
    let script = "const at = arguments[0];
        const button = [...document.querySelectorAll('button')].find((b) =>
            (b.getAttribute('aria-label') ?? b.textContent.trim()) === 'Answer');
        setTimeout(() => button.click(), at - Date.now());";
    let at = bob.script("return Date.now() + 600", vec![]).await?;
    for tab in [&tabs.first, &tabs.second] {
        bob.switch(tab).await?;
        bob.script(script, vec![json!(at)]).await?;
    }
    let mut in_call = Vec::new();
    eventually("one tab to be in the call and the other to say why not", async || {
        in_call.clear();
        let mut told = 0;
        for tab in [&tabs.first, &tabs.second] {
            bob.switch(tab).await?;
            if bob.has("button", "Leave call").await? {
                in_call.push(tab);
            } else if bob.text().await?.contains(ELSEWHERE) {
                told += 1;
            }
        }
        ensure!((in_call.len(), told) == (1, 1), "{} in the call, {told} told", in_call.len());
        Ok(())
    })
    .await?;
    bob.switch(in_call.remove(0)).await?;
    tokio::try_join!(flows(&alice, Flow::VIDEO), flows_behind(&bob, Flow::VIDEO))?;
    ensure!(alice.stats().await?.open().count() == 1);
    // The server refuses the later answer, and the browser logs it.
    world.allow("/accept - Failed to load resource: the server responded with a status of 409");
});
