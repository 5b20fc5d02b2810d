//! The screens of a call, from the first ring to the list of calls.

use super::Visitor;
use crate::{
    app::{self, CallType, ESCAPE},
    scenario::World,
    user::Named,
};
use anyhow::Result;
use serde_json::json;

pub async fn call(world: &World, visitor: &mut impl Visitor) -> Result<()> {
    let [alice, bob, cleo] = super::people(world, ["Alice", "Bob", "Cleo"]).await?;
    tokio::try_join!(app::sign_in(&alice), app::sign_in(&bob), app::sign_in(&cleo))?;
    alice.request("PATCH", "/api/me", &json!({ "call_waiting": true })).await?;
    app::befriend(&cleo, &alice).await?;
    app::befriend(&alice, &bob).await?;
    app::ring(&alice, &bob, CallType::Video).await?;
    visitor.look(&alice, "outgoing").await?;
    visitor.look(&bob, "incoming").await?;
    bob.click("button", "Decline with a message").await?;
    visitor.look(&bob, "incoming-words").await?;
    bob.click("button", "Back to the call").await?;
    bob.click("button", "Answer").await?;
    app::in_room(&alice, &bob).await?;
    app::sees_pictures(&alice, 1).await?;
    visitor.look(&alice, "room").await?;
    alice.click("button", "Choose microphone and speakers").await?;
    visitor.look(&alice, "room-devices").await?;
    alice.press(ESCAPE).await?;
    alice.click("button", "More").await?;
    visitor.look(&alice, "room-more").await?;
    alice.click("button", "Keyboard shortcuts").await?;
    alice.sees("dialog", "Keyboard shortcuts").await?;
    visitor.look(&alice, "room-shortcuts").await?;
    alice.press(ESCAPE).await?;
    alice.click("button", "Connection details").await?;
    alice.sees("img", Named::Starts("Round trip")).await?;
    visitor.look(&alice, "room-connection").await?;
    alice.press(ESCAPE).await?;
    bob.press('v').await?;
    bob.press('m').await?;
    alice.reads("Bob is muted").await?;
    visitor.look(&alice, "room-camera-off").await?;
    cleo.click("button", "Audio call").await?;
    alice.sees("alertdialog", Named::Any).await?;
    visitor.look(&alice, "room-waiting").await?;
    alice.click("button", "Decline with a message").await?;
    visitor.look(&alice, "room-waiting-words").await?;
    alice.click("button", "Back to the call").await?;
    alice.click("button", "Decline").await?;
    app::leave(&bob).await?;
    alice.sees("heading", "Call ended").await?;
    visitor.look(&alice, "call-over").await?;
    tokio::try_join!(app::sees_end(&alice, "Call ended"), app::sees_end(&bob, "Call ended"))?;
    app::ring(&bob, &alice, CallType::Audio).await?;
    alice.click("button", "Decline").await?;
    bob.sees("heading", "Declined").await?;
    visitor.look(&bob, "call-declined").await?;
    bob.click("button", "Close").await?;
    visitor.look(&bob, "conversation-with-calls").await?;
    bob.click("link", Named::Starts("Calls")).await?;
    bob.click("radio", "All").await?;
    visitor.look(&bob, "calls").await?;
    // Of the two calls the older one connected.
    let details = "document.querySelectorAll('.call-row button[title=\"Call details\"]')[1].click()";
    bob.script(details, vec![]).await?;
    bob.sees("dialog", "Call details").await?;
    bob.reads("Round trip").await?;
    visitor.look(&bob, "call-details").await
}
