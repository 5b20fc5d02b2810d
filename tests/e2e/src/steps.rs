//! The steps of a call's set-up, measured on both pages by one clock (`page/marks.js`).

use crate::User;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::HashMap;

#[derive(Debug, Deserialize)]
struct Mark {
    what: String,
    at: f64,
}

/// The milliseconds from the click to each step, one value per run.
#[derive(Debug, Default)]
pub struct Steps(HashMap<String, Vec<f64>>);

impl Steps {
    /// Forgets the marks of earlier steps on these pages.
    pub async fn begin(users: &[&User]) -> Result<()> {
        for user in users {
            user.script("if (window.__marks) window.__marks.length = 0", vec![]).await?;
        }
        Ok(())
    }

    /// Adds the steps of one run, measured from the callee's click, with the first frame `after` it. Adds
    /// nothing when pages record no marks.
    pub async fn add(&mut self, caller: &User, callee: &User, after: f64) -> Result<()> {
        let [callers, callees] = [marks(caller).await?, marks(callee).await?];
        let Some(click) = callees.iter().find(|mark| mark.what == "click") else { return Ok(()) };
        let mut run = HashMap::from([("callee: first frame".to_owned(), after)]);
        for (who, marks) in [("caller", &callers), ("callee", &callees)] {
            for Mark { what, at } in marks {
                run.entry(format!("{who}: {what}")).or_insert(at - click.at);
            }
        }
        for (step, after) in run {
            self.0.entry(step).or_default().push(after);
        }
        Ok(())
    }

    /// Returns the median of each step, in ascending order. Steps that at most half of the runs have are left
    /// out.
    pub fn medians(&self) -> Vec<(&str, f64)> {
        let runs = self.0.values().map(Vec::len).max().unwrap_or(0);
        let mut medians: Vec<_> = self
            .0
            .iter()
            .filter(|(_, times)| times.len() * 2 > runs)
            .map(|(step, times)| {
                let mut times = times.clone();
                times.sort_by(f64::total_cmp);
                (step.as_str(), times[times.len() / 2])
            })
            .collect();
        medians.sort_by(|one, other| one.1.total_cmp(&other.1));
        medians
    }
}

async fn marks(user: &User) -> Result<Vec<Mark>> {
    let marks = user.script("return window.__marks ?? []", vec![]).await?;
    serde_json::from_value(marks).context("marks")
}
