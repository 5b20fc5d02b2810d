//! The screens of a group: its conversation, its details, and the panels of its call.

use super::Visitor;
use crate::{
    app::{self, ESCAPE},
    scenario::World,
    user::Named,
};
use anyhow::Result;

const GROUP: &str = "Rowing club";

pub async fn group(world: &World, visitor: &mut impl Visitor) -> Result<()> {
    let people = super::people(world, ["Alice", "Bob", "Cleo", "Dora"]).await?;
    let [alice, bob, cleo, dora] = people.each_ref().map(|user| &**user);
    app::gather(&[alice, bob, cleo, dora], GROUP).await?;
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
    for callee in [bob, cleo, dora] {
        callee.click("button", "Answer").await?;
        callee.sees("main|region", format!("Call with {GROUP}").as_str()).await?;
    }
    app::sees_pictures(alice, 3).await?;
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
    visitor.look(bob, "group-room-reactions").await?;
    bob.press(ESCAPE).await?;
    bob.press('s').await?;
    alice.sees("video", "Bob’s screen").await?;
    visitor.look(alice, "group-room-screen").await
}
