//! Builds the wasm standard library from Debian's source package, for a machine that reaches package
//! registries and nothing else.
//!
//! The source must be of exactly the same release as the compiler in use. Debian's newer suites may have it,
//! so apt is run with a separate list of those suites in a separate folder. The machine's own sources stay
//! unchanged.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::apt;
use super::wasm_target::{Rustc, TARGET, copy_libs};
use crate::process;

/// Suites by names that do not change with a Debian release. `testing` and `unstable` have the newest
/// compiler only.
const SUITES: [&str; 3] = ["stable-backports", "testing", "unstable"];

/// Builds the libraries of `rustc` into `to`.
pub fn build(rustc: &Rustc, to: &Path) -> Result<()> {
    let work = to.with_file_name(format!("wasm-std-build-{}", rustc.release));
    fs::create_dir_all(&work)?;
    let link = rustc.sysroot.join("lib/rustlib/src/rust");
    let is_component = link.join("library/std").is_dir() && !link.is_symlink();
    let built = if is_component {
        compile(&work)?
    } else {
        let source = fetch(rustc, &work)?;
        let _linked = SourceLink::place(link, &source)?;
        compile(&work)?
    };
    copy_libs(&built, to)?;
    fs::remove_dir_all(&work)?;
    Ok(())
}

fn fetch(rustc: &Rustc, work: &Path) -> Result<PathBuf> {
    let tree = work.join("tree");
    let source = tree.join(format!("usr/src/rustc-{}", rustc.release));
    if source.join("library/std").is_dir() {
        return Ok(source);
    }
    if process::find(&["apt-get"]).is_none() {
        bail!("install the target yourself: apt-get is missing, so the source cannot be fetched");
    }
    let archive = apt::main_archive().context("the apt sources of this machine name no Debian archive")?;
    let apt = SeparateApt::new(work, &archive)?;
    process::quiet("Reading Debian's list of packages", apt.command("apt-get").arg("update"))?;
    let offered = process::output(apt.command("apt-cache").args(["madison", "rust-src"]))?;
    let version = matching(&offered, &rustc.release).with_context(|| no_match(&rustc.release))?;
    process::quiet(
        &format!("Fetching rust-src {version}"),
        apt.command("apt-get").arg("download").arg(format!("rust-src={version}")).current_dir(work),
    )?;
    let package = fs::read_dir(work)?
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|extension| extension == "deb"))
        .context("apt fetched no package")?;
    process::quiet("Unpacking rust-src", Command::new("dpkg").arg("-x").args([&package, &tree]))?;
    Ok(source)
}

/// An apt configuration that reads one list only and keeps its files in one folder.
struct SeparateApt {
    options: Vec<String>,
}

impl SeparateApt {
    fn new(work: &Path, archive: &apt::Archive) -> Result<Self> {
        let (list, lists) = (work.join("sources.list"), work.join("lists"));
        fs::create_dir_all(lists.join("partial"))?;
        let signed = archive.signed_by.as_ref().map(|key| format!("[signed-by={key}] ")).unwrap_or_default();
        let lines = SUITES.map(|suite| format!("deb {signed}{} {suite} main\n", archive.uri));
        fs::write(&list, lines.concat())?;
        let work = work.display();
        Ok(Self {
            options: vec![
                format!("Dir::Etc::SourceList={}", list.display()),
                "Dir::Etc::SourceParts=/dev/null".to_owned(),
                format!("Dir::State::Lists={}", lists.display()),
                format!("Dir::Cache::pkgcache={work}/pkgcache.bin"),
                format!("Dir::Cache::srcpkgcache={work}/srcpkgcache.bin"),
                // As root, apt fetches as the user `_apt`, who may not be able to enter this folder.
                "APT::Sandbox::User=root".to_owned(),
            ],
        })
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        for option in &self.options {
            command.args(["-o", option]);
        }
        command
    }
}

/// Returns the version of the package for this release, from lines such as
/// `rust-src | 1.95.0+dfsg1-2~bpo13+1 | … Packages`.
fn matching(offered: &str, release: &str) -> Option<String> {
    offered.lines().filter(|line| line.ends_with("Packages")).find_map(|line| {
        let version = line.split('|').nth(1)?.trim();
        let rest = version.strip_prefix(release)?;
        rest.starts_with(['+', '-', '~']).then(|| version.to_owned())
    })
}

fn no_match(release: &str) -> String {
    format!(
        "Debian has no source package of rustc {release}. Use a compiler whose source it has, \
         such as that of the packages rustc-web and rust-web-src"
    )
}

/// A link to the source in the sysroot, the only place where `-Zbuild-std` looks for it. Dropping it removes
/// the link and restores a link that was there before.
struct SourceLink {
    link: PathBuf,
    before: Option<PathBuf>,
}

impl SourceLink {
    fn place(link: PathBuf, source: &Path) -> Result<Self> {
        let before = fs::read_link(&link).ok();
        if before.is_some() {
            fs::remove_file(&link)?;
        }
        if let Some(parent) = link.parent() {
            fs::create_dir_all(parent).with_context(|| format!("cannot write to {}", parent.display()))?;
        }
        symlink(source, &link)?;
        Ok(Self { link, before })
    }
}

impl Drop for SourceLink {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.link);
        if let Some(before) = &self.before {
            let _ = symlink(before, &self.link);
        }
    }
}

#[cfg(unix)]
fn symlink(source: &Path, link: &Path) -> Result<()> {
    std::os::unix::fs::symlink(source, link).with_context(|| format!("cannot link {}", link.display()))
}

#[cfg(not(unix))]
fn symlink(_source: &Path, link: &Path) -> Result<()> {
    bail!("{} needs a Unix machine", link.display())
}

/// Compiles the standard library through an empty crate; returns the folder of its libraries.
fn compile(work: &Path) -> Result<PathBuf> {
    let (krate, target) = (work.join("crate"), work.join("target"));
    fs::create_dir_all(krate.join("src"))?;
    fs::write(krate.join("src/lib.rs"), "")?;
    let manifest = "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n";
    fs::write(krate.join("Cargo.toml"), manifest)?;
    process::run(
        "Compiling the standard library for wasm",
        Command::new("cargo")
            .args(["build", "--release", "-Zbuild-std=std,panic_abort,proc_macro,test", "--target", TARGET])
            .current_dir(&krate)
            .env("CARGO_TARGET_DIR", &target)
            // `-Zbuild-std` is unstable, and a stable compiler accepts it only with this variable. That is
            // safe here, because the source is of the same release as the compiler.
            .env("RUSTC_BOOTSTRAP", "1")
            // The page is built with link-time optimisation, which needs the bitcode.
            .env("RUSTFLAGS", "-Cembed-bitcode=yes"),
    )?;
    let built = target.join(TARGET).join("release/deps");
    for entry in fs::read_dir(&built)?.flatten() {
        if entry.file_name().to_string_lossy().starts_with("libempty") {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(built)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFERED: &str = "\
  rust-src | 1.97.0+dfsg1-1 | http://mirror.example/debian unstable/main amd64 Packages
  rust-src | 1.95.0+dfsg1-2~bpo13+1 | http://mirror.example/debian stable-backports/main amd64 Packages
  rust-src | 1.95.0+dfsg1-3 | http://mirror.example/debian testing/main Sources
";

    #[test]
    fn the_source_must_be_of_the_same_release() {
        assert_eq!(matching(OFFERED, "1.95.0").as_deref(), Some("1.95.0+dfsg1-2~bpo13+1"));
        assert_eq!(matching(OFFERED, "1.9"), None);
        assert_eq!(matching(OFFERED, "1.96.0"), None);
    }
}
