//! SQLite on the calling thread, instead of one thread per connection that has to be woken for every
//! statement.
//!
//! A statement takes microseconds, and waking another thread takes longer. One connection writes, for one
//! transaction at a time (`group_commit`); a few others read beside it. The slow work, which is copying the
//! write-ahead log into the database file and waiting for the disk, has a thread of its own (`log`).

mod group_commit;
mod log;
mod proxy;
mod values;

pub use group_commit::{Transaction, UndoScope};

use group_commit::GroupCommit;
use log::Log;
use rusqlite::{CachedStatement, Connection, ErrorCode, OpenFlags};
use sea_orm::{DbErr, ProxyExecResult, ProxyRow, RuntimeErr, Statement, metric::Info};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError, TryLockError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

/// The number of connections that read.
const READERS: usize = 4;
/// The most memory for pages that each connection caches, in KB; it is allocated as it is used.
const CACHE_KB: i32 = 8_000;
/// The longest that a statement waits for a lock of another connection.
const BUSY: Duration = Duration::from_secs(5);
/// The number of prepared statements that each connection keeps.
const PREPARED: usize = 256;
/// The size to which the log file is truncated when SQLite restarts it.
const LOG_BYTES_KEPT: u32 = 64 << 20;

/// The message of the error for a row that a unique index refused.
pub(super) const TAKEN: &str = "a unique index refused the row";

