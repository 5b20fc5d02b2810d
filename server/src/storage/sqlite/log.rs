//! The write-ahead log, and the thread that makes its checkpoints, which copy committed pages into the
//! database file.
//!
//! SQLite restarts the log from its beginning once all of it is in the file. Under constant writing that
//! never happens, because pages are added during every checkpoint, and the log would only grow. So once the
//! log is long, the last pages are copied while writers wait.

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

/// The time between two looks at whether a checkpoint is due.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The number of transactions after which a checkpoint is due at once, and the number of looks after which it
/// is due for fewer. Until then they would not survive a loss of power. More checkpoints would keep the disk
/// busy, and writers may have to wait for it.
const DUE_TRANSACTIONS: usize = 1_000;
const DUE_LOOKS: u32 = 5;
/// The pages of a log that is long enough to be restarted: as many as are kept of it.
const LONG_PAGES: u32 = super::LOG_BYTES_KEPT / 4_096;
/// The most pages that are copied while writers wait, and the number of checkpoints that try to get down to
/// them.
const REST_PAGES: u32 = 500;
const ATTEMPTS: u32 = 5;
/// The pages at which a commit makes the checkpoint itself: only if the disk is slower than the writers.
const AUTO_PAGES: u32 = 8 * LONG_PAGES;
/// The longest that a checkpoint waits for readers while writers wait for it.
const READERS_WITHIN: Duration = Duration::from_millis(50);

pub(super) struct Log {
    /// Transactions since the last checkpoint.
    waiting: AtomicUsize,
    /// Wakes the thread; dropping it ends the thread.
    wake: mpsc::SyncSender<()>,
}

impl Log {
    /// Starts the thread, which has a connection of its own.
    pub(super) fn of(sqlite: &Arc<Sqlite>, connection: Connection) -> Result<Self, DbErr> {
        let set = |error| failed(&error);
        sqlite.writer().pragma_update(None, "wal_autocheckpoint", AUTO_PAGES).map_err(set)?;
        connection.busy_timeout(READERS_WITHIN).map_err(set)?;
        let (wake, woken) = mpsc::sync_channel(1);
        let sqlite = Arc::downgrade(sqlite);
        thread::Builder::new()
            .name("checkpoints".to_owned())
            .spawn(move || run_checkpoints(&sqlite, &connection, &woken))
            .map_err(|error| DbErr::Custom(error.to_string()))?;
        Ok(Self { waiting: AtomicUsize::new(0), wake })
    }

    /// Counts transactions, and wakes the thread when a checkpoint is due.
    pub(super) fn wrote(&self, transactions: usize) {
        let before = self.waiting.fetch_add(transactions, Ordering::Relaxed);
        if before < DUE_TRANSACTIONS && before + transactions >= DUE_TRANSACTIONS {
            // Fails when the channel is full, and then the thread is being woken already.
            _ = self.wake.try_send(());
        }
    }
}

/// Makes checkpoints when they are due, until the database is dropped.
fn run_checkpoints(sqlite: &Weak<Sqlite>, connection: &Connection, woken: &mpsc::Receiver<()>) {
    let mut looks = 0;
    while woken.recv_timeout(LOOK_EVERY) != Err(mpsc::RecvTimeoutError::Disconnected) {
        let Some(sqlite) = sqlite.upgrade() else { return };
        let Some(log) = sqlite.log.get() else { continue };
        let waiting = log.waiting.load(Ordering::Relaxed);
        looks = if waiting == 0 { 0 } else { looks + 1 };
        if waiting < DUE_TRANSACTIONS && looks < DUE_LOOKS {
            continue;
        }
        looks = 0;
        // Subtracted, not reset: transactions that are added meanwhile wait for the next checkpoint.
        log.waiting.fetch_sub(waiting, Ordering::Relaxed);
        if let Err(error) = make_checkpoint(&sqlite, connection) {
            tracing::warn!(%error, "a checkpoint of the database failed");
        }
    }
}

/// Copies the log into the file. Readers are not held up, and writers only for the last pages of a long log.
fn make_checkpoint(sqlite: &Sqlite, connection: &Connection) -> Result<(), DbErr> {
    for _ in 0..ATTEMPTS {
        let (pages, rest) = checkpoint(connection, "PASSIVE")?;
        if pages < LONG_PAGES {
            return Ok(());
        }
        if rest <= REST_PAGES {
            // Nothing is added to the log between transactions, so this checkpoint reaches its end, and the
            // next write restarts it.
            sqlite.between_transactions(|| checkpoint(connection, "RESTART"))?;
            return Ok(());
        }
    }
    Ok(())
}

/// Makes a checkpoint. Returns the pages of the log, and those that are not in the file yet; no pages when
/// another connection is making one.
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
    use crate::storage::sqlite::UndoScope;
    use std::{fs, io::Read, path::Path};
    use tempfile::tempdir;

    /// Half the size at which a commit makes the checkpoint itself.
    const LIMIT_BYTES: u64 = AUTO_PAGES as u64 * 4_096 / 2;

    /// Reads the checkpoint sequence number in the header of the log, which changes with every restart of the
    /// log.
    fn beginnings(log: &Path) -> [u8; 4] {
        let mut header = [0; 16];
        fs::File::open(log).unwrap().read_exact(&mut header).unwrap();
        header[12..].try_into().unwrap()
    }

    async fn write(sqlite: &Arc<Sqlite>) {
        let transaction = sqlite.begin(UndoScope::Own).await.unwrap();
        transaction.execute_unprepared("INSERT INTO much VALUES (randomblob(40000))").unwrap();
        transaction.commit().await.unwrap();
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_log_is_restarted_under_constant_writing_bug() {
        let folder = tempdir().unwrap();
        let sqlite = Sqlite::open(&format!("sqlite://{}/a.db", folder.path().display())).unwrap();
        let transaction = sqlite.begin(UndoScope::Own).await.unwrap();
        transaction.execute_unprepared("CREATE TABLE much (bytes blob)").unwrap();
        transaction.commit().await.unwrap();
        let log = folder.path().join("a.db-wal");
        let first = beginnings(&log);
        // Two tasks write at any time: when one of them commits, the other has begun already.
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
            assert!(fs::metadata(&log).unwrap().len() < LIMIT_BYTES, "the log only grows");
        }
        others.abort();
    }
}
