//! Actions during a call: chat, raised hands, reactions, push-to-talk and moderation.

use crate::{as_delivered as run, media::flows_both};
use anyhow::{Result, ensure};
use parley_e2e::{
    Media, Pair, User, World,
    app::{CallType, ENTER, gather, in_room, leave, meet, ring},
    eventually,
    stats::Flow,
    user::Named,
};
use std::sync::Arc;

async fn talk(world: &World, pair: Pair, call: CallType) -> Result<(Arc<User>, Arc<User>)> {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    ring(&alice, &bob, call).await?;
    bob.click("button", "Answer").await?;
    in_room(&alice, &bob).await?;
    flows_both(&alice, &bob, if call == CallType::Audio { Flow::AUDIO } else { Flow::VIDEO }).await?;
    Ok((alice, bob))
}

async fn reads_no_longer(user: &User, words: &str) -> Result<()> {
    eventually(format!("{} to read no longer \"{words}\"", user.name), async || {
        let text = user.text().await?;
        ensure!(!text.contains(words), "{text}");
        Ok(())
    })
    .await
}

/// Waits until the ring of one's own voice around one's own picture is on or off.
async fn own_ring(user: &User, on: bool) -> Result<()> {
    eventually(format!("{}'s own ring to be {on}", user.name), async || {
        let script = "return document.querySelector('.own-picture').closest('.tile').dataset.speaks";
        let speaks = user.script(script, vec![]).await?;
        ensure!(speaks.as_str() == Some(if on { "true" } else { "false" }), "{speaks}");
        Ok(())
    })
    .await
}

told_by!(Chromium Firefox:
async fn messages_are_read_beside_the_call(world, pair) {
    let (alice, bob) = talk(world, pair, CallType::Video).await?;
    bob.press('c').await?;
    bob.sees("region", "Chat").await?;
    bob.type_into("textbox", "Message", "The link is in the minutes").await?;
    bob.press(ENTER).await?;
    alice.sees("button", "Chat, 1 unread message").await?;
    alice.click("button", "Chat, 1 unread message").await?;
    alice.reads("The link is in the minutes").await?;
    alice.sees("button", "Chat").await?;
    alice.click("button", "Close").await?;
    alice.misses("region", "Chat").await?;
    // Letters typed into a field are no shortcuts.
    bob.type_into("textbox", "Message", "m").await?;
    bob.sees("button", "Mute microphone").await?;
    flows_both(&alice, &bob, Flow::VIDEO).await?;
});

told_by!(Chromium Firefox:
async fn a_key_that_is_held_opens_the_microphone(world, pair) {
    let (alice, bob) = talk(world, pair, CallType::Audio).await?;
    alice.press('m').await?;
    bob.reads("Alice is muted").await?;
    alice.hold(' ').await?;
    alice.sees("button", "Mute microphone").await?;
    alice.reads("Others can hear you while you hold Space.").await?;
    reads_no_longer(&bob, "Alice is muted").await?;
    let live = |tracks: &[parley_e2e::user::Track]| {
        tracks.iter().any(|track| track.kind == "audio" && track.state == "live" && track.enabled)
    };
    ensure!(live(&alice.tracks().await?), "the microphone is closed");
    alice.let_go(' ').await?;
    alice.sees("button", "Unmute microphone").await?;
    bob.reads("Alice is muted").await?;
});

told_by!(Chromium Firefox:
async fn hands_and_reactions_are_seen(world, pair) {
    let (alice, bob) = talk(world, pair, CallType::Audio).await?;
    alice.press('h').await?;
    bob.reads("Alice: hand raised").await?;
    bob.reads("Alice would like to say something").await?;
    bob.click("button", "React or raise hand").await?;
    bob.click("button", "Applause").await?;
    alice.sees("img", "Applause").await?;
    alice.press('h').await?;
    reads_no_longer(&bob, "Alice: hand raised").await?;
});

told_by!(Chromium Firefox:
async fn a_camera_is_answered_with_a_camera_only_by_consent(world, pair) {
    let (alice, bob) = talk(world, pair, CallType::Audio).await?;
    alice.click("button", "Turn camera on").await?;
    bob.reads("Alice turned their camera on.").await?;
    ensure!(bob.stats().await?.totals().video_sent == 0, "nobody asked for Bob's picture");
    bob.click("button", "Turn mine on").await?;
    flows_both(&alice, &bob, Flow::VIDEO).await?;
    bob.misses("button", "Not now").await?;
});

told_by!(Chromium:
async fn a_person_who_speaks_while_muted_is_told(world, pair) {
    let (kind, other) = pair.kinds();
    let alice = world.user("Alice", kind, Media::Speaking).await?;
    let bob = world.user("Bob", other, Media::Fake).await?;
    meet(&alice, &bob).await?;
    ring(&alice, &bob, CallType::Audio).await?;
    bob.click("button", "Answer").await?;
    in_room(&alice, &bob).await?;
    flows_both(&alice, &bob, Flow::AUDIO).await?;
    ensure!(!alice.text().await?.contains("You are muted"), "everybody hears Alice");
    own_ring(&alice, true).await?;
    alice.press('m').await?;
    own_ring(&alice, false).await?;
    alice.sees("status", Named::Says("You are muted. Press M to unmute")).await?;
    ensure!(!bob.text().await?.contains("You are muted"), "it is nobody else's affair");
});

told_by!(Chromium:
async fn a_host_keeps_order(world, _pair) {
    let mut people = Vec::new();
    for name in ["Alice", "Bob", "Cleo"] {
        people.push(world.user(name, parley_e2e::Kind::Chromium, Media::Fake).await?);
    }
    let all: Vec<&User> = people.iter().map(Arc::as_ref).collect();
    gather(&all, "Rowing club").await?;
    let [alice, bob, cleo] = [&people[0], &people[1], &people[2]];
    alice.click("button", "Audio call").await?;
    for callee in [bob, cleo] {
        callee.click("button", "Answer").await?;
    }
    for person in &people {
        person.sees("main|region", "Call with Rowing club").await?;
    }
    alice.press('p').await?;
    alice.sees("region", "People in this call").await?;
    alice.click("button", "More options for Bob").await?;
    alice.click("button", "Mute Bob").await?;
    bob.sees("button", "Unmute microphone").await?;
    bob.reads("Alice muted you").await?;
    alice.sees("img", "Muted").await?;
    alice.click("button", "More options for Cleo").await?;
    alice.click("button", "Remove Cleo").await?;
    cleo.sees("heading", Named::Any).await?;
    cleo.misses("main|region", "Call with Rowing club").await?;
    alice.reads("Cleo left").await?;
    // A person who was removed can be rung again.
    alice.click("button", "Ring Cleo").await?;
    cleo.sees("alertdialog", Named::Any).await?;
    alice.click("button", "End the call for everyone").await?;
    alice.click("button", "End").await?;
    bob.sees("heading", "Call ended").await?;
    alice.sees("heading", "Call ended").await?;
});

told_by!(Chromium:
async fn the_volume_of_one_person_can_be_chosen(world, pair) {
    let (alice, bob) = talk(world, pair, CallType::Audio).await?;
    alice.press('p').await?;
    alice.click("slider", "Bob’s volume").await?;
    eventually("the middle of the slider", async || {
        let script = "return document.querySelector('[data-picture=remote]').volume";
        let volume = alice.script(script, vec![]).await?;
        ensure!(volume.as_f64().is_some_and(|volume| (0.2..0.8).contains(&volume)), "{volume}");
        Ok(())
    })
    .await?;
    leave(&bob).await?;
});
