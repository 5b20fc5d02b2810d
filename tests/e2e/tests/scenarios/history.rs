//! The list of past calls.

use crate::as_delivered as run;
use anyhow::ensure;
use parley_e2e::{
    app::{CallType, in_room, incoming, leave, meet, ring},
    eventually,
    user::Named,
};

told_by!(Chromium Firefox:
async fn a_missed_call_is_counted_listed_and_called_back(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    bob.click("link", Named::Starts("Chats")).await?;
    ring(&alice, &bob, CallType::Audio).await?;
    alice.click("button", "Cancel call").await?;
    let first = bob.window().await?;
    let second = bob.open_window("/").await?;
    bob.switch(&second).await?;
    bob.sees("link", "Calls 1 missed").await?;
    bob.switch(&first).await?;
    bob.click("link", "Calls 1 missed").await?;
    bob.reads("Missed").await?;
    bob.sees("link", "Calls").await?;
    // A missed call that was seen in one tab is not counted in another.
    bob.switch(&second).await?;
    bob.sees("link", "Calls").await?;
    bob.close_window().await?;
    bob.switch(&first).await?;
    bob.click("button", "Audio call with Alice").await?;
    alice.sees("alertdialog", incoming(CallType::Audio, &bob).as_str()).await?;
    alice.click("button", "Answer").await?;
    in_room(&alice, &bob).await?;
    // The plan of the caller sets an end, which both are told.
    for user in [&alice, &bob] {
        user.reads("Free · ends at").await?;
    }
    leave(&bob).await?;
    bob.click("button", "Close").await?;
    // The list shows the call at once, and each filter shows its own calls.
    eventually("both calls to be listed", async || {
        let rows = bob.script("return document.querySelectorAll('.call-row').length", vec![]).await?;
        ensure!(rows == 2, "{rows}");
        Ok(())
    })
    .await?;
    bob.click("radio", "Missed").await?;
    eventually("one missed call", async || {
        let rows = bob.script("return document.querySelectorAll('.call-row').length", vec![]).await?;
        ensure!(rows == 1, "{rows}");
        Ok(())
    })
    .await?;
    alice.click("button", "Close").await?;
    alice.go("/calls").await?;
    alice.click("radio", "Missed").await?;
    alice.sees("heading", "No missed calls").await?;
});
