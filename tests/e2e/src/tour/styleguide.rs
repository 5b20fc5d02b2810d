//! The styleguide: every component, and every screen with made-up people. Only debug builds of the page have it.

use super::Visitor;
use crate::{
    browser::{Kind, Media},
    scenario::World,
    wait::eventually,
};
use anyhow::{Result, ensure};

/// Where the styleguide leads to.
const SAMPLES: &str = "
    const links = [...document.querySelectorAll('a[href^=\"/styleguide/\"]')];
    return links.map((link) => link.pathname);
";

pub async fn styleguide(world: &World, visitor: &mut impl Visitor) -> Result<()> {
    let robin = world.user("Robin", Kind::Chromium, Media::Fake).await?;
    robin.go("/styleguide").await?;
    robin.sees("heading", "Components").await?;
    visitor.look(&robin, "styleguide-components").await?;
    let samples: Vec<String> = serde_json::from_value(robin.script(SAMPLES, vec![]).await?)?;
    for sample in samples {
        robin.go(&sample).await?;
        // A call makes the page behind it as good as gone, so there is no one thing that all of them have.
        eventually("it to be drawn", async || {
            ensure!(!robin.text().await?.is_empty(), "an empty page");
            Ok(())
        })
        .await?;
        visitor.look(&robin, sample.trim_start_matches('/').replace('/', "-").as_str()).await?;
    }
    Ok(())
}
