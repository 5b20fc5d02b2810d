//! Connection quality: the warning while it is bad, its end when it is good again, and the report after the
//! call.

use crate::{alone as run, group, media::flows_both, network_lost::talk_through};
use anyhow::{Result, bail, ensure};
use parley_e2e::{
    Kind, User, World,
    app::leave,
    eventually,
    relay::{Conditions, Relay},
    stats::{Flow, Sample, Streams},
    user::Named,
    wait::{throughout, within},
};
use std::time::Duration;

/// A warning takes three bad samples and ends after five good ones, one every two seconds; the reports of the
/// other side come on top.
const TOLD: Duration = Duration::from_secs(40);
/// Long enough to see whether packets flow.
const LOOK: Duration = Duration::from_millis(1_500);
const WEAK: Named<'static> = Named::Says("connection is weak");

/// Counts the accepted POST requests to paths with this end.
fn posts(world: &World, end: &str) -> usize {
    let good = |seen: &parley_e2e::front::Seen| {
        seen.method == "POST" && seen.path.ends_with(end) && seen.status == 204
    };
    world.front.seen().iter().filter(|seen| good(seen)).count()
}

async fn posted(world: &World, end: &str) -> Result<()> {
    eventually(format!("a post to {end}"), async || {
        ensure!(posts(world, end) > 0, "none among: {}", world.requests());
        Ok(())
    })
    .await
}

/// The remedies that may be offered, each with its line in the report. The side that causes the trouble
/// decides which one is offered.
const OFFERS: [(&str, &str); 2] = [
    ("Turn off my camera", "Your camera was turned off to keep the audio going."),
    ("Audio only", "The call continued with audio only."),
];

/// Takes the remedy that is offered. Returns its line in the report.
async fn spare(user: &User) -> Result<&'static str> {
    within(TOLD, "something to be offered", async || {
        for (offer, told) in OFFERS {
            if user.has("button", offer).await? {
                user.click("button", offer).await?;
                return Ok(told);
            }
        }
        bail!("{}", user.text().await?)
    })
    .await
}

/// Measures for a moment: frames encoded for the others, frames decoded from them, and audio packets
/// received.
async fn moves(user: &User) -> Result<(u64, u64, u64)> {
    let sums = |sample: &Sample| {
        let sent = sample.open().flat_map(|peer| &peer.outbound).filter(|rtp| rtp.kind == "video");
        (sent.map(|rtp| rtp.frames).sum::<u64>(), sample.totals())
    };
    let (made, before) = sums(&user.stats().await?);
    throughout(LOOK, "the page is there", async || user.sees("timer", Named::Any).await).await?;
    let (made_after, after) = sums(&user.stats().await?);
    let shown = after.frames_decoded.saturating_sub(before.frames_decoded);
    Ok((made_after.saturating_sub(made), shown, after.audio_received.saturating_sub(before.audio_received)))
}

told_by!(Chromium Mixed:
async fn cameras_that_are_refused_are_not_sent_and_come_back(world, pair) {
    let (alice, bob) = talk_through(world, pair, &Relay::new(13, Conditions::default())).await?;
    alice.click("button", "Connection details").await?;
    alice.click("switch", Named::Starts("Others’ cameras")).await?;
    alice.reads("Others’ cameras are off for you.").await?;
    eventually("Bob to send Alice his voice and no picture", async || {
        let (made, _, _) = moves(&bob).await?;
        let (_, shown, heard) = moves(&alice).await?;
        ensure!(made == 0 && shown == 0, "{made} pictures are made, {shown} arrive");
        ensure!(heard > 5, "{heard} packets of voice");
        Ok(())
    })
    .await?;
    alice.click("button", "Close").await?;
    let (_, shown, heard) = moves(&bob).await?;
    ensure!(shown > 5 && heard > 5, "Bob sees {shown} pictures and hears {heard} packets");
    alice.click("button", "Show them again").await?;
    flows_both(&alice, &bob, Flow::VIDEO).await?;
    leave(&alice).await?;
    alice.reads("Others’ cameras were turned off for you to keep the audio going.").await?;
});

