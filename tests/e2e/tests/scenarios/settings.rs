//! Settings, which hold at once and after the person returns.

use crate::as_delivered as run;
use anyhow::{Result, ensure};
use parley_e2e::{
    Kind, User,
    app::{CallType, meet, sign_in},
    eventually,
    user::Named,
};

/// A script that chooses a file as the browser's file dialog would: a drawing, wider than high.
const CHOOSE_PICTURE: &str = "
    const done = arguments[0];
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [640, 360];
    canvas.getContext('2d').fillRect(0, 0, 320, 360);
    canvas.toBlob((blob) => {
        const files = new DataTransfer();
        files.items.add(new File([blob], 'me.png', { type: 'image/png' }));
        const field = document.querySelector('input[type=file]');
        field.files = files.files;
        field.dispatchEvent(new Event('change', { bubbles: true }));
        done(null);
    });
";

told_by!(Chromium Firefox:
async fn a_picture_is_chosen_seen_by_others_and_taken_away(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    alice.go("/settings/profile").await?;
    alice.sees("button", "Save").await?;
    alice.later(CHOOSE_PICTURE, vec![]).await?;
    alice.sees("button", "Remove the picture").await?;
    bob.go("/").await?;
    bob.sees("link", Named::Starts("Alice")).await?;
    eventually("the picture at the other side", async || {
        let width = bob.script("return document.querySelector('.row .avatar img')?.naturalWidth", vec![]).await?;
        ensure!(width == 288, "{width}");
        Ok(())
    })
    .await?;
    alice.click("button", "Remove the picture").await?;
    alice.misses("button", "Remove the picture").await?;
    bob.go("/").await?;
    bob.sees("link", Named::Starts("Alice")).await?;
    let images = bob.script("return document.querySelectorAll('.avatar img').length", vec![]).await?;
    ensure!(images == 0, "{images}");
});

/// Returns the computed background colour of the page.
async fn background(user: &User) -> Result<String> {
    let color =
        user.script("return getComputedStyle(document.documentElement).backgroundColor", vec![]).await?;
    Ok(color.as_str().unwrap_or_default().to_owned())
}

/// Waits until the level meter moves. Firefox runs no audio graph on a machine without an output device, so
/// there only the meter itself is checked.
pub async fn heard(user: &User) -> Result<()> {
    if user.kind() == Kind::Firefox {
        return user.sees("meter", "Microphone level").await;
    }
    eventually("the microphone to be heard", async || {
        let level = user.attribute("meter", "Microphone level", "aria-valuenow").await?.unwrap_or_default();
        ensure!(level.parse::<u32>().is_ok_and(|level| level > 0), "{level:?}");
        Ok(())
    })
    .await
}

const LIGHT: &str = "rgb(244, 246, 243)";
const DARK: &str = "rgb(13, 23, 24)";

async fn looks(user: &User, color: &str) -> Result<()> {
    eventually(format!("the page to be {color}"), async || {
        let now = background(user).await?;
        ensure!(now == color, "{now}");
        Ok(())
    })
    .await
}

told_by!(Chromium Firefox:
async fn theme_and_language_are_chosen_and_remembered(world, pair) {
    let alice = world.user("Alice", pair.kinds().0, parley_e2e::Media::Fake).await?;
    sign_in(&alice).await?;
    alice.click("link", "Settings").await?;
    alice.click("link", Named::Starts("Appearance")).await?;
    alice.sees("heading", "Appearance").await?;
    alice.click("radio", "Dark").await?;
    looks(&alice, DARK).await?;
    alice.click("radio", "Light").await?;
    looks(&alice, LIGHT).await?;
    alice.click("radio", "Dark").await?;
    alice.go("/settings/appearance").await?;
    alice.sees("radio", "Dark").await?;
    looks(&alice, DARK).await?;
    alice.click("radio", "Deutsch").await?;
    alice.sees("heading", "Darstellung").await?;
    ensure!(alice.path().await? == "/settings/appearance");
    alice.click("radio", "English").await?;
    alice.sees("heading", "Appearance").await?;
});

told_by!(Chromium Firefox:
async fn devices_are_tried_out_and_let_go_of(world, pair) {
    let alice = world.user("Alice", pair.kinds().0, parley_e2e::Media::Fake).await?;
    sign_in(&alice).await?;
    alice.go("/settings/devices").await?;
    alice.click("button", "Test microphone and camera").await?;
    heard(&alice).await?;
    eventually("the own picture to move", async || {
        let width = alice.script("return document.querySelector('.device-preview video').videoWidth", vec![]).await?;
        ensure!(width.as_u64().is_some_and(|width| width > 0), "{width}");
        Ok(())
    })
    .await?;
    let live = async || Ok::<_, anyhow::Error>(alice.tracks().await?.iter().filter(|t| t.state == "live").count());
    ensure!(live().await? == 2, "{:?}", alice.tracks().await?);
    // The camera must not stay on when the person leaves the section.
    alice.click("link", "Back to settings").await?;
    eventually("the light to go out", async || {
        ensure!(live().await? == 0, "{:?}", alice.tracks().await?);
        Ok(())
    })
    .await?;
});

told_by!(Chromium Firefox:
async fn a_person_not_to_be_disturbed_is_not_rung(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    alice.reads("Online").await?;
    bob.go("/settings/privacy").await?;
    bob.click("switch", Named::Starts("Do not disturb")).await?;
    alice.reads("Do not disturb").await?;
    alice.click("button", CallType::Audio.button()).await?;
    alice.sees("dialog", "Calling Bob").await?;
    bob.misses("alertdialog", Named::Any).await?;
    alice.click("button", "Cancel call").await?;
    // The call belongs in the list that this link opens.
    bob.sees("link", Named::Starts("Calls")).await?;
});

told_by!(Chromium Firefox:
async fn a_name_is_changed_for_everybody(world, pair) {
    let (alice, bob) = world.pair(pair).await?;
    meet(&alice, &bob).await?;
    alice.go("/settings/profile").await?;
    alice.type_into("textbox", "Your name", "Alina").await?;
    alice.click("button", "Save").await?;
    alice.reads("Saved").await?;
    let path = bob.path().await?;
    bob.go(&path).await?;
    bob.sees("heading", "Alina").await?;
});

told_by!(Chromium Firefox:
async fn the_own_sessions_are_listed(world, pair) {
    let alice = world.user("Alice", pair.kinds().0, parley_e2e::Media::Fake).await?;
    sign_in(&alice).await?;
    alice.go("/settings/sessions").await?;
    alice.reads("This browser").await?;
    alice.reads(if pair.kinds().0 == parley_e2e::Kind::Firefox { "Firefox on" } else { "Chrome on" }).await?;
});
