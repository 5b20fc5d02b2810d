//! The settings, and the list of calls before there are any.

use super::Visitor;
use crate::{
    app,
    browser::{Kind, Media},
    scenario::World,
    user::Named,
};
use anyhow::Result;

const SECTIONS: [&str; 7] =
    ["profile", "devices", "ringing", "appearance", "privacy", "keyboard", "sessions"];

pub async fn settings(world: &World, visitor: &mut impl Visitor) -> Result<()> {
    let alice = world.user("Alice", Kind::Chromium, Media::Fake).await?;
    app::sign_in(&alice).await?;
    alice.click("link", Named::Starts("Calls")).await?;
    alice.reads("No calls yet").await?;
    visitor.look(&alice, "calls-empty").await?;
    alice.go("/new-group").await?;
    alice.sees("textbox", "Group name").await?;
    visitor.look(&alice, "new-group").await?;
    alice.click("link", "Settings").await?;
    for section in SECTIONS {
        alice.go(&format!("/settings/{section}")).await?;
        alice.sees("heading", Named::Any).await?;
        if section == "devices" {
            alice.click("button", "Test microphone and camera").await?;
            alice.sees("meter", "Microphone level").await?;
        }
        visitor.look(&alice, &format!("settings-{section}")).await?;
    }
    Ok(())
}
