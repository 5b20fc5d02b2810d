//! Compressed copies for the server to send: `.br` and `.gz` beside every file that becomes smaller by them.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::process;

const COMPRESSIBLE: [&str; 10] =
    ["html", "css", "js", "mjs", "wasm", "svg", "json", "webmanifest", "txt", "ico"];
/// Smallest file worth compressing, in bytes. Below it the extra response header costs more than is saved.
const SMALLEST: usize = 256;

pub fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut compressed, &params)?;
    Ok(compressed)
}

pub fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

/// Writes the copies beside every compressible file below `dir`.
pub fn copies(dir: &Path) -> Result<()> {
    process::each_at_once(&files(dir)?, |file| if is_compressible(file) { copies_of(file) } else { Ok(()) })
}

fn copies_of(file: &Path) -> Result<()> {
    let bytes = fs::read(file)?;
    if bytes.len() < SMALLEST {
        return Ok(());
    }
    for (suffix, compressed) in [("br", brotli(&bytes)?), ("gz", gzip(&bytes)?)] {
        if compressed.len() < bytes.len() {
            fs::write(with_suffix(file, suffix), compressed)?;
        }
    }
    Ok(())
}

pub fn is_compressible(file: &Path) -> bool {
    let extension = file.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| COMPRESSIBLE.contains(&extension))
}

/// Lists every file below `dir`, sorted.
pub fn files(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_written_beside_files_that_become_smaller() {
        let dir = std::env::temp_dir().join(format!("parley-compress-{}", std::process::id()));
        fs::create_dir_all(dir.join("below")).expect("a folder");
        fs::write(dir.join("below/a.css"), "a{color:red}".repeat(100)).expect("a file");
        fs::write(dir.join("b.png"), "x".repeat(1000)).expect("a file");
        fs::write(dir.join("tiny.js"), "0").expect("a file");
        copies(&dir).expect("compressed");
        let names: Vec<String> = files(&dir)
            .expect("readable")
            .iter()
            .map(|file| file.strip_prefix(&dir).expect("below").display().to_string())
            .collect();
        assert_eq!(names, ["b.png", "below/a.css", "below/a.css.br", "below/a.css.gz", "tiny.js"]);
        fs::remove_dir_all(dir).expect("removed");
    }
}
