//! Observations of the page, recorded by `page/harness.js`.

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

/// The frames of the other's picture that were presented since the person's last click.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    pub click: Option<f64>,
    pub clicked: Option<String>,
    pub first: Option<f64>,
    pub count: u64,
    pub worst_gap: f64,
}

/// A system notification; its state is `asked for`, `shown` or `gone`.
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

    /// Returns the number of wake locks that keep the screen on.
    pub async fn awake(&self) -> Result<u64> {
        self.harness("awake").await
    }

    /// Tells whether the server has answered on the page's socket.
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

    /// Returns the pitch of the first and of the last note of every sound that this window has played, in
    /// order.
    pub async fn notes(&self) -> Result<Vec<f64>> {
        self.harness("notes").await
    }

    /// Returns the system notifications that this window has asked for, each with its state.
    pub async fn notices(&self) -> Result<Vec<SystemNotice>> {
        self.harness("notices").await
    }

    /// Returns the console lines of this window since the last call.
    pub async fn console(&self) -> Result<Vec<Line>> {
        self.harness("drain").await
    }
}
