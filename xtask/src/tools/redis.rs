//! The Redis server program. The server tests start an instance of their own. Valkey is compatible and works
//! as well.

use std::path::PathBuf;

use anyhow::Result;

use super::apt;
use crate::process;

const WHY: &str = "the server tests run on PostgreSQL and Redis too";
const PROGRAMS: [&str; 2] = ["redis-server", "valkey-server"];

/// Finds or installs the program; the inner error names the missing package.
pub fn ensure() -> Result<Result<PathBuf, String>> {
    if let Some(found) = process::find(&PROGRAMS) {
        return Ok(Ok(found));
    }
    let missing = match apt::install(WHY, &["redis-server"])? {
        apt::Installed::Yes => "package redis-server contains no redis-server".to_owned(),
        apt::Installed::No(reason) => reason,
    };
    Ok(process::find(&PROGRAMS).ok_or(missing))
}
