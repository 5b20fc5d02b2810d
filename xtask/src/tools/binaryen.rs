//! `wasm-opt` of binaryen, which makes the page smaller.
//!
//! Where it cannot be installed, a script stands in for it that copies the file, and the page is larger.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::npm;
use crate::{paths, process};

const BINARYEN: &str = "132.0.0";
/// Oldest usable version: earlier ones do not know every wasm feature that the compiler emits.
const OLDEST: u32 = 119;

/// Returns a `wasm-opt`: from the cache, else from `PATH` if it is new enough, else from the npm package,
/// else the stand-in that changes nothing.
pub fn ensure() -> Result<PathBuf> {
    let dir = paths::tool("binaryen", BINARYEN)?;
    let cached = program_in(&dir);
    if process::is_program(&cached) {
        return Ok(cached);
    }
    if let Some(found) = process::find(&["wasm-opt"]).filter(|file| is_recent(file)) {
        return Ok(found);
    }
    let stand_in = paths::generated().join("no-wasm-opt");
    let missing = match npm(stand_in.exists())? {
        Ok(npm) => match install(&npm, &dir) {
            Ok(()) => return Ok(cached),
            Err(reason) => reason,
        },
        Err(missing) => missing,
    };
    process::say(&format!("The page will be larger, because there is no wasm-opt: {missing}"));
    write_stand_in(&stand_in)
}

fn program_in(dir: &Path) -> PathBuf {
    dir.join("node_modules/.bin/wasm-opt")
}

/// Returns npm. An installation that failed once (`tried`) is not repeated at every build.
fn npm(tried: bool) -> Result<Result<PathBuf, String>> {
    match npm::find() {
        Some(npm) => Ok(Ok(npm)),
        None if tried => Ok(Err("install nodejs npm".to_owned())),
        None => npm::ensure("npm installs wasm-opt, which makes the page smaller"),
    }
}

/// Installs the npm package; one that does not run here is removed again.
fn install(npm: &Path, dir: &Path) -> Result<(), String> {
    let installed = process::quiet(
        &format!("Installing binaryen {BINARYEN}: its wasm-opt makes the page smaller"),
        npm::install(&mut Command::new(npm)).arg(dir).arg(format!("binaryen@{BINARYEN}")),
    );
    if let Err(error) = installed {
        return Err(npm::first_line(&error));
    }
    if is_recent(&program_in(dir)) {
        return Ok(());
    }
    // An error is ignored: the folder may not exist, and the next build tries again in any case.
    let _ = fs::remove_dir_all(dir);
    Err(format!("the wasm-opt of the npm package binaryen {BINARYEN} does not run with this Node.js"))
}

/// The stand-in script. It is called as `wasm-opt --output=NEW … OLD …`. Trunk also asks for its version and
/// accepts any.
const COPIES: &str = "\
#!/bin/sh
# Stands in for a missing wasm-opt, so that Trunk downloads none: copies the file unchanged.
for word; do
  case $word in
    --version) echo 'wasm-opt version 0'; exit ;;
    --output=*) new=${word#--output=} ;;
    -*) ;;
    *) old=$word ;;
  esac
done
exec cp \"$old\" \"$new\"
";

fn write_stand_in(dir: &Path) -> Result<PathBuf> {
    fs::create_dir_all(dir)?;
    let program = dir.join("wasm-opt");
    fs::write(&program, COPIES)?;
    #[cfg(unix)]
    fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    Ok(program)
}

fn is_recent(program: &Path) -> bool {
    let answer = process::output(Command::new(program).arg("--version")).unwrap_or_default();
    version(&answer).is_some_and(|version| version >= OLDEST)
}

/// Parses the version from an answer such as `wasm-opt version 132 (version_132)`.
fn version(answer: &str) -> Option<u32> {
    answer.split_whitespace().nth(2)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read() {
        assert_eq!(version("wasm-opt version 108 (version_108)\n"), Some(108));
        assert_eq!(version(""), None);
    }

    #[cfg(unix)]
    #[test]
    fn the_stand_in_answers_trunk_and_changes_nothing() {
        let dir = std::env::temp_dir().join(format!("parley wasm-opt {}", std::process::id()));
        let program = write_stand_in(&dir).expect("written");
        assert!(!is_recent(&program), "it is never taken for a real one");
        let answer = process::output(Command::new(&program).arg("--version")).expect("it runs");
        assert_eq!(version(&answer), Some(0));
        let (old, new) = (dir.join("old.wasm"), dir.join("new.wasm"));
        fs::write(&old, "a page").expect("written");
        let output = format!("--output={}", new.display());
        let mut trunk = Command::new(&program);
        trunk.args([&output, "-Oz"]).arg(&old).arg("--enable-sign-ext");
        process::output(&mut trunk).expect("it copies");
        assert_eq!(fs::read_to_string(&new).expect("a copy"), "a page");
        fs::remove_dir_all(dir).expect("removed");
    }
}
