//! The PostgreSQL server programs. The storage tests start an instance of their own.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::apt;
use crate::process;

const WHY: &str = "the storage tests run on PostgreSQL too";

/// Finds or installs `initdb` and `postgres` and returns their folder; the inner error names the missing
/// package.
pub fn ensure() -> Result<Result<PathBuf, String>> {
    if let Some(found) = find() {
        return Ok(Ok(found));
    }
    let missing = match apt::install(WHY, &["postgresql"])? {
        apt::Installed::Yes => "package postgresql contains no initdb".to_owned(),
        apt::Installed::No(reason) => reason,
    };
    Ok(find().ok_or(missing))
}

fn find() -> Option<PathBuf> {
    let on_path = process::find(&["initdb"])
        .and_then(|program| fs::canonicalize(program).ok())
        .and_then(|program| program.parent().map(Path::to_path_buf));
    on_path.into_iter().chain(packaged()).find(|dir| is_complete(dir))
}

/// Lists the folders of Debian's packages, the newest version first. Debian keeps the server programs off
/// `PATH`, in one folder per version.
fn packaged() -> Vec<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    versions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    versions.into_iter().map(|(_, dir)| dir).collect()
}

fn is_complete(dir: &Path) -> bool {
    ["initdb", "postgres"].iter().all(|name| process::is_program(&dir.join(name)))
}
