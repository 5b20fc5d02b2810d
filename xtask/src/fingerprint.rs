//! Tells whether a set of files is as it was: one number over their names and contents.
//!
//! Contents rather than times, because a checkout, a branch and back, or a copied cache changes times only.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::Path;

use anyhow::{Context, Result};

/// The fingerprint of these files and folders; one that does not exist counts as absent.
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
