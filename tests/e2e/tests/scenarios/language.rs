//! The language of the page: the person's own, and English for everybody else.

use crate::as_delivered as run;
use parley_e2e::app::{CallType, meet};

told_by!(Chromium Firefox:
async fn the_chosen_language_is_spoken_everywhere(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    bob.script("localStorage.setItem('language', 'de')", vec![]).await?;
    let path = bob.path().await?;
    bob.go(&path).await?;
    bob.sees("button", "Videoanruf").await?;
    bob.sees("heading", "Gespräche").await?;
    let lang = bob.script("return document.documentElement.lang + ' ' + document.documentElement.dir", vec![]).await?;
    anyhow::ensure!(lang == "de ltr", "{lang}");
    alice.click("button", CallType::Video.button()).await?;
    bob.sees("alertdialog", "Eingehender Videoanruf von Alice").await?;
    bob.click("button", "Ablehnen").await?;
    alice.sees("heading", "Declined").await?;
    alice.click("button", "Close").await?;
    bob.reads("Videoanruf abgelehnt").await?;
});
