//! Group commit: the transactions of the one writing connection run one after the other, and share a commit.
//!
//! A commit writes every changed page to the log, and the rows of most transactions lie on the same few
//! pages. So a transaction that is done does not commit yet if others wait: the next one continues in the
//! same SQLite transaction, inside a savepoint, and one commit is made for the whole batch. `commit` returns
//! to each caller only after that commit. When nobody waits, a transaction is committed at once.
//!
//! No batch is left behind: either a caller in the queue continues it, or whoever finds the queue empty
//! commits it.

use super::{Sqlite, batch, execute, query, run};
use sea_orm::{DbErr, ProxyExecResult, ProxyRow, RuntimeErr, Statement};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

/// The most transactions in one commit.
const BATCH_MAX: usize = 64;

type CommitResult = Result<(), DbErr>;

#[derive(Default)]
pub(super) struct GroupCommit {
    /// Locked for as long as one transaction runs: the lock is the queue, and first in is first out.
    batch: Arc<Mutex<Batch>>,
    /// The number of callers that wait for the lock.
    queue: AtomicUsize,
}

/// The transactions that are done except for the commit that they share.
#[derive(Default)]
struct Batch {
    done: Vec<oneshot::Sender<CommitResult>>,
}

/// The extent of the rollback when a transaction is abandoned after it has changed something.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum UndoScope {
    /// The transaction alone. It needs a savepoint, for which SQLite copies every page before it is changed.
    Own,
    /// The whole batch. For transactions that are abandoned before their first change, if at all.
    WholeBatch,
}

/// A transaction; it is rolled back when it is dropped. There is one at a time.
pub struct Transaction {
    sqlite: Arc<Sqlite>,
    /// The lock that makes it the only one; `None` when it has ended.
    batch: Option<OwnedMutexGuard<Batch>>,
    /// Whether it continues a batch in a savepoint, and can be rolled back without the others.
    in_savepoint: bool,
    /// The connection's count of changed rows before it began.
    changes_before: u64,
}

/// Commits the batch when it is dropped, unless a waiting transaction will.
struct CommitsIfIdle(Arc<Sqlite>);

impl Drop for CommitsIfIdle {
    fn drop(&mut self) {
        self.0.commit_if_idle();
    }
}

/// A place in the queue. Transactions that are done rely on the waiting one to commit them, so a caller that
/// stops waiting has to do it instead.
struct Queued(Arc<Sqlite>);

impl Queued {
    fn new(sqlite: &Arc<Sqlite>) -> Self {
        sqlite.group_commit.queue.fetch_add(1, Ordering::SeqCst);
        Self(sqlite.clone())
    }
}

impl Drop for Queued {
    fn drop(&mut self) {
        // The count goes down before the check: everybody who saw the longer queue has left the commit to
        // this caller.
        self.0.group_commit.queue.fetch_sub(1, Ordering::SeqCst);
        self.0.commit_if_idle();
    }
}

impl Sqlite {
    /// Waits until no other transaction runs, and begins one: in the open batch if there is one.
    pub async fn begin(self: &Arc<Self>, undo_scope: UndoScope) -> Result<Transaction, DbErr> {
        self.is_open()?;
        let place = Queued::new(self);
        let mut batch = self.group_commit.batch.clone().lock_owned().await;
        // The lock is held, so this only leaves the queue and commits nothing.
        drop(place);
        let mut writer = self.writer();
        // SQLite has rolled the batch back by itself, after an error such as a full disk. The others have to
        // hear of it before a new batch begins.
        if writer.is_autocommit() && !batch.done.is_empty() {
            drop(writer);
            _ = self.commit_all(&mut batch);
            writer = self.writer();
        }
        let continues = !batch.done.is_empty();
        let in_savepoint = continues && undo_scope == UndoScope::Own;
        let begun = match (continues, in_savepoint) {
            (false, _) => run(&writer, "BEGIN IMMEDIATE"),
            (true, true) => run(&writer, "SAVEPOINT one"),
            (true, false) => Ok(()),
        };
        let changes_before = writer.total_changes();
        drop(writer);
        let transaction =
            Transaction { sqlite: self.clone(), batch: Some(batch), in_savepoint, changes_before };
        // If `BEGIN` failed, there is nothing to roll back, and dropping the transaction lets the next one
        // run.
        begun.map(|()| transaction)
    }

