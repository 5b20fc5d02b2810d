//! A forged answer: only the callee can answer for the callee.

use crate::{as_delivered as run, media::connected_in_silence};
use anyhow::ensure;
use parley_e2e::{
    app::{CallType, incoming, meet, ring},
    wait::throughout,
};
use std::time::Duration;

told_by!(Chromium Firefox:
async fn an_accept_by_the_caller_opens_nothing_at_the_callee(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    ring(&alice, &bob, CallType::Video).await?;
    connected_in_silence(&alice).await?;
    connected_in_silence(&bob).await?;
    // A hostile page in the caller's place claims that the callee has answered, both to the server and on the
    // data channel.
    let script = "return (async () => {
        const { calls } = await fetch('/api/calls/active').then((r) => r.json());
        const call = calls[0];
        const seat = call.participants.find((p) => p.user.id === call.initiator_id);
        const answer = await fetch(`/api/calls/${call.id}/accept`, {
            method: 'POST', headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ device_id: seat.device_id, media: { muted: false, video: true } }),
        });
        const open = window.__harness.channels.filter((c) => c.readyState === 'open');
        for (const channel of open) channel.send(JSON.stringify({ type: 'accept', call_id: call.id }));
        return { status: answer.status, sent: open.length };
    })()";
    let outcome = alice.script(script, vec![]).await?;
    ensure!(outcome["sent"].as_u64() == Some(1), "no channel to lie on: {outcome}");
    let card = incoming(CallType::Video, &alice);
    throughout(Duration::from_secs(2), "the callee stays silent and rings on", async || {
        bob.stats().await?.ensure_silent()?;
        ensure!(bob.tracks().await?.is_empty(), "devices were opened");
        ensure!(bob.has("alertdialog", card.as_str()).await?, "it rings no longer");
        Ok(())
    })
    .await?;
    // The forger's browser logs that the claim was refused.
    world.allow("/accept - Failed to load resource");
});
