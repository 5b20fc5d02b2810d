//! What the page itself is observed to do (`page/harness.js`).

use super::User;
use crate::stats::Sample;
use anyhow::{Context, Result};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

/// A track that the page has had from camera or microphone.
#[derive(Debug, Clone, Deserialize)]
pub struct Track {
    pub kind: String,
    pub label: String,
    pub state: String,
    pub enabled: bool,
}

/// What the person saw of the other's picture since their last click.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    pub click: Option<f64>,
    pub clicked: Option<String>,
    pub first: Option<f64>,
    pub count: u64,
    pub worst_gap: f64,
}

/// What the system was asked to tell: `asked for`, `shown` or `gone`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SystemNotice {
    pub title: String,
    pub state: String,
}

/// One console line, or an uncaught error.
#[derive(Debug, Clone, Deserialize)]
pub struct Line {
    pub level: String,
    pub at: f64,
    pub path: String,
    pub text: String,
}

impl User {
    async fn harness<T: DeserializeOwned>(&self, question: &str) -> Result<T> {
        let answer = self.script(&format!("return window.__harness.{question}()"), vec![]).await?;
        serde_json::from_value(answer).with_context(|| format!("{question} at {}'s", self.name))
    }

    pub async fn stats(&self) -> Result<Sample> {
        self.harness("stats").await
    }

    /// How many locks keep the screen on.
    pub async fn awake(&self) -> Result<u64> {
        self.harness("awake").await
    }

    /// Whether the server has answered on the page's socket.
    pub async fn online(&self) -> Result<bool> {
        self.harness("online").await
    }

    pub async fn raw_stats(&self) -> Result<Value> {
        self.harness("rawStats").await
    }

    pub async fn tracks(&self) -> Result<Vec<Track>> {
        self.harness("tracks").await
    }

    pub async fn captures(&self) -> Result<Value> {
        self.harness("captures").await
    }

    pub async fn shown(&self) -> Result<Shown> {
        self.harness("shown").await
    }

    /// The pitch of the first and of the last note of every sound that this window has played, in order.
    pub async fn notes(&self) -> Result<Vec<f64>> {
        self.harness("notes").await
    }

    /// Notices of the system that this window has asked for, and what became of each.
    pub async fn notices(&self) -> Result<Vec<SystemNotice>> {
        self.harness("notices").await
    }

    /// Console lines of this window since they were last asked for.
    pub async fn console(&self) -> Result<Vec<Line>> {
        self.harness("drain").await
    }
}