    fn has_queue(&self) -> bool {
        self.group_commit.queue.load(Ordering::SeqCst) > 0
    }

    /// Commits the batch if nobody waits to continue it. When the lock is taken, the transaction that holds
    /// it will.
    fn commit_if_idle(&self) {
        if !self.has_queue()
            && let Ok(mut batch) = self.group_commit.batch.try_lock()
            && !batch.done.is_empty()
        {
            _ = self.commit_all(&mut batch);
        }
    }

    /// Commits the batch and runs the work before the next transaction begins. Blocks the calling thread
    /// meanwhile.
    pub(super) fn between_transactions<T>(&self, work: impl FnOnce() -> T) -> T {
        let mut batch = self.group_commit.batch.blocking_lock();
        if !batch.done.is_empty() {
            _ = self.commit_all(&mut batch);
        }
        work()
    }

    /// Commits the batch, and sends the result to everybody in it.
    fn commit_all(&self, batch: &mut Batch) -> CommitResult {
        let writer = self.writer();
        let result = if writer.is_autocommit() {
            // SQLite has rolled everything back after an error, so there is nothing left to commit.
            Err(rolled_back())
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
        for waiting in batch.done.drain(..) {
            // Fails when the caller has stopped waiting, which changes nothing for its transaction.
            let result = result.as_ref().copied().map_err(copy_of);
            _ = waiting.send(result);
        }
        result
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

    /// Ends the transaction, and returns when its batch has been committed to the log. A caller that stops
    /// waiting does not undo it.
    pub async fn commit(mut self) -> Result<(), DbErr> {
        if self.in_savepoint {
            run(&self.sqlite.writer(), "RELEASE one")?;
        }
        let Some(mut batch) = self.batch.take() else { return Err(rolled_back()) };
        if batch.done.len() + 1 >= BATCH_MAX {
            return self.sqlite.commit_all(&mut batch);
        }
        let (sender, committed) = oneshot::channel();
        batch.done.push(sender);
        drop(batch);
        // The yield lets tasks that are ready join the queue, and then one of them continues the batch. A
        // guard commits, because the caller may drop this future meanwhile, and others may wait for the
        // commit.
        let commits = CommitsIfIdle(self.sqlite.clone());
        tokio::task::yield_now().await;
        drop(commits);
        committed.await.unwrap_or_else(|_| Err(rolled_back()))
    }

    pub fn rollback(mut self) {
        self.undo();
    }

    fn undo(&mut self) {
        let Some(mut batch) = self.batch.take() else { return };
        let writer = self.sqlite.writer();
        // SQLite may have rolled back by itself after an error.
        if !writer.is_autocommit() {
            let undo: &[&str] = if self.in_savepoint {
                &["ROLLBACK TO one", "RELEASE one"]
            } else if batch.done.is_empty() || writer.total_changes() != self.changes_before {
                // Alone it has only itself to undo. With others, but without a savepoint, its changes can
                // only be undone together with theirs.
                &["ROLLBACK"]
            } else {
                // It has changed nothing, so the batch stays as it was.
                &[]
            };
            for step in undo {
                if let Err(error) = run(&writer, step) {
                    tracing::warn!(%error, "rolling back a transaction failed");
                }
            }
        }
        drop(writer);
        // The caller may have been refused because of a row that another transaction of the batch wrote. It
        // will look for that row next, and readers only see it once it is committed.
        if !batch.done.is_empty() {
            _ = self.sqlite.commit_all(&mut batch);
        }
        drop(batch);
        self.sqlite.commit_if_idle();
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        self.undo();
    }
}

fn rolled_back() -> DbErr {
    DbErr::Exec(RuntimeErr::Internal("the transaction was rolled back".to_owned()))
}

/// Copies the error of a commit for the others in its batch; an unavailable database stays one.
fn copy_of(error: &DbErr) -> DbErr {
    let why = RuntimeErr::Internal(error.to_string());
    if matches!(error, DbErr::Conn(_)) { DbErr::Conn(why) } else { DbErr::Exec(why) }
}
