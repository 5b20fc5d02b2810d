//! The memory and objects that a page still holds after garbage collection.

use crate::user::User;
use anyhow::{Context, Result};
use serde_json::{Value, json};

/// The resources that a page holds.
#[derive(Debug, Clone, Copy)]
pub struct Footprint {
    /// The bytes that scripts hold.
    pub heap: u64,
    /// The bytes of the WASM memory, which never shrinks.
    pub program: u64,
    pub listeners: u64,
    pub nodes: u64,
    pub connections: u64,
}

impl User {
    /// Collects garbage and measures the page. Chromium only.
    pub async fn footprint(&self) -> Result<Footprint> {
        self.script("return window.__harness.forget()", vec![]).await?;
        for _ in 0..3 {
            self.devtools("HeapProfiler.collectGarbage", json!({})).await?;
        }
        self.devtools("Performance.enable", json!({})).await?;
        let answer = self.devtools("Performance.getMetrics", json!({})).await?;
        let metric = |name: &str| {
            let metrics = answer["metrics"].as_array().into_iter().flatten();
            let found = metrics.clone().find(|metric| metric["name"] == name);
            found.and_then(|metric| whole(&metric["value"])).with_context(|| format!("no {name} in {answer}"))
        };
        let program = self.script("return window.__harness.program()", vec![]).await?;
        Ok(Footprint {
            heap: metric("JSHeapUsedSize")?,
            program: whole(&program).context("the size of the program's memory")?,
            listeners: metric("JSEventListeners")?,
            nodes: metric("Nodes")?,
            connections: metric("RTCPeerConnections")?,
        })
    }
}

fn whole(value: &Value) -> Option<u64> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts of things")]
    value.as_f64().map(|number| number as u64)
}
