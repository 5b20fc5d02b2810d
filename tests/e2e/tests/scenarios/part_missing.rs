//! A part of the page does not come: the server has a newer page, or the way was away for a moment.

use crate::as_delivered as run;
use parley_e2e::{
    app::{CallType, befriend, in_room, ring, sign_in},
    browser::Media,
};

const NOTE: &str = "could not be loaded";

told_by!(Chromium Firefox:
async fn what_is_behind_sign_in_comes_when_tried_again(world, pair) {
    // A file that is not there is noted by the browser and by the loader.
    for noted in ["Failed to load resource", "WebAssembly", "wasm", "404"] {
        world.allow(noted);
    }
    let user = world.user("Alice", pair.kinds().0, Media::Fake).await?;
    world.front.withhold(Some("/inside-"));
    user.go("/").await?;
    user.type_into("textbox", "Your name", "Alice").await?;
    user.click("button", "Continue").await?;
    user.reads(NOTE).await?;
    user.click("button", "Try again").await?;
    user.reads(NOTE).await?;
    world.front.withhold(None);
    user.click("button", "Try again").await?;
    user.sees("searchbox", "Find people").await?;
});

told_by!(Chromium Firefox:
async fn calls_come_when_tried_again(world, pair) {
    for noted in ["Failed to load resource", "WebAssembly", "wasm", "404"] {
        world.allow(noted);
    }
    let (alice, bob) = world.pair(pair).await?;
    sign_in(&bob).await?;
    world.front.withhold(Some("/calls-"));
    sign_in(&alice).await?;
    alice.reads(NOTE).await?;
    world.front.withhold(None);
    alice.click("button", "Try again").await?;
    befriend(&alice, &bob).await?;
    ring(&alice, &bob, CallType::Audio).await?;
    bob.click("button", "Answer").await?;
    in_room(&alice, &bob).await?;
});
