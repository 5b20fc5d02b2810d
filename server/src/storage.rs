//! The only place that knows SQL: what is kept, and how it is read and written.
//!
//! [`Store`] reads; everything that writes goes through [`Store::write`], one transaction at a time on
//! SQLite (which has one writer anyway) and as many as the pool allows on PostgreSQL. Rules about what
//! may be written are the callers'.

mod blocks;
mod calls;
mod calls_write;
mod claims;
mod conversations;
mod error;
mod group_links;
mod groups;
mod idempotency;
mod identities;
mod invites;
mod messages;
mod migrations;
mod page;
mod presence;
mod quality;
mod rows;
mod sessions;
mod tables;
mod users;

pub use blocks::Block;
pub use calls::CallFilter;
pub use conversations::{ConversationRow, Invited, Member, NewDirect};
pub use error::StoreError;
pub use group_links::GroupLinkRow;
pub use groups::NewGroup;
pub use idempotency::Answered;
pub use identities::LoginRow;
pub use page::Cursor;
pub use sessions::SessionRow;
pub use users::{Choices, Names};

use crate::config::Pool;
use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};
use std::time::Duration;
use tokio::sync::{Mutex, MutexGuard};

/// One writes, the others read.
const SQLITE_CONNECTIONS: u32 = 4;

pub type Stored<T> = Result<T, StoreError>;

pub struct Store {
    db: DatabaseConnection,
    /// Whose turn it is to write, on a database with one writer.
    turn: Option<Mutex<()>>,
}

/// A transaction. What is not committed has not happened.
pub struct Write<'a> {
    tx: DatabaseTransaction,
    turn: Option<MutexGuard<'a, ()>>,
}

impl Store {
    /// As [`Store::open_with`], with as many connections as there are unless somebody says otherwise.
    pub async fn open(url: &str) -> Stored<Self> {
        Self::open_with(url, Pool::default()).await
    }

    /// Opens the database, and brings its schema up to date.
    pub async fn open_with(url: &str, pool: Pool) -> Stored<Self> {
        let mut options = ConnectOptions::new(url);
        options
            .sqlx_logging(false)
            .max_connections(if url.starts_with("sqlite") { SQLITE_CONNECTIONS } else { pool.connections })
            .acquire_timeout(pool.wait)
            .connect_timeout(pool.wait)
            .map_sqlx_sqlite_opts(|sqlite| {
                sqlite
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Normal)
                    .busy_timeout(Duration::from_secs(5))
                    .foreign_keys(true)
                    // After a burst of writing, the log beside the file shrinks again.
                    .pragma("journal_size_limit", "67108864")
                    .pragma("temp_store", "memory")
                    .statement_cache_capacity(200)
            });
        let db = Database::connect(options).await?;
        migrations::run(&db).await?;
        let turn = (db.get_database_backend() == DbBackend::Sqlite).then(Mutex::default);
        Ok(Self { db, turn })
    }

    /// Has somebody told how long each statement took.
    pub fn time(&mut self, took: impl Fn(Duration) + Send + Sync + 'static) {
        self.db.set_metric_callback(move |statement| took(statement.elapsed));
    }

    pub async fn write(&self) -> Stored<Write<'_>> {
        let turn = match &self.turn {
            Some(turn) => Some(turn.lock().await),
            None => None,
        };
        // A transaction that was dropped ends a little later than its turn. SQLite waits for it only at
        // the beginning, and refuses to let a reader become a writer meanwhile.
        let options = TransactionOptions {
            sqlite_transaction_mode: turn.is_some().then_some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(Write { tx: self.db.begin_with_options(options).await?, turn })
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Stored<()> {
        Ok(self.db.ping().await?)
    }

    pub async fn close(&self) -> Stored<()> {
        Ok(self.db.clone().close().await?)
    }
}

impl Write<'_> {
    /// Whether no other transaction can write before this one ends.
    fn is_alone(&self) -> bool {
        self.turn.is_some()
    }

    pub async fn commit(self) -> Stored<()> {
        Ok(self.tx.commit().await?)
    }

    /// Gives up, and returns when the next one can go on.
    pub async fn abandon(self) -> Stored<()> {
        Ok(self.tx.rollback().await?)
    }
}
