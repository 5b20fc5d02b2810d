//! A group that talks, and what lies beside the pictures.

use super::Visitor;
use crate::{
    app::{self, ESCAPE},
    browser::{Kind, Media},
    scenario::World,
    user::Named,
};
use anyhow::Result;

const GROUP: &str = "Rowing club";

pub async fn group(world: &World, visitor: &mut impl Visitor) -> Result<()> {
    let mut people = Vec::new();
    for name in ["Alice", "Bob", "Cleo"] {
        people.push(world.user(name, Kind::Chromium, Media::Fake).await?);
    }
    let [alice, bob, cleo] = people.as_slice() else { unreachable!("three were started") };
    app::gather(&[alice, bob, cleo], GROUP).await?;
    alice.type_into("textbox", "Message", "Who brings the boat?").await?;
    alice.click("button", "Send").await?;
    bob.reads("Who brings the boat?").await?;
    visitor.look(bob, "group-conversation").await?;
    alice.click("link", Named::Starts("Details of")).await?;
    alice.sees("button", "Leave the group").await?;
    visitor.look(alice, "group-details").await?;
    alice.click("link", Named::Starts(GROUP)).await?;
    alice.click("button", "Video call").await?;
    bob.sees("alertdialog", Named::Any).await?;
    visitor.look(bob, "group-incoming").await?;
    for callee in [bob, cleo] {
        callee.click("button", "Answer").await?;
        callee.sees("main|region", format!("Call with {GROUP}").as_str()).await?;
    }
    alice.reads("Cleo").await?;
    visitor.look(alice, "group-room").await?;
    alice.press('p').await?;
    alice.sees("region", "People in this call").await?;
    visitor.look(alice, "group-room-people").await?;
    alice.press('p').await?;
    alice.press('c').await?;
    alice.sees("region", "Chat").await?;
    visitor.look(alice, "group-room-chat").await?;
    alice.press(ESCAPE).await?;
    bob.press('h').await?;
    alice.reads("Bob").await?;
    bob.click("button", "React or raise hand").await?;
    visitor.look(bob, "group-room-reactions").await
}
