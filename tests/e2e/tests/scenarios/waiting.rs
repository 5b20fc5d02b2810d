//! Call waiting: a second call rings during a call.

use crate::{as_delivered as run, media::flows_both};
use anyhow::{Result, ensure};
use parley_e2e::{
    Kind, Media, User, World,
    app::{CallType, befriend, in_room, incoming, leave, meet, ring, sees_end, sign_in},
    stats::Flow,
    user::Named,
    wait::eventually,
};
use serde_json::json;
use std::sync::Arc;

/// Adds a third person who knows this one, and turns on call waiting for this one.
async fn third(world: &World, kind: Kind, knows: &User) -> Result<Arc<User>> {
    let cleo = world.user("Cleo", kind, Media::Fake).await?;
    sign_in(&cleo).await?;
    befriend(&cleo, knows).await?;
    knows.request("PATCH", "/api/me", &json!({ "call_waiting": true })).await?;
    Ok(cleo)
}

told_by!(Chromium Mixed:
async fn one_call_is_left_for_another(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    let cleo = third(world, pair.kinds().0, &bob).await?;
    ring(&alice, &bob, CallType::Audio).await?;
    bob.click("button", "Answer").await?;
    in_room(&alice, &bob).await?;
    flows_both(&alice, &bob, Flow::AUDIO).await?;

    let banner = incoming(CallType::Audio, &cleo);
    cleo.click("button", "Audio call").await?;
    bob.sees("alertdialog", banner.as_str()).await?;
    cleo.sees("status", Named::Says("Ringing…")).await?;
    bob.click("button", "Decline").await?;
    sees_end(&cleo, "Declined").await?;
    bob.misses("alertdialog", Named::Any).await?;
    in_room(&alice, &bob).await?;
    flows_both(&alice, &bob, Flow::AUDIO).await?;

    cleo.click("button", "Audio call").await?;
    bob.sees("alertdialog", banner.as_str()).await?;
    bob.click("button", "Leave and answer").await?;
    in_room(&bob, &cleo).await?;
    flows_both(&bob, &cleo, Flow::AUDIO).await?;
    sees_end(&alice, "Call ended").await?;
    leave(&cleo).await?;
});

told_by!(Chromium:
async fn the_system_announces_a_waiting_call_while_the_page_is_hidden(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    let cleo = third(world, pair.kinds().0, &bob).await?;
    bob.allow_notices().await?;
    ring(&alice, &bob, CallType::Audio).await?;
    bob.click("button", "Answer").await?;
    in_room(&alice, &bob).await?;
    bob.put_away().await?;
    cleo.click("button", "Audio call").await?;
    let told = async |state: &str| {
        eventually(state, async || {
            let notices = bob.notices().await?;
            let all: Vec<_> = notices.iter().map(|notice| (notice.title.as_str(), notice.state.as_str())).collect();
            ensure!(all == [("Incoming audio call from Cleo", state)], "{all:?}");
            Ok(())
        })
        .await
    };
    told("shown").await?;
    cleo.click("button", "Cancel call").await?;
    told("gone").await?;
    bob.bring_back().await?;
    in_room(&alice, &bob).await?;
    leave(&alice).await?;
});
