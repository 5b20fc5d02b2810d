//! Accessibility checks with axe.

use crate::{places, user::User};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::fmt::Write;

/// A script that runs the rules of WCAG up to 2.2 AA, and axe's best practices.
const RUN: &str = "
    const done = arguments[arguments.length - 1];
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] })
        .then((result) => done(result.violations), (error) => done(String(error)));
";

impl User {
    /// Checks that axe finds no violation on the page as it is.
    pub async fn accessible(&self) -> Result<()> {
        if self.script("return typeof axe", vec![]).await? == "undefined" {
            let axe = std::fs::read_to_string(places::axe()?).context("axe cannot be read")?;
            self.script(&axe, vec![]).await?;
        }
        let found = self.later(RUN, vec![]).await?;
        let found = found.as_array().with_context(|| format!("axe gave no list: {found}"))?;
        ensure!(found.is_empty(), "axe: {}", found.iter().map(words).collect::<String>());
        Ok(())
    }
}

/// Describes one violated rule and the elements that violate it.
fn words(violation: &Value) -> String {
    let mut words = format!(
        "\n{} ({}): {}",
        text(&violation["id"]),
        text(&violation["impact"]),
        text(&violation["help"])
    );
    for node in violation["nodes"].as_array().into_iter().flatten() {
        let _ =
            write!(words, "\n    {} {}", node["target"], text(&node["failureSummary"]).replace('\n', " "));
    }
    words
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
