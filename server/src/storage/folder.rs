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
    // A folder that is there may have other tenants: only one that holds our database is ours to close.
    #[cfg(unix)]
    if DATABASE.iter().any(|name| path.join(name).exists()) {
        close_to_others(path);
    }
    fs::create_dir_all(path).with_context(|| format!("cannot use {}", path.display()))
}

/// The files of the database.
const DATABASE: [&str; 3] = ["parley.db", "parley.db-wal", "parley.db-shm"];

/// Takes the rights of others from a data folder and its database, which an older version may have made.
#[cfg(unix)]
fn close_to_others(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    for file in std::iter::once(path.to_owned()).chain(DATABASE.map(|name| path.join(name))) {
        let Ok(mode) = fs::metadata(&file).map(|found| found.permissions().mode()) else { continue };
        if mode & 0o077 != 0
            && let Err(error) = fs::set_permissions(&file, fs::Permissions::from_mode(mode & !0o077))
        {
            tracing::warn!(%error, file = %file.display(), "others on this machine can read this");
        }
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
    fn a_folder_with_our_database_is_closed_to_others_and_no_other_is() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let open = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        open(folder.path(), 0o755);
        make(folder.path()).unwrap();
        assert_eq!(mode(folder.path()), 0o755);
        let database = folder.path().join("parley.db");
        fs::write(&database, "").unwrap();
        open(&database, 0o644);
        make(folder.path()).unwrap();
        assert_eq!((mode(folder.path()), mode(&database)), (0o700, 0o600));
        make(&folder.path().join("new")).unwrap();
        assert_eq!(mode(&folder.path().join("new")), 0o700);
    }
}
