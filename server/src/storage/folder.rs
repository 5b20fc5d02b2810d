//! The data folder: only its owner can read it, and one server at a time uses it.

use anyhow::{Context, bail};
use std::{
    fs::{self, File, TryLockError},
    path::Path,
    thread,
    time::{Duration, Instant},
};

/// The longest wait for the server before this one, which may still be stopping.
const WAIT: Duration = Duration::from_secs(5);

/// Makes the folder if there is none. All files that this process makes from here on are its owner's alone.
pub fn make(path: &Path) -> anyhow::Result<()> {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    fs::create_dir_all(path).with_context(|| format!("cannot use {}", path.display()))?;
    #[cfg(unix)]
    close_to_others(path);
    Ok(())
}

/// Takes the rights of others from a folder that was made by an older version or by hand.
#[cfg(unix)]
fn close_to_others(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let Ok(mode) = fs::metadata(path).map(|folder| folder.permissions().mode()) else { return };
    if mode & 0o077 != 0
        && let Err(error) = fs::set_permissions(path, fs::Permissions::from_mode(0o700))
    {
        tracing::warn!(%error, folder = %path.display(), "others on this machine can read the data folder");
    }
}

/// Keeps other servers from the folder until the result is dropped or the process ends.
pub fn lock(path: &Path) -> anyhow::Result<File> {
    let name = path.join("parley.lock");
    let file = File::create(&name).with_context(|| format!("cannot write {}", name.display()))?;
    let begun = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if begun.elapsed() < WAIT => {
                thread::sleep(Duration::from_millis(50));
            }
            Err(TryLockError::WouldBlock) => {
                bail!(
                    "another server uses {}: stop it first, or choose another folder with --data",
                    path.display()
                )
            }
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("cannot lock {}", name.display()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locked_folder_is_refused_until_it_is_free() {
        let folder = tempfile::tempdir().unwrap();
        let first = lock(folder.path()).unwrap();
        let path = folder.path().to_owned();
        let (announce, started) = std::sync::mpsc::channel();
        let second = thread::spawn(move || {
            announce.send(()).unwrap();
            lock(&path).map(drop)
        });
        started.recv().unwrap();
        drop(first);
        second.join().unwrap().unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn an_open_folder_is_closed_to_others() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        close_to_others(folder.path());
        assert_eq!(fs::metadata(folder.path()).unwrap().permissions().mode() & 0o777, 0o700);
    }
}
