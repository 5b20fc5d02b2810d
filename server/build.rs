//! Makes sure that the folder of the built page exists, so that the server compiles before the page does.

use std::{env, fs, path::PathBuf};

fn main() -> std::io::Result<()> {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap_or_default());
    let dist = here.join("../dist");
    fs::create_dir_all(&dist)?;
    println!("cargo::rerun-if-changed=build.rs");
    // A debug build reads the page from the disk; only a release build carries it.
    if env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo::rerun-if-changed={}", dist.display());
    }
    Ok(())
}
