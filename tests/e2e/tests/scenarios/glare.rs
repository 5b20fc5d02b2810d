//! Glare: both call each other at the same moment.

use crate::{as_delivered as run, media::flows_both};
use anyhow::{Result, ensure};
use parley_e2e::{
    User,
    app::{in_room, leave, meet, sees_end},
    stats::Flow,
};
use serde_json::json;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Clicks a button of the page at a time of the clock that all browsers share.
async fn click_at(user: &User, label: &str, at_ms: u128) -> Result<()> {
    let script = "const [label, at] = arguments;
        const button = [...document.querySelectorAll('button')].find((b) =>
            (b.getAttribute('aria-label') ?? b.textContent.trim()) === label);
        return new Promise((done) => setTimeout(() => { button.click(); done(); }, at - Date.now()))";
    user.script(script, vec![json!(label), json!(u64::try_from(at_ms)?)]).await?;
    Ok(())
}

async fn live_calls(user: &User) -> Result<Vec<String>> {
    let script =
        "return fetch('/api/calls/active').then((r) => r.json()).then((b) => b.calls.map((c) => c.id))";
    Ok(serde_json::from_value(user.script(script, vec![]).await?)?)
}

told_by!(Chromium Firefox Mixed:
async fn two_starts_at_once_become_one_call(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    // The delay makes each call start before the news of the other's arrives.
    world.front.set_delay(Duration::from_millis(40));
    let soon = (SystemTime::now() + Duration::from_millis(400)).duration_since(UNIX_EPOCH)?.as_millis();
    tokio::try_join!(click_at(&alice, "Video call", soon), click_at(&bob, "Video call", soon))?;
    in_room(&alice, &bob).await?;
    flows_both(&alice, &bob, Flow::VIDEO).await?;
    let starts = world.front.seen().iter().filter(|seen| seen.path == "/api/calls/start").count();
    ensure!(starts == 2, "{starts} starts: not glare");
    let (hers, his) = tokio::try_join!(live_calls(&alice), live_calls(&bob))?;
    ensure!(hers.len() == 1 && hers == his, "calls {hers:?} and {his:?}");
    leave(&alice).await?;
    sees_end(&bob, "Call ended").await?;
    // The losing start may be answered with a conflict, which the browser logs.
    world.allow("/api/calls/start - Failed to load resource: the server responded with a status of 409");
});
