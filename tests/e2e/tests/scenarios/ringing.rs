//! Ringing: it is heard in one tab only, and stops with the call; the system notifies while the page is
//! hidden.

use crate::as_delivered as run;
use anyhow::ensure;
use parley_e2e::{
    app::{CallType, in_room, incoming, leave, meet_by_hand, ring, sees_end},
    eventually,
    user::Named,
    wait::throughout,
};
use std::time::Duration;

/// Longer than the pause after which a ring repeats.
const A_RING: Duration = Duration::from_millis(4_500);
/// The last note of the sound of being connected, in hertz.
const CONNECTED_UP_TO: f64 = 880.0;

told_by!(Chromium Firefox:
async fn both_hear_it_ring_until_it_is_answered(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet_by_hand(&alice, &bob).await?;
    ring(&alice, &bob, CallType::Video).await?;
    for user in [&alice, &bob] {
        eventually("a ring that repeats", async || {
            let notes = user.notes().await?;
            let first = notes.first().copied().unwrap_or_default();
            let times = notes.iter().filter(|note| (**note - first).abs() < 0.5).count();
            ensure!(times >= 3, "{} heard {notes:?}", user.name);
            Ok(())
        })
        .await?;
    }
    bob.click("button", "Answer").await?;
    in_room(&alice, &bob).await?;
    for user in [&alice, &bob] {
        eventually("the sound of being connected", async || {
            let notes = user.notes().await?;
            ensure!(notes.last() == Some(&CONNECTED_UP_TO), "{} heard {notes:?}", user.name);
            Ok(())
        })
        .await?;
    }
    let heard = [alice.notes().await?, bob.notes().await?];
    throughout(A_RING, "silence in the room", async || {
        ensure!(heard == [alice.notes().await?, bob.notes().await?], "it rings on");
        Ok(())
    })
    .await?;
    leave(&alice).await?;
    sees_end(&bob, "Call ended").await?;
    ensure!(bob.notes().await?.len() > heard[1].len(), "the end was not heard");
});

told_by!(Chromium Firefox:
async fn one_of_two_tabs_rings_and_the_other_takes_over(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet_by_hand(&alice, &bob).await?;
    let first = bob.window().await?;
    let second = bob.open_window("/").await?;
    bob.type_into("searchbox", "Find people", " ").await?;
    alice.click("button", "Audio call").await?;
    let card = incoming(CallType::Audio, &alice);
    let mut heard = Vec::new();
    for tab in [&first, &second] {
        bob.switch(tab).await?;
        bob.sees("alertdialog", card.as_str()).await?;
    }
    eventually("a ring", async || {
        let mut notes = Vec::new();
        for tab in [&first, &second] {
            bob.switch(tab).await?;
            notes.push(bob.notes().await?.len());
        }
        ensure!(notes.iter().sum::<usize>() > 0, "nothing rings");
        heard.clone_from(&notes);
        Ok(())
    })
    .await?;
    ensure!(heard.contains(&0), "both tabs ring: {heard:?}");
    let (ringing, quiet) = if heard[0] > 0 { (&first, &second) } else { (&second, &first) };
    bob.switch(ringing).await?;
    bob.close_window().await?;
    bob.switch(quiet).await?;
    eventually("the other tab rings on", async || {
        ensure!(!bob.notes().await?.is_empty(), "silence");
        Ok(())
    })
    .await?;
    bob.click("button", "Decline").await?;
    bob.misses("alertdialog", Named::Any).await?;
    alice.sees("heading", "Declined").await?;
});

told_by!(Chromium:
/// Told by Chromium alone, because the harness cannot grant notifications in Firefox. The page treats all
/// browsers alike.
async fn the_system_announces_a_call_only_while_the_page_is_hidden(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet_by_hand(&alice, &bob).await?;
    bob.allow_notices().await?;
    let told = async |state: &str, times: usize| {
        eventually(state, async || {
            let notices = bob.notices().await?;
            let last = notices.last().map(|notice| (notice.title.as_str(), notice.state.as_str()));
            ensure!(notices.len() == times && last == Some(("Incoming video call from Alice", state)), "{notices:?}");
            Ok(())
        })
        .await
    };
    ring(&alice, &bob, CallType::Video).await?;
    ensure!(bob.notices().await?.is_empty(), "a visible page needs no notice");
    // The page is hidden while it rings, and shown again.
    bob.put_away().await?;
    told("shown", 1).await?;
    bob.bring_back().await?;
    told("gone", 1).await?;
    // The page is hidden again until the caller gives up.
    bob.put_away().await?;
    told("shown", 2).await?;
    let script = "window.focus = () => { window.__focused = true; }; window.__harness.clickNotice(); return window.__focused";
    ensure!(bob.script(script, vec![]).await? == true, "a click does not bring the page to the front");
    alice.click("button", "Cancel call").await?;
    told("gone", 2).await?;
    // The page is hidden before the ring begins.
    alice.click("button", "Video call").await?;
    told("shown", 3).await?;
    alice.click("button", "Cancel call").await?;
    told("gone", 3).await?;
});
