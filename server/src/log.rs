//! The log: lines on standard error, as text or as one JSON object each.

use crate::config::{Config, LogFormat};
use anyhow::Context;
use std::io::stderr;
use tracing_subscriber::EnvFilter;

/// Installs the subscriber. May be called once per process.
pub fn begin(config: &Config) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.log).context("--log")?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr).with_target(false);
    match config.log_format {
        LogFormat::Text => lines.init(),
        LogFormat::Json => lines.json().flatten_event(true).init(),
    }
    Ok(())
}
