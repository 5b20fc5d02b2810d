//! How the connection is: told while it is bad, silent again when it is good, and told afterwards.

use crate::{as_delivered as run, media::flows_both, network_lost::talk_through};
use anyhow::{Result, ensure};
use parley_e2e::{
    World,
    app::leave,
    eventually,
    relay::{Conditions, Relay},
    stats::{Flow, Streams},
    user::Named,
    wait::within,
};
use std::time::Duration;

/// Three bad samples to warn, five good ones to clear, one every two seconds; and the reports of the other side.
const TOLD: Duration = Duration::from_secs(40);
const WEAK: Named<'static> = Named::Says("connection is weak");

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

told_by!(Chromium Firefox:
async fn a_bad_line_is_told_until_it_is_good_again(world, pair) {
    let clean = Conditions { delay: Duration::from_millis(10), ..Conditions::default() };
    let relay = Relay::new(11, clean);
    let (alice, bob) = talk_through(world, pair, &relay).await?;
    posted(world, "/stats").await?;
    ensure!(!alice.has("button", "Turn off my camera").await?, "nothing is wrong yet");
    relay.set(Conditions { loss: 0.2, ..clean });
    alice.sees_within(TOLD, "status", WEAK).await?;
    alice.click("button", "Turn off my camera").await?;
    alice.sees("button", "Turn camera on").await?;
    bob.click("button", "Connection details").await?;
    bob.sees("img", Named::Starts("Packet loss, the last minutes:")).await?;
    relay.set(clean);
    within(TOLD, "the warning to go", async || {
        ensure!(!alice.has("status", WEAK).await?, "{}", alice.text().await?);
        Ok(())
    })
    .await?;
    leave(&alice).await?;
    alice.reads("Parts of sound or picture were missing").await?;
    alice.reads("Your camera was turned off to keep the sound.").await?;
    alice.click("radio", "4 stars").await?;
    alice.reads("Thank you.").await?;
    posted(world, "/feedback").await?;
});

told_by!(Chromium Firefox:
async fn the_counters_are_read_as_the_browser_gives_them(world, pair) {
    let (alice, bob) = talk_through(world, pair, &Relay::new(12, Conditions::default())).await?;
    flows_both(&alice, &bob, Flow { out: Streams::AudioAndVideo, back: Streams::AudioAndVideo }).await?;
    alice.click("button", "Connection details").await?;
    for plot in ["Round trip", "Receiving", "Sending"] {
        // Each has a value, so each was found among the browser's counters.
        within(TOLD, format!("the plot of {plot}"), async || {
            let name = format!("{plot}, the last minutes: –");
            ensure!(alice.has("img", Named::Starts(plot)).await?, "no plot of {plot}");
            ensure!(!alice.has("img", Named::Starts(&name)).await?, "{plot} has no value");
            Ok(())
        })
        .await?;
    }
    alice.reads("a second").await?;
    alice.reads("direct, UDP").await?;
});
