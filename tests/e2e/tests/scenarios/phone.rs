//! A call on a phone: a touch screen, a high and narrow window, two cameras.

use crate::{as_delivered as run, media::flows_both};
use anyhow::{Context, Result, ensure};
use parley_e2e::{
    Kind, Media, User, World,
    app::{CallType, ENTER, in_room, leave, meet, ring},
    eventually,
    stats::Flow,
};
use serde_json::Value;
use std::sync::Arc;

/// A script that returns the controls of the room that a finger would miss: too small, beyond the edge, or
/// covered.
const MISSED: &str = "
    const least = 43.5;
    const wrong = (element) => {
        const { left, top, right, bottom, width, height } = element.getBoundingClientRect();
        if (Math.min(width, height) < least) return `${width} x ${height}`;
        if (left < 0 || top < 0 || right > innerWidth || bottom > innerHeight) return 'beyond the edge';
        const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        return element.contains(there) ? null : `under ${there?.className}`;
    };
    return [...document.querySelectorAll('.call-room :is(button, input, a)')]
        .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
        .map((element) => [element.getAttribute('aria-label') ?? element.textContent, wrong(element)])
        .filter(([, wrong]) => wrong)
        .map((missed) => missed.join(': '));
";
/// A script that tells whether the chat is a sheet at the bottom of the screen.
const CHAT: &str = "
    const { left, top, right, bottom } = document.querySelector('.room-panel').getBoundingClientRect();
    return left === 0 && right === innerWidth && Math.abs(bottom - innerHeight) < 1 && top > innerHeight / 5;
";
/// A script that returns the centre of one's own picture.
const OWN: &str = "
    const { left, top, width, height } = document.querySelector('.own-picture').getBoundingClientRect();
    return [left + width / 2, top + height / 2].map(Math.round);
";

/// Connects a call between Alice at a desk and Bob with a phone.
async fn talk(world: &World) -> Result<(Arc<User>, Arc<User>)> {
    let (alice, bob) = tokio::try_join!(
        world.user("Alice", Kind::Chromium, Media::Fake),
        world.user("Bob", Kind::Chromium, Media::TwoCameras),
    )?;
    meet(&alice, &bob).await?;
    bob.hold_phone().await?;
    bob.script("window.__harness.hide('fake_device_1')", vec![]).await?;
    ring(&alice, &bob, CallType::Video).await?;
    bob.click("button", "Answer").await?;
    in_room(&alice, &bob).await?;
    flows_both(&alice, &bob, Flow::VIDEO).await?;
    Ok((alice, bob))
}

async fn own_picture(user: &User) -> Result<(f64, f64)> {
    let at = user.script(OWN, vec![]).await?;
    let number = |n: usize| at.get(n).and_then(Value::as_f64).with_context(|| at.to_string());
    Ok((number(0)?, number(1)?))
}

told_by!(Chromium:
async fn a_call_has_everything_at_hand(world, _pair) {
    let (alice, bob) = talk(world).await?;
    eventually("every control to be within reach", async || {
        let missed = bob.script(MISSED, vec![]).await?;
        ensure!(missed.as_array().is_some_and(Vec::is_empty), "{missed}");
        bob.fits().await
    })
    .await?;
    let before = own_picture(&bob).await?;
    bob.drag(before, (60.0, 200.0)).await?;
    eventually("the own picture to stay in the other corner", async || {
        let now = own_picture(&bob).await?;
        ensure!(now.0 < before.0 - 100.0 && now.1 < before.1 - 200.0, "{before:?} → {now:?}");
        Ok(())
    })
    .await?;
    bob.click("button", "Chat").await?;
    bob.sees("region", "Chat").await?;
    eventually("a sheet at the bottom", async || {
        ensure!(bob.script(CHAT, vec![]).await? == true, "no sheet");
        Ok(())
    })
    .await?;
    bob.type_into("textbox", "Message", "From the bus").await?;
    bob.press(ENTER).await?;
    alice.sees("button", "Chat, 1 unread message").await?;
    bob.click("button", "Close").await?;
    flows_both(&alice, &bob, Flow::VIDEO).await?;
    ensure!(bob.awake().await? == 1, "the screen may go dark in the call");
    leave(&bob).await?;
    eventually("the screen to be let go of", async || {
        ensure!(bob.awake().await? == 0, "it is kept on");
        Ok(())
    })
    .await?;
});

told_by!(Chromium:
async fn the_camera_on_the_other_side_is_one_touch_away(world, _pair) {
    let (alice, bob) = talk(world).await?;
    let camera = async || {
        let tracks = bob.tracks().await?;
        let live = tracks.into_iter().filter(|track| track.kind == "video" && track.state == "live");
        let mut live: Vec<String> = live.map(|track| track.label).collect();
        ensure!(live.len() == 1, "{live:?} are open");
        Ok::<_, anyhow::Error>(live.swap_remove(0))
    };
    let front = camera().await?;
    for there in [false, true] {
        bob.click("button", "Switch camera").await?;
        eventually("the other camera", async || {
            let now = camera().await?;
            ensure!((now == front) == there, "{now} after {front}");
            Ok(())
        })
        .await?;
        flows_both(&alice, &bob, Flow::VIDEO).await?;
    }
});
