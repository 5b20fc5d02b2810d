//! Transactions of the one connection that writes: one after the other, and written to the log together.
//!
//! A commit costs a page of the log for every page that was changed, and what decisions change lies on few pages. So
//! before a transaction is committed, others that are ready have their turn: another transaction goes on in a
//! savepoint, and one commit is for all of them. Nobody is told before that. When nothing else is ready, each is
//! committed at once.

use super::{Sqlite, batch, execute, query, run};
use sea_orm::{DbErr, ProxyExecResult, ProxyRow, RuntimeErr, Statement};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

/// Transactions in one commit, at most.
const TOGETHER: usize = 64;

type Told = Result<(), DbErr>;

#[derive(Default)]
pub(super) struct GroupCommit {
    turn: Arc<Mutex<Batch>>,
    /// How many wait for their turn.
    queue: AtomicUsize,
}

/// Who has done all but the commit.
#[derive(Default)]
struct Batch {
    done: Vec<oneshot::Sender<Told>>,
}

/// What becomes of a transaction that is given up after it has changed something.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum GivenUp {
    /// It is undone by itself. For that SQLite keeps a copy of every page that it changes.
    Alone,
    /// It is undone with all that were to be committed with it: for those that are given up before they change anything,
    /// if ever.
    WithOthers,
}

/// A transaction; what is dropped has not happened. There is one at a time.
pub struct Transaction {
    sqlite: Arc<Sqlite>,
    /// Nothing when it has ended.
    turn: Option<OwnedMutexGuard<Batch>>,
    /// It goes on where others have not been committed yet, and can be undone without them.
    in_savepoint: bool,
    /// How much the connection had changed before.
    before: u64,
}

/// Commits when it is dropped, unless somebody else will.
struct CommitsIfIdle(Arc<Sqlite>);

impl Drop for CommitsIfIdle {
    fn drop(&mut self) {
        self.0.commit_if_idle();
    }
}

/// A place in the queue. Who gives it up may have been the one for whom others wait.
struct Queued(Arc<Sqlite>);

impl Queued {
    fn new(sqlite: &Arc<Sqlite>) -> Self {
        sqlite.group_commit.queue.fetch_add(1, Ordering::SeqCst);
        Self(sqlite.clone())
    }
}

impl Drop for Queued {
    fn drop(&mut self) {
        self.0.group_commit.queue.fetch_sub(1, Ordering::SeqCst);
        self.0.commit_if_idle();
    }
}

impl Sqlite {
    pub async fn begin(self: &Arc<Self>, given_up: GivenUp) -> Result<Transaction, DbErr> {
        self.is_open()?;
        let place = Queued::new(self);
        let mut turn = self.group_commit.turn.clone().lock_owned().await;
        drop(place);
        let mut writer = self.writer();
        if writer.is_autocommit() && !turn.done.is_empty() {
            drop(writer);
            _ = self.commit_all(&mut turn);
            writer = self.writer();
        }
        let goes_on = !turn.done.is_empty();
        let in_savepoint = goes_on && given_up == GivenUp::Alone;
        let begun = match (goes_on, in_savepoint) {
            (false, _) => run(&writer, "BEGIN IMMEDIATE"),
            (true, true) => run(&writer, "SAVEPOINT one"),
            (true, false) => Ok(()),
        };
        let before = writer.total_changes();
        drop(writer);
        let transaction = Transaction { sqlite: self.clone(), turn: Some(turn), in_savepoint, before };
        // Without a beginning there is nothing to undo; dropping it lets the others go on.
        begun.map(|()| transaction)
    }

    fn has_queue(&self) -> bool {
        self.group_commit.queue.load(Ordering::SeqCst) > 0
    }

    fn commit_if_idle(&self) {
        if !self.has_queue()
            && let Ok(mut batch) = self.group_commit.turn.try_lock()
            && !batch.done.is_empty()
        {
            _ = self.commit_all(&mut batch);
        }
    }

    /// Does this while nobody writes, from a thread that may wait.
    pub(super) fn alone<T>(&self, work: impl FnOnce() -> T) -> T {
        let mut batch = self.group_commit.turn.blocking_lock();
        if !batch.done.is_empty() {
            _ = self.commit_all(&mut batch);
        }
        work()
    }

    /// Commits, and tells all whom it concerns.
    fn commit_all(&self, batch: &mut Batch) -> Told {
        let writer = self.writer();
        let told = if writer.is_autocommit() {
            // An error has undone everything since the beginning.
            Err(undone())
        } else {
            let committed = run(&writer, "COMMIT");
            if committed.is_err() {
                _ = run(&writer, "ROLLBACK");
            }
            committed
        };
        drop(writer);
        if let Some(log) = self.log.get() {
            log.wrote(batch.done.len());
        }
        for waits in batch.done.drain(..) {
            // Who waited may be gone; what was done is done.
            let told = told.as_ref().copied().map_err(undone_by);
            _ = waits.send(told);
        }
        told
    }
}

impl Transaction {
    pub fn query(&self, statement: &Statement) -> Result<Vec<ProxyRow>, DbErr> {
        self.sqlite.watch(statement, || query(&self.sqlite.writer(), statement))
    }

    pub fn execute(&self, statement: &Statement) -> Result<ProxyExecResult, DbErr> {
        self.sqlite.watch(statement, || execute(&self.sqlite.writer(), statement))
    }

    pub fn execute_unprepared(&self, sql: &str) -> Result<(), DbErr> {
        batch(&self.sqlite.writer(), sql)
    }

    /// Returns when it is in the log.
    pub async fn commit(mut self) -> Result<(), DbErr> {
        if self.in_savepoint {
            run(&self.sqlite.writer(), "RELEASE one")?;
        }
        let Some(mut turn) = self.turn.take() else { return Err(undone()) };
        if turn.done.len() + 1 >= TOGETHER {
            return self.sqlite.commit_all(&mut turn);
        }
        let (told, hears) = oneshot::channel();
        turn.done.push(told);
        drop(turn);
        // Dropped as well when nobody waits for this one any longer: others may.
        let commits = CommitsIfIdle(self.sqlite.clone());
        tokio::task::yield_now().await;
        drop(commits);
        hears.await.unwrap_or_else(|_| Err(undone()))
    }

    pub fn rollback(mut self) {
        self.undo();
    }

    fn undo(&mut self) {
        let Some(mut turn) = self.turn.take() else { return };
        let writer = self.sqlite.writer();
        // An error may have undone it already.
        if !writer.is_autocommit() {
            let undo: &[&str] = if self.in_savepoint {
                &["ROLLBACK TO one", "RELEASE one"]
            } else if turn.done.is_empty() || writer.total_changes() != self.before {
                &["ROLLBACK"]
            } else {
                &[]
            };
            for step in undo {
                if let Err(error) = run(&writer, step) {
                    tracing::warn!(%error, "a transaction could not be undone");
                }
            }
        }
        drop(writer);
        // Who gives up may do so because of what the others did, and has to find it.
        if !turn.done.is_empty() {
            _ = self.sqlite.commit_all(&mut turn);
        }
        drop(turn);
        self.sqlite.commit_if_idle();
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        self.undo();
    }
}

fn undone() -> DbErr {
    DbErr::Exec(RuntimeErr::Internal("the transaction was undone".to_owned()))
}

/// For those who went with somebody else's commit: as bad for them, and of the same kind.
fn undone_by(error: &DbErr) -> DbErr {
    let why = RuntimeErr::Internal(error.to_string());
    if matches!(error, DbErr::Conn(_)) { DbErr::Conn(why) } else { DbErr::Exec(why) }
}
