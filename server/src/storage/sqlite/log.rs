//! The log beside the file, and the thread that brings what was committed from there into the file.
//!
//! SQLite begins the log anew when everything in it is in the file. While there is always somebody who writes, it never
//! is: something has been added meanwhile. So when the log has become long, the rest is brought over while writers wait.

use super::{Sqlite, failed};
use rusqlite::Connection;
use sea_orm::DbErr;
use std::{
    sync::{
        Arc, Weak,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

/// How often to look whether the log should be brought into the file.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// So many transactions are brought there at once, fewer when they have waited for so many looks. Until then they would
/// not survive a loss of power; and while the disk takes them, who writes may wait for it.
const MANY: usize = 1_000;
const LOOKS: u32 = 5;
/// Pages in a log that is to begin anew: as many as are kept of it.
const LONG: u32 = super::LOG_BYTES_KEPT / 4_096;
/// Pages that are brought over while writers wait, and how often it is tried to come so near.
const REST: u32 = 500;
const TRIES: u32 = 5;
/// Pages at which the writer does it by itself: only where the disk takes less than is written.
const TOO_LONG: u32 = 8 * LONG;
/// Who reads longer than this is not waited for while others wait.
const READERS_WITHIN: Duration = Duration::from_millis(50);

pub(super) struct Log {
    /// Transactions that nobody has looked after yet.
    waiting: AtomicUsize,
    /// Wakes the thread; ends it by its own end.
    bell: mpsc::SyncSender<()>,
}

impl Log {
    pub(super) fn of(sqlite: &Arc<Sqlite>, connection: Connection) -> Result<Self, DbErr> {
        let set = |error| failed(&error);
        sqlite.writer().pragma_update(None, "wal_autocheckpoint", TOO_LONG).map_err(set)?;
        connection.busy_timeout(READERS_WITHIN).map_err(set)?;
        let (bell, rung) = mpsc::sync_channel(1);
        let sqlite = Arc::downgrade(sqlite);
        thread::Builder::new()
            .name("checkpoints".to_owned())
            .spawn(move || look_after(&sqlite, &connection, &rung))
            .map_err(|error| DbErr::Custom(error.to_string()))?;
        Ok(Self { waiting: AtomicUsize::new(0), bell })
    }

    pub(super) fn wrote(&self, transactions: usize) {
        let before = self.waiting.fetch_add(transactions, Ordering::Relaxed);
        if before < MANY && before + transactions >= MANY {
            // Full: it is awake already.
            _ = self.bell.try_send(());
        }
    }
}

/// Runs until the database is dropped.
fn look_after(sqlite: &Weak<Sqlite>, connection: &Connection, rung: &mpsc::Receiver<()>) {
    let mut looks = 0;
    while rung.recv_timeout(LOOK_EVERY) != Err(mpsc::RecvTimeoutError::Disconnected) {
        let Some(sqlite) = sqlite.upgrade() else { return };
        let Some(log) = sqlite.log.get() else { continue };
        let waiting = log.waiting.load(Ordering::Relaxed);
        looks = if waiting == 0 { 0 } else { looks + 1 };
        if waiting < MANY && looks < LOOKS {
            continue;
        }
        looks = 0;
        log.waiting.fetch_sub(waiting, Ordering::Relaxed);
        if let Err(error) = bring_over(&sqlite, connection) {
            tracing::warn!(%error, "the log of the database stays");
        }
    }
}

/// Holds up neither readers nor, but for the rest of a long log, the writer.
fn bring_over(sqlite: &Sqlite, connection: &Connection) -> Result<(), DbErr> {
    for _ in 0..TRIES {
        let (pages, rest) = checkpoint(connection, "PASSIVE")?;
        if pages < LONG {
            return Ok(());
        }
        if rest <= REST {
            sqlite.alone(|| checkpoint(connection, "RESTART"))?;
            return Ok(());
        }
    }
    Ok(())
}

/// How many pages the log has, and how many of them are not in the file yet; none when somebody else is at it.
fn checkpoint(connection: &Connection, how: &str) -> Result<(u32, u32), DbErr> {
    let sql = format!("PRAGMA wal_checkpoint({how})");
    let counted = connection.query_row(&sql, (), |row| Ok((row.get::<_, i64>(1)?, row.get::<_, i64>(2)?)));
    let (pages, brought) = counted.map_err(|error| failed(&error))?;
    let [pages, brought] = [pages, brought].map(|count| u32::try_from(count).unwrap_or(0));
    Ok((pages, pages.saturating_sub(brought)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::sqlite::GivenUp;
    use std::{fs, io::Read, path::Path};
    use tempfile::tempdir;

    /// Half of what there may be in a log before a writer stops to clear it.
    const ENOUGH: u64 = TOO_LONG as u64 * 4_096 / 2;

    /// Counts how often the log was begun anew.
    fn beginnings(log: &Path) -> [u8; 4] {
        let mut header = [0; 16];
        fs::File::open(log).unwrap().read_exact(&mut header).unwrap();
        header[12..].try_into().unwrap()
    }

    async fn write(sqlite: &Arc<Sqlite>) {
        let transaction = sqlite.begin(GivenUp::Alone).await.unwrap();
        transaction.execute_unprepared("INSERT INTO much VALUES (randomblob(40000))").unwrap();
        transaction.commit().await.unwrap();
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_log_begins_anew_although_there_is_always_somebody_who_writes_bug() {
        let folder = tempdir().unwrap();
        let sqlite = Sqlite::open(&format!("sqlite://{}/a.db", folder.path().display())).unwrap();
        let transaction = sqlite.begin(GivenUp::Alone).await.unwrap();
        transaction.execute_unprepared("CREATE TABLE much (bytes blob)").unwrap();
        transaction.commit().await.unwrap();
        let log = folder.path().join("a.db-wal");
        let first = beginnings(&log);
        // Two at any time: when one of them is written, the other has begun.
        let others = tokio::spawn({
            let sqlite = sqlite.clone();
            async move {
                loop {
                    write(&sqlite).await;
                }
            }
        });
        while beginnings(&log) == first {
            write(&sqlite).await;
            assert!(fs::metadata(&log).unwrap().len() < ENOUGH, "it only grows");
        }
        others.abort();
    }
}
