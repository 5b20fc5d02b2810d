//! Fingerprints of sets of files: one number over their names and contents, to see whether anything changed.
//!
//! Times of modification are not used: a checkout, a switch of branches or a copied cache changes them
//! without a change of contents.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::Path;

use anyhow::{Context, Result};

/// Returns the fingerprint of these files and folders, and of `extra`. A path that does not exist adds its
/// name only.
pub fn of(paths: &[&Path], extra: &str) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    extra.hash(&mut hasher);
    for path in paths {
        add(path, &mut hasher)?;
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn add(path: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    path.hash(hasher);
    if path.is_dir() {
        let mut entries: Vec<_> = fs::read_dir(path)?.flatten().map(|entry| entry.path()).collect();
        entries.sort();
        for entry in entries {
            add(&entry, hasher)?;
        }
    } else if path.exists() {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        bytes.hash(hasher);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_names_and_extras_count() {
        let dir = std::env::temp_dir().join(format!("parley-fingerprint-{}", std::process::id()));
        fs::create_dir_all(dir.join("below")).expect("a folder");
        fs::write(dir.join("below/a"), "1").expect("a file");
        let first = of(&[&dir], "x").expect("readable");
        assert_eq!(of(&[&dir], "x").expect("readable"), first);
        assert_ne!(of(&[&dir], "y").expect("readable"), first);
        fs::write(dir.join("below/a"), "2").expect("a file");
        let second = of(&[&dir], "x").expect("readable");
        assert_ne!(second, first);
        fs::rename(dir.join("below/a"), dir.join("below/b")).expect("renamed");
        assert_ne!(of(&[&dir], "x").expect("readable"), second);
        fs::remove_dir_all(dir).expect("removed");
    }
}
