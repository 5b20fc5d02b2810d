//! A part of the page that cannot be loaded: the server has a newer page, or the network failed for a moment.

use crate::as_delivered as run;
use parley_e2e::{
    app::{CallType, befriend, in_room, is_online, ring, sign_in, sign_in_by_hand},
    browser::Media,
};

const NOTE: &str = "couldn’t be loaded";

told_by!(Chromium Firefox:
async fn the_part_behind_sign_in_loads_when_tried_again(world, pair) {
    // The browser and the loader log that a file is missing.
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
async fn the_part_for_calls_loads_when_tried_again(world, pair) {
    for noted in ["Failed to load resource", "WebAssembly", "wasm", "404"] {
        world.allow(noted);
    }
    let (alice, bob) = world.pair(pair).await?;
    sign_in(&bob).await?;
    world.front.withhold(Some("/calls-"));
    // The socket belongs to the part that is withheld, so the person cannot come online before the retry.
    sign_in_by_hand(&alice).await?;
    alice.reads(NOTE).await?;
    world.front.withhold(None);
    alice.click("button", "Try again").await?;
    is_online(&alice).await?;
    befriend(&alice, &bob).await?;
    ring(&alice, &bob, CallType::Audio).await?;
    bob.click("button", "Answer").await?;
    in_room(&alice, &bob).await?;
});
