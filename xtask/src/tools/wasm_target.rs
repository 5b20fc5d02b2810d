//! The standard library for `wasm32-unknown-unknown`, which does not come with rustc.
//!
//! ```text
//! in the sysroot, and usable by the compiler? ──yes──► done
//!       │ no (unusable copies are removed)
//! in the cache, from an earlier build? ──yes──► copied
//!       │ no
//! rustup has it? ──yes──► done
//!       │ no
//! built from packaged source (wasm_source), cached, copied
//! ```

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::wasm_source;
use crate::{paths, process};

pub const TARGET: &str = "wasm32-unknown-unknown";

/// The compiler in use.
pub struct Rustc {
    /// The version, such as `1.95.0`.
    pub release: String,
    pub sysroot: PathBuf,
    commit: String,
}

impl Rustc {
    fn query() -> Result<Self> {
        let verbose = process::output(Command::new("rustc").arg("-vV"))?;
        let field = |key: &str| {
            verbose.lines().find_map(|line| line.strip_prefix(key)).map(|value| value.trim().to_owned())
        };
        let sysroot = process::output(Command::new("rustc").args(["--print", "sysroot"]))?;
        Ok(Self {
            release: field("release:").context("rustc names no release")?,
            sysroot: PathBuf::from(sysroot.trim()),
            commit: field("commit-hash:").unwrap_or_default().chars().take(9).collect(),
        })
    }

    fn wasm_libs(&self) -> PathBuf {
        self.sysroot.join("lib/rustlib").join(TARGET).join("lib")
    }

    /// Tells whether the compiler can use the installed libraries. It compiles a probe, because libraries of
    /// another compiler, or two sets of them, look complete as files.
    fn compiles_for_wasm(&self) -> Result<bool> {
        if !has_std(&self.wasm_libs()) {
            return Ok(false);
        }
        let source = paths::cache()?.join("probe.rs");
        let metadata = source.with_extension("rmeta");
        fs::create_dir_all(paths::cache()?)?;
        fs::write(&source, "pub fn probe() -> std::string::String { std::format!(\"{}\", 1) }\n")?;
        let probe = process::output(
            Command::new("rustc")
                .args(["--edition=2024", "--crate-type=lib", "--emit=metadata", "--target", TARGET, "-o"])
                .args([&metadata, &source]),
        );
        Ok(probe.is_ok())
    }

    /// Returns the cache folder of the libraries for this compiler; they fit no other.
    fn cached_libs(&self) -> Result<PathBuf> {
        paths::tool("wasm-std", &format!("{}-{}", self.release, self.commit))
    }
}

/// Makes the standard library available to the compiler, by the steps in the module's diagram.
pub fn ensure() -> Result<()> {
    let rustc = Rustc::query()?;
    if rustc.compiles_for_wasm()? {
        return Ok(());
    }
    remove_foreign_libs(&rustc)?;
    if rustc.compiles_for_wasm()? {
        return Ok(());
    }
    let cached = rustc.cached_libs()?;
    if has_std(&cached) {
        process::say(&format!("Copying the {TARGET} standard library from the cache"));
        return copy_libs(&cached, &rustc.wasm_libs());
    }
    if rustup()? && rustc.compiles_for_wasm()? {
        return Ok(());
    }
    process::say(&format!("Building the {TARGET} standard library from source, once"));
    wasm_source::build(&rustc, &cached).with_context(|| {
        format!("rustc {} has no standard library for {TARGET}, and none could be built", rustc.release)
    })?;
    copy_libs(&cached, &rustc.wasm_libs())
}

/// Removes libraries that rustup did not install and that the compiler cannot use: copies made before an
/// update of the compiler, or copies that rustup has since put its own libraries beside.
fn remove_foreign_libs(rustc: &Rustc) -> Result<()> {
    let component = rustc.sysroot.join("lib/rustlib").join(format!("manifest-rust-std-{TARGET}"));
    let manifest = fs::read_to_string(component).unwrap_or_default();
    let foreign: Vec<PathBuf> =
        libs(&rustc.wasm_libs()).into_iter().filter(|file| !is_listed(file, &manifest)).collect();
    if !foreign.is_empty() {
        process::say(&format!("Removing {} libraries that do not fit this compiler", foreign.len()));
    }
    for file in foreign {
        fs::remove_file(&file).with_context(|| format!("cannot remove {}", file.display()))?;
    }
    Ok(())
}

/// Tells whether rustup's manifest lists a file, in a line such as
/// `file:lib/rustlib/<target>/lib/libstd-….rlib`.
fn is_listed(file: &Path, manifest: &str) -> bool {
    let name = file.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    manifest.lines().any(|line| line.rsplit('/').next() == Some(&name))
}

/// Adds the target with rustup; `false` without rustup or when that fails.
fn rustup() -> Result<bool> {
    if process::find(&["rustup"]).is_none() {
        return Ok(false);
    }
    process::succeeds(
        &format!("Adding the target {TARGET}: the page is WebAssembly"),
        Command::new("rustup").args(["target", "add", TARGET]),
    )
}

fn has_std(dir: &Path) -> bool {
    libs(dir)
        .iter()
        .any(|file| file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("libstd-")))
}

fn libs(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rlib"))
        .collect()
}

/// Copies the libraries. `libstd` is copied last, because its presence marks the set as complete.
pub fn copy_libs(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot write to {}", to.display()))?;
    let mut files = libs(from);
    if files.is_empty() {
        bail!("no libraries in {}", from.display());
    }
    files.sort_by_key(|file| file.to_string_lossy().contains("/libstd-"));
    for file in files {
        let name = file.file_name().context("a library without a name")?;
        fs::copy(&file, to.join(name)).with_context(|| format!("cannot write to {}", to.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_of_rustup_are_told_from_copies() {
        let manifest = "file:lib/rustlib/wasm32-unknown-unknown/lib/libstd-1.rlib\n";
        assert!(is_listed(Path::new("/x/lib/libstd-1.rlib"), manifest));
        assert!(!is_listed(Path::new("/x/lib/libstd-2.rlib"), manifest));
    }

    #[test]
    fn a_set_without_std_is_not_a_standard_library() {
        let dir = std::env::temp_dir().join(format!("parley-wasm-target-{}", std::process::id()));
        let (from, to) = (dir.join("from"), dir.join("to"));
        fs::create_dir_all(&from).expect("a folder");
        fs::write(from.join("libcore-1.rlib"), "").expect("a file");
        assert!(!has_std(&from));
        fs::write(from.join("libstd-1.rlib"), "").expect("a file");
        fs::write(from.join("notes.txt"), "").expect("a file");
        copy_libs(&from, &to).expect("copied");
        assert!(has_std(&to));
        assert_eq!(libs(&to).len(), 2);
        fs::remove_dir_all(dir).expect("removed");
    }
}
