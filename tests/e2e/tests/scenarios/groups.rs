//! The life of a group: made, accepted, used, managed and left.

use crate::as_delivered as run;
use anyhow::{Result, ensure};
use parley_e2e::{User, app::meet, eventually, user::Named};

async fn make(alice: &User, bob: &User, name: &str) -> Result<()> {
    alice.click("link", Named::Starts("Chats")).await?;
    alice.click("link", "New group").await?;
    alice.type_into("textbox", "Group name", name).await?;
    alice.click("checkbox", bob.name.as_str()).await?;
    alice.click("button", "Create group").await?;
    alice.sees("heading", name).await
}

told_by!(Chromium Firefox:
async fn a_group_is_made_written_in_and_left(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    make(&alice, &bob, "Rocket club").await?;
    // An invited person is no member before they accept.
    alice.reads("1 person").await?;
    bob.click("link", Named::Starts("Rocket club")).await?;
    bob.sees("heading", "Alice invites you to Rocket club").await?;
    bob.click("button", "Accept invitation").await?;
    alice.reads("2 people").await?;
    alice.type_into("textbox", "Message", "Ten, nine, eight").await?;
    alice.reads("Bob").await?;
    alice.click("button", "Send").await?;
    bob.reads("Ten, nine, eight").await?;
    bob.type_into("textbox", "Message", "Seven").await?;
    alice.reads("Bob is typing…").await?;

    alice.click("link", "Details of Rocket club").await?;
    alice.click("button", "More options for Bob").await?;
    alice.click("button", "Make Bob an admin").await?;
    alice.reads("Admin").await?;
    alice.type_into("textbox", "Group name", "Moon club").await?;
    alice.click("button", "Save").await?;
    bob.sees("heading", "Moon club").await?;
    bob.click("link", "Details of Moon club").await?;
    bob.click("button", "Leave the group").await?;
    bob.click("button", "Leave").await?;
    eventually("Bob to be out of it", async || {
        ensure!(bob.path().await? == "/" && !bob.text().await?.contains("Moon club"), "{}", bob.text().await?);
        Ok(())
    })
    .await?;
    alice.reads("1 person").await?;
});

told_by!(Chromium Firefox:
async fn a_link_lets_somebody_into_the_group(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    alice.go("/new-group").await?;
    alice.type_into("textbox", "Group name", "Open door").await?;
    alice.click("button", "Create group").await?;
    alice.reads("Choose at least one person.").await?;
    alice.click("checkbox", "Bob").await?;
    alice.click("button", "Create group").await?;
    alice.sees("heading", "Open door").await?;
    alice.click("link", "Details of Open door").await?;
    alice.click("button", "New invite link").await?;
    alice.sees("textbox", "Invite link").await?;
    let link = alice.script("return document.querySelector('input[readonly]').value", vec![]).await?;
    let path = link.as_str().and_then(|link| link.strip_prefix(alice.origin())).unwrap_or_default().to_owned();
    bob.go(&path).await?;
    bob.sees("heading", "Alice invites you to Open door").await?;
    bob.click("button", "Join the group").await?;
    bob.sees("textbox", "Message").await?;
    alice.reads("2 people").await?;
    // The browser logs that the link has become invalid.
    world.allow("Failed to load resource");
    alice.click("button", "End").await?;
    alice.misses("button", "End").await?;
    bob.go(&path).await?;
    bob.sees("heading", "This invitation is no longer valid").await?;
});

told_by!(Chromium Firefox:
async fn a_blocked_person_is_gone_and_comes_back(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    alice.click("link", "Details of Bob").await?;
    alice.click("button", "Block Bob").await?;
    alice.click("button", "Block").await?;
    eventually("Bob to be gone from the list", async || {
        let gone = !alice.has("link", Named::Starts("Bob")).await?;
        ensure!(gone && alice.path().await? == "/");
        Ok(())
    })
    .await?;
    alice.go("/settings/privacy").await?;
    alice.click("button", "Unblock Bob").await?;
    alice.sees("link", Named::Starts("Bob")).await?;
});
