//! An invite link between two strangers.

use crate::{as_delivered as run, media::flows_both};
use anyhow::{Context, ensure};
use parley_e2e::{
    app::{CallType, in_room, ring, sign_in},
    stats::Flow,
    user::Named,
};

told_by!(Chromium Mixed:
async fn a_stranger_with_a_link_can_be_called(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    sign_in(&alice).await?;
    alice.click("button", "Copy invite link").await?;
    alice.sees("textbox", "Invite link").await?;
    let link = alice.content("textbox", "Invite link").await?;
    let path = link.strip_prefix(world.front.origin().as_str()).context("a link to another place")?;
    ensure!(path.starts_with("/i/"), "{link}");
    bob.go(path).await?;
    bob.type_into("textbox", "Your name", "Bob").await?;
    bob.click("button", "Continue").await?;
    bob.click("button", "Start chatting").await?;
    bob.sees("button", "Video call").await?;
    alice.click("link", Named::Starts("Bob")).await?;
    ring(&alice, &bob, CallType::Video).await?;
    bob.click("button", "Answer").await?;
    in_room(&alice, &bob).await?;
    flows_both(&alice, &bob, Flow::VIDEO).await?;
});
