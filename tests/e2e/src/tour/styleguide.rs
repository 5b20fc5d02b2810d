//! The styleguide: every component, and every screen with made-up people. Only debug builds of the page have
//! it.

use super::Visitor;
use crate::{
    browser::{Kind, Media},
    scenario::World,
    wait::eventually,
};
use anyhow::{Result, ensure};

/// A script that returns the paths of the sample screens.
const SAMPLES: &str = "
    const links = [...document.querySelectorAll('a[href^=\"/styleguide/\"]')];
    return links.map((link) => link.pathname);
";

/// A script that counts the sections of components.
const KINDS: &str = "return document.querySelectorAll('.styleguide > section').length";
/// A script that hides all sections but one.
const ONE: &str = "
    const kinds = [...document.querySelectorAll('.styleguide > section')];
    kinds.forEach((kind, at) => { kind.style.display = at === arguments[0] ? '' : 'none'; });
";

pub async fn styleguide(world: &World, visitor: &mut impl Visitor) -> Result<()> {
    let robin = world.user("Robin", Kind::Chromium, Media::Fake).await?;
    robin.go("/styleguide").await?;
    robin.sees("heading", "Components").await?;
    let samples: Vec<String> = serde_json::from_value(robin.script(SAMPLES, vec![]).await?)?;
    let kinds: usize = serde_json::from_value(robin.script(KINDS, vec![]).await?)?;
    for kind in 0..kinds {
        robin.script(ONE, vec![kind.into()]).await?;
        visitor.look(&robin, &format!("styleguide-components-{kind}")).await?;
    }
    for sample in samples {
        robin.go(&sample).await?;
        // A call makes the page behind it inert, so no single element is visible on all of them.
        eventually("it to be drawn", async || {
            ensure!(!robin.text().await?.is_empty(), "an empty page");
            Ok(())
        })
        .await?;
        if sample.ends_with("offline") {
            robin.reads("Offline. Trying").await?;
        }
        let lines = robin.console().await?;
        ensure!(!lines.iter().any(|line| line.text.contains("nothing to press")), "{sample}: {lines:?}");
        visitor.look(&robin, sample.trim_start_matches('/').replace('/', "-").as_str()).await?;
    }
    Ok(())
}