told_by!(Chromium Firefox:
async fn a_bad_line_is_told_until_it_is_good_again(world, pair) {
    let clean = Conditions { delay: Duration::from_millis(10), ..Conditions::default() };
    let relay = Relay::new(11, clean);
    let (alice, bob) = talk_through(world, pair, &relay).await?;
    posted(world, "/stats").await?;
    for (offer, _) in OFFERS {
        ensure!(!alice.has("button", offer).await?, "nothing is wrong yet");
    }
    relay.set(Conditions { loss: 0.2, ..clean });
    alice.sees_within(TOLD, "status", WEAK).await?;
    let spared = spare(&alice).await?;
    alice.sees("button", "Turn camera on").await?;
    bob.click("button", "Connection details").await?;
    bob.sees("img", Named::Starts("Packet loss over the last few minutes:")).await?;
    relay.set(clean);
    within(TOLD, "the warning to go", async || {
        ensure!(!alice.has("status", WEAK).await?, "{}", alice.text().await?);
        Ok(())
    })
    .await?;
    leave(&alice).await?;
    alice.reads("Parts of the audio or video were missing").await?;
    alice.reads(spared).await?;
    alice.click("radio", "4 stars").await?;
    alice.reads("Thank you.").await?;
    posted(world, "/feedback").await?;
    let before = posts(world, "/feedback");
    alice.type_into("textbox", "Anything else?", "It came back by itself").await?;
    alice.click("button", "Send").await?;
    eventually("the words to be with the server", async || {
        ensure!(posts(world, "/feedback") > before, "{}", world.requests());
        Ok(())
    })
    .await?;
    for event in ["quality_degraded", "quality_recovered"] {
        let rows = world.count_rows(&format!("call_events WHERE event = '{event}'"))?;
        ensure!(rows > 0, "no {event} in the log of the call");
    }
    alice.click("button", "Close").await?;
    alice.go("/calls").await?;
    alice.click("button", "Details of the call with Bob").await?;
    alice.sees("dialog", "Call details").await?;
    for measured in ["Round trip", "Packet loss", "Connected in"] {
        alice.reads(measured).await?;
    }
});

told_by!(Chromium Firefox:
async fn the_counters_are_read_as_the_browser_gives_them(world, pair) {
    let (alice, bob) = talk_through(world, pair, &Relay::new(12, Conditions::default())).await?;
    flows_both(&alice, &bob, Flow { out: Streams::AudioAndVideo, back: Streams::AudioAndVideo }).await?;
    alice.click("button", "Connection details").await?;
    for plot in ["Round trip", "Receiving", "Sending"] {
        // Each plot has a value, so its counter was found among the browser's.
        within(TOLD, format!("the plot of {plot}"), async || {
            let name = format!("{plot} over the last few minutes: –");
            ensure!(alice.has("img", Named::Starts(plot)).await?, "no plot of {plot}");
            ensure!(!alice.has("img", Named::Starts(&name)).await?, "{plot} has no value");
            Ok(())
        })
        .await?;
    }
    alice.reads(" fps").await?;
    alice.reads("direct, UDP").await?;
});

told_by!(Chromium:
async fn a_weak_connection_among_several_is_marked_on_its_tile(world, _pair) {
    let names = [("Alice", Kind::Chromium), ("Bob", Kind::Chromium), ("Carol", Kind::Chromium)];
    let three = group::people(world, &names).await?;
    group::begin(&three).await?;
    group::all_talk(&three).await?;
    let [alice, _, carol] = &three[..] else { bail!("not three") };
    ensure!(!alice.text().await?.contains("Weak connection"), "nothing is wrong yet");
    // Only the connections of Carol are bad from here on.
    leave(carol).await?;
    world.front.set_relay(Some(Relay::new(14, Conditions { loss: 0.2, ..Conditions::default() })));
    carol.click("button", "Join again").await?;
    within(TOLD, "Carol's tile to tell it", async || {
        let text = alice.text().await?;
        ensure!(text.contains("Weak connection") && !text.contains("Your connection"), "{text}");
        Ok(())
    })
    .await?;
});
