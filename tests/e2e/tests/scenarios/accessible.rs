//! Accessibility of every screen in every state: axe finds nothing, and nothing is cut off on a narrow screen
//! or at a large zoom.

use anyhow::{Context, Result, ensure};
use parley_e2e::{
    Kind, Media, User,
    scenario::{World, long_scenario},
    server::Settings,
    tour::{self, Visitor},
    view,
};
use std::time::Duration;

/// The time limit of a tour. Axe reads every screen twice beside up to four people in a video call, which
/// takes minutes on two slow cores.
const WALK: Duration = Duration::from_secs(15 * 60);

async fn as_delivered(name: &str, body: impl AsyncFnOnce(&World) -> Result<()>) {
    long_scenario(name, Settings::default(), WALK, body).await;
}

/// A visitor that collects complaints and goes on, so that one run reports all of them.
#[derive(Default)]
struct Inspector {
    complaints: Vec<String>,
}

impl Inspector {
    fn note(&mut self, place: &str, view: view::View, outcome: Result<()>) {
        if let Err(error) = outcome {
            self.complaints.push(format!("{place}, {}: {error:#}", view.name));
        }
    }

    fn verdict(self) -> Result<()> {
        ensure!(self.complaints.is_empty(), "{}", self.complaints.join("\n"));
        Ok(())
    }
}

impl Visitor for Inspector {
    async fn look(&mut self, user: &User, place: &str) -> Result<()> {
        for view in [view::DESK_LIGHT, view::PHONE_DARK] {
            user.look(view).await?;
            self.note(place, view, user.accessible().await);
        }
        for view in [view::NARROW, view::ENLARGED, view::BESIDE] {
            user.look(view).await?;
            self.note(place, view, user.fits().await);
        }
        user.look(view::DESK_LIGHT).await.context("back to the desk")
    }
}

#[tokio::test]
async fn screens_around_a_call_are_accessible() {
    as_delivered("accessible around a call", async |world| {
        let mut inspector = Inspector::default();
        tour::around(world, &mut inspector).await?;
        inspector.verdict()
    })
    .await;
}

#[tokio::test]
async fn screens_of_a_call_are_accessible() {
    as_delivered("accessible in a call", async |world| {
        let mut inspector = Inspector::default();
        tour::call(world, &mut inspector).await?;
        inspector.verdict()
    })
    .await;
}

#[tokio::test]
async fn screens_of_a_group_are_accessible() {
    as_delivered("accessible in a group", async |world| {
        let mut inspector = Inspector::default();
        tour::group(world, &mut inspector).await?;
        inspector.verdict()
    })
    .await;
}

#[tokio::test]
async fn screens_of_the_settings_are_accessible() {
    as_delivered("accessible in the settings", async |world| {
        let mut inspector = Inspector::default();
        tour::settings(world, &mut inspector).await?;
        inspector.verdict()
    })
    .await;
}

/// Proves that axe and the width check find faults; otherwise the other tests here would mean nothing.
#[tokio::test]
async fn faults_are_found() {
    as_delivered("faults are found", async |world| {
        let alice = world.user("Alice", Kind::Chromium, Media::Fake).await?;
        alice.go("/").await?;
        alice.sees("textbox", "Your name").await?;
        alice.look(view::NARROW).await?;
        alice.accessible().await?;
        alice.fits().await?;
        let wrong = "
            const text = document.createElement('p');
            text.textContent = 'far too wide';
            text.style.cssText = 'width: 900px; color: #777; background: #888';
            document.querySelector('main').append(document.createElement('button'), text)";
        alice.script(wrong, vec![]).await?;
        let said = alice.accessible().await.err().map(|error| error.to_string()).unwrap_or_default();
        ensure!(said.contains("button-name") && said.contains("color-contrast"), "axe said: {said}");
        ensure!(alice.fits().await.is_err(), "it does not fit");
        Ok(())
    })
    .await;
}