type Callback = dyn Fn(&Info<'_>) + Send + Sync;

pub struct Sqlite {
    writer: Mutex<Connection>,
    /// The queue for the writing connection, and the commits that transactions share.
    group_commit: GroupCommit,
    readers: Vec<Mutex<Connection>>,
    next_reader: AtomicUsize,
    /// The write-ahead log; unset for a database in memory.
    log: OnceLock<Log>,
    /// The callback that is told of every statement.
    timed: OnceLock<Box<Callback>>,
    /// Whether new queries and transactions are refused.
    closed: AtomicBool,
}

impl Sqlite {
    /// Opens the file of an address like `sqlite://a/file?mode=rwc`, or a database in memory.
    pub fn open(url: &str) -> Result<Arc<Self>, DbErr> {
        let file = file(url);
        let writer = connect(file.as_deref())?;
        let mut readers = Vec::new();
        if let Some(file) = &file {
            writer.pragma_update(None, "journal_mode", "WAL").map_err(|error| failed(&error))?;
            let all: Result<_, DbErr> = (0..READERS).map(|_| connect(Some(file)).map(Mutex::new)).collect();
            readers = all?;
        }
        let sqlite = Arc::new(Self {
            writer: Mutex::new(writer),
            group_commit: GroupCommit::default(),
            readers,
            next_reader: AtomicUsize::new(0),
            log: OnceLock::new(),
            timed: OnceLock::new(),
            closed: AtomicBool::new(false),
        });
        if let Some(file) = file {
            _ = sqlite.log.set(Log::of(&sqlite, connect(Some(&file))?)?);
        }
        Ok(sqlite)
    }

    pub fn query(&self, statement: &Statement) -> Result<Vec<ProxyRow>, DbErr> {
        self.is_open()?;
        self.watch(statement, || query(&self.reader(), statement))
    }

    pub fn ping(&self) -> Result<(), DbErr> {
        self.is_open()?;
        run(&self.reader(), "SELECT 1")
    }

    /// Sets the callback that is told of every statement; only the first one is kept.
    pub fn time(&self, callback: impl Fn(&Info<'_>) + Send + Sync + 'static) {
        _ = self.timed.set(Box::new(callback));
    }

    fn watch<T>(&self, statement: &Statement, work: impl FnOnce() -> Result<T, DbErr>) -> Result<T, DbErr> {
        let Some(callback) = self.timed.get() else { return work() };
        let begun = Instant::now();
        let done = work();
        callback(&Info { elapsed: begun.elapsed(), statement, failed: done.is_err() });
        done
    }

    /// Refuses new queries and transactions; those that have begun may end. The files are closed when this is
    /// dropped.
    pub fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
    }

    fn is_open(&self) -> Result<(), DbErr> {
        if self.closed.load(Ordering::SeqCst) {
            return Err(DbErr::Conn(RuntimeErr::Internal("the database is closed".to_owned())));
        }
        Ok(())
    }

    fn writer(&self) -> MutexGuard<'_, Connection> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Locks a reading connection: a free one, or the next in line when all are busy.
    fn reader(&self) -> MutexGuard<'_, Connection> {
        for reader in &self.readers {
            match reader.try_lock() {
                Ok(free) => return free,
                Err(TryLockError::Poisoned(poisoned)) => return poisoned.into_inner(),
                Err(TryLockError::WouldBlock) => {}
            }
        }
        // A database in memory has one connection, so reads also see a transaction that is still open.
        if self.readers.is_empty() {
            return self.writer();
        }
        let next = self.next_reader.fetch_add(1, Ordering::Relaxed) % READERS;
        self.readers[next].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the path in a database address; `None` for a database in memory.
fn file(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite:").unwrap_or(url);
    let path = path.strip_prefix("//").unwrap_or(path);
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    (!path.is_empty() && path != ":memory:").then(|| PathBuf::from(path))
}

fn connect(file: Option<&Path>) -> Result<Connection, DbErr> {
    let open = || {
        let connection = match file {
            Some(file) => {
                // SQLite needs no mutex of its own: each connection here is used by one thread at a time.
                let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
                    | OpenFlags::SQLITE_OPEN_CREATE
                    | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                Connection::open_with_flags(file, flags)?
            }
            None => Connection::open_in_memory()?,
        };
        connection.busy_timeout(BUSY)?;
        // A commit does not wait for the disk. The log is synced when it is copied into the file.
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "temp_store", "memory")?;
        connection.pragma_update(None, "cache_size", -CACHE_KB)?;
        // The thread of `log` makes the checkpoints, so that statements are not held up by them.
        connection.pragma_update(None, "wal_autocheckpoint", 0)?;
        // The log shrinks again after a burst of writes.
        connection.pragma_update(None, "journal_size_limit", LOG_BYTES_KEPT)?;
        connection.set_prepared_statement_cache_capacity(PREPARED);
        Ok(connection)
    };
    open().map_err(|error: rusqlite::Error| DbErr::Conn(RuntimeErr::Internal(error.to_string())))
}

fn run(connection: &Connection, sql: &str) -> Result<(), DbErr> {
    let mut statement = connection.prepare_cached(sql).map_err(|error| failed(&error))?;
    let mut rows = statement.raw_query();
    while rows.next().map_err(|error| failed(&error))?.is_some() {}
    Ok(())
}

fn query(connection: &Connection, statement: &Statement) -> Result<Vec<ProxyRow>, DbErr> {
    let mut prepared = bound(connection, statement)?;
    let mut rows = prepared.raw_query();
    let (mut found, mut columns) = (Vec::new(), None);
    while let Some(row) = rows.next().map_err(|error| failed(&error))? {
        // Most queries find nothing, and then the columns need not be read.
        let columns = columns.get_or_insert_with(|| values::columns(row.as_ref()));
        found.push(values::row(row, columns).map_err(|error| failed(&error))?);
    }
    Ok(found)
}

fn execute(connection: &Connection, statement: &Statement) -> Result<ProxyExecResult, DbErr> {
    let rows = bound(connection, statement)?.raw_execute().map_err(|error| failed(&error))?;
    Ok(ProxyExecResult::new(0, u64::try_from(rows).unwrap_or(0)))
}

fn batch(connection: &Connection, sql: &str) -> Result<(), DbErr> {
    connection.execute_batch(sql).map_err(|error| failed(&error))
}

fn bound<'a>(connection: &'a Connection, statement: &Statement) -> Result<CachedStatement<'a>, DbErr> {
    let mut prepared = connection.prepare_cached(&statement.sql).map_err(|error| failed(&error))?;
    for (value, place) in statement.values.iter().flat_map(|values| &values.0).zip(1..) {
        prepared.raw_bind_parameter(place, values::bind(value)?).map_err(|error| failed(&error))?;
    }
    Ok(prepared)
}

fn failed(error: &rusqlite::Error) -> DbErr {
    use rusqlite::ffi::{SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE};
    let code = error.sqlite_error();
    let is_unique = |code: i32| [SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE].contains(&code);
    if code.is_some_and(|code| is_unique(code.extended_code)) {
        return DbErr::Custom(TAKEN.to_owned());
    }
    let away = [
        ErrorCode::DatabaseBusy,
        ErrorCode::DatabaseLocked,
        ErrorCode::CannotOpen,
        ErrorCode::DiskFull,
        ErrorCode::SystemIoFailure,
        ErrorCode::ReadOnly,
    ];
    let why = RuntimeErr::Internal(error.to_string());
    if code.is_some_and(|code| away.contains(&code.code)) { DbErr::Conn(why) } else { DbErr::Exec(why) }
}
