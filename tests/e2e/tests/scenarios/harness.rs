//! Tests of the harness itself, on its bare page, so that its results about Parley can be trusted.

use crate::media::{connected_in_silence, flows, flows_both, light_is_off};
use anyhow::{Result, ensure};
use parley_e2e::{
    Kind, Media, User, World, eventually,
    relay::{Conditions, Relay},
    scenario::bare_scenario,
    stats::Flow,
};
use std::time::Duration;

async fn run(name: &str, body: impl AsyncFnOnce(&World) -> Result<()>) {
    bare_scenario(&format!("bare {name}"), body).await;
}

async fn open(caller: &User, callee: &User, mode: &str) -> Result<()> {
    let page = |role: &str| format!("/__bare/?role={role}&room=1&mode={mode}");
    let (callers, callees) = (page("caller"), page("callee"));
    tokio::try_join!(caller.go(&callers), callee.go(&callees))?;
    caller.reads("ready").await?;
    callee.reads("ready").await
}

told_by!(Chromium Firefox Mixed MixedBack:
async fn a_preconnected_bare_call_is_silent_until_it_is_answered(world, pair) {
    let (caller, callee) = world.pair(pair).await?;
    open(&caller, &callee, "pre").await?;
    caller.click("button", "Call").await?;
    callee.sees("button", "Answer").await?;
    connected_in_silence(&caller).await?;
    connected_in_silence(&callee).await?;
    callee.click("button", "Answer").await?;
    flows_both(&caller, &callee, Flow::VIDEO).await?;
    eventually("the picture to be shown", async || {
        let shown = callee.shown().await?;
        ensure!(shown.clicked.as_deref() == Some("Answer") && shown.first > shown.click, "{shown:?}");
        Ok(())
    })
    .await?;
    caller.click("button", "Leave").await?;
    callee.reads("over").await?;
    light_is_off(&caller, true).await?;
    light_is_off(&callee, true).await?;
});

told_by!(Chromium Firefox:
async fn media_goes_through_the_relay_and_stops_in_a_blackout(world, pair) {
    let delay = Duration::from_millis(50);
    let relay = Relay::new(11, Conditions { delay, loss: 0.01, ..Conditions::default() });
    world.front.set_relay(Some(relay.clone()));
    world.front.set_delay(delay);
    let (caller, callee) = world.pair(pair).await?;
    open(&caller, &callee, "cold").await?;
    caller.click("button", "Call").await?;
    callee.click("button", "Answer").await?;
    flows_both(&caller, &callee, Flow::VIDEO).await?;
    for user in [&caller, &callee] {
        let sample = user.stats().await?;
        let remote = sample.open().find_map(|peer| peer.remote.clone()).unwrap_or_default();
        ensure!(remote.parse().is_ok_and(|addr| relay.owns(addr)), "not through the relay: {remote}");
    }
    ensure!(relay.carried() > 50, "only {} packets", relay.carried());
    relay.blackout(true);
    eventually("the media to stop", async || {
        let before = callee.stats().await?.totals().frames_decoded;
        let dropped = relay.dropped();
        eventually("packets to be dropped", async || {
            ensure!(relay.dropped() > dropped + 20, "{}", relay.dropped());
            Ok(())
        })
        .await?;
        let after = callee.stats().await?.totals().frames_decoded;
        ensure!(before == after, "{before} → {after}");
        Ok(())
    })
    .await?;
    relay.blackout(false);
    flows(&callee, Flow::VIDEO).await?;
});

/// Asks `getUserMedia` for both devices, for audio and for video. Each result is the kinds of the tracks, or
/// the name of the error.
async fn captures(world: &World, kind: Kind, media: Media) -> Result<[String; 3]> {
    let user = world.user("Ana", kind, media).await?;
    user.go("/__bare/?role=caller&room=1&mode=pre").await?;
    let ask = async |wanted: &str| {
        let script = format!(
            "return navigator.mediaDevices.getUserMedia({wanted}).then(s => s.getTracks().map(t => t.kind).sort().join('+'), e => e.name)"
        );
        anyhow::Ok(user.script(&script, vec![]).await?.as_str().unwrap_or_default().to_owned())
    };
    Ok([ask("{audio: true, video: true}").await?, ask("{audio: true}").await?, ask("{video: true}").await?])
}

async fn finds(name: &str, kind: Kind, media: Media, both: &str, audio: &str, video: &str) {
    run(name, async |world| {
        let found = captures(world, kind, media).await?;
        ensure!(found == [both, audio, video], "{found:?}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn chromium_can_have_its_camera_blocked() {
    let denied = "NotAllowedError";
    finds("chromium blocked", Kind::Chromium, Media::CameraDenied, denied, "audio", denied).await;
}

#[tokio::test]
async fn firefox_can_have_its_camera_blocked() {
    let denied = "NotAllowedError";
    finds("firefox blocked", Kind::Firefox, Media::CameraDenied, denied, "audio", denied).await;
}

#[tokio::test]
async fn chromium_can_be_without_devices() {
    let none = "NotFoundError";
    finds("chromium none", Kind::Chromium, Media::NoDevices, none, none, none).await;
}

#[tokio::test]
async fn firefox_can_be_without_devices() {
    let none = "NotFoundError";
    finds("firefox none", Kind::Firefox, Media::NoDevices, none, none, none).await;
}

#[tokio::test]
async fn warnings_and_errors_of_a_page_are_seen() {
    run("warning", async |world| {
        let user = world.user("Ana", Kind::Chromium, Media::Fake).await?;
        user.go("/__bare/?role=caller&room=1&mode=pre").await?;
        let broken = "console.warn('careful');
            const script = document.createElement('script');
            script.text = \"Promise.reject(new Error('lost')); undefinedName();\";
            document.head.append(script);";
        user.script(broken, vec![]).await?;
        let mut lines = Vec::new();
        eventually("all three lines", async || {
            lines.extend(user.console().await?);
            for (level, text) in [("warn", "careful"), ("error", "lost"), ("error", "undefinedName")] {
                let found = lines.iter().any(|line| line.level == level && line.text.contains(text));
                ensure!(found, "no {text} in {lines:?}");
            }
            Ok(())
        })
        .await?;
        // The browser's own log has both errors as well.
        world.allow("lost");
        world.allow("undefinedName");
        Ok(())
    })
    .await;
}
