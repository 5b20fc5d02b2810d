//! The database layer, and the only place that knows SQL.
//!
//! [`Store`] reads, and claims due calls with a single statement. All other writes go through a transaction of
//! [`Store::write`]: one at a time on SQLite, which has one writer anyway, and as many as the pool allows on
//! PostgreSQL. The module `db` hides the difference. The rules about what may be written belong to the callers.

mod blocks;
mod call_cache;
mod call_conversations;
mod calls;
mod calls_write;
mod claims;
mod conversations;
mod db;
mod error;
pub mod folder;
mod group_links;
mod groups;
mod idempotency;
mod identities;
mod invites;
mod messages;
mod migrations;
mod missed;
mod page;
mod pictures;
mod plain;
mod presence;
mod quality;
mod rows;
mod sessions;
mod sqlite;
mod tables;
mod users;

pub use blocks::Block;
pub use call_cache::{CachedCall, CallCache, CallChange};
pub use call_conversations::{CallConversation, MemberSettings};
pub use calls::{CallFilter, LiveCalls, OpenSeat};
pub use conversations::{ConversationRow, Invited, Member, NewDirect};
pub use error::StoreError;
pub use group_links::GroupLinkRow;
pub use groups::NewGroup;
pub use idempotency::Answered;
pub use identities::LoginRow;
pub use page::Cursor;
pub use pictures::{Picture, PictureKind};
pub use sessions::SessionRow;
pub use users::{Choices, Profiles, Summaries};

use db::{Db, Tx};
use sea_orm::{ConnectOptions, Database, DatabaseConnection};
use sqlite::{Sqlite, UndoScope};
use std::time::Duration;

/// The result of an access to the database.
pub type Stored<T> = Result<T, StoreError>;

/// The size and patience of the pool of connections to a database server.
#[derive(Debug, Clone, Copy)]
pub struct Pool {
    pub connections: u32,
    /// The longest wait for a free connection.
    pub wait: Duration,
}

impl Default for Pool {
    fn default() -> Self {
        Self { connections: 16, wait: Duration::from_secs(5) }
    }
}

/// The database.
pub struct Store {
    db: Db,
}

/// A transaction. Unless it is committed, nothing of it remains.
pub struct Write {
    tx: Tx,
}

/// Opens a connection beside the server's own, for tests and tools that look at a database from outside.
pub async fn connect(url: &str) -> Stored<DatabaseConnection> {
    if url.starts_with("sqlite:") {
        return Ok(Sqlite::open(url)?.as_connection()?);
    }
    Ok(Database::connect(url).await?)
}

impl Store {
    /// Opens the database as [`Store::open_with`] does, with the default pool.
    pub async fn open(url: &str) -> Stored<Self> {
        Self::open_with(url, Pool::default()).await
    }

    /// Opens the database, and brings its schema up to date.
    pub async fn open_with(url: &str, pool: Pool) -> Stored<Self> {
        let db = if url.starts_with("sqlite:") {
            let sqlite = Sqlite::open(url)?;
            migrations::run(&sqlite.as_connection()?).await?;
            Db::Sqlite(sqlite)
        } else {
            let mut options = ConnectOptions::new(url);
            options
                .sqlx_logging(false)
                .max_connections(pool.connections)
                .acquire_timeout(pool.wait)
                .connect_timeout(pool.wait);
            let pool = Database::connect(options).await?;
            migrations::run(&pool).await?;
            Db::Pool(pool)
        };
        Ok(Self { db })
    }

    /// Sets the callback that is told how long each statement took.
    pub fn time(&mut self, took: impl Fn(Duration) + Send + Sync + 'static) {
        self.db.set_metric_callback(move |statement| took(statement.elapsed));
    }

    /// Begins a transaction that may be abandoned at any time.
    pub async fn write(&self) -> Stored<Write> {
        Ok(Write { tx: self.db.begin(UndoScope::Own).await? })
    }

    /// Begins a cheaper transaction, for callers that abandon it before their first change or not at all, as
    /// decisions about calls do. If it is abandoned later all the same, transactions that share its commit
    /// may fail with it.
    pub async fn write_without_savepoint(&self) -> Stored<Write> {
        Ok(Write { tx: self.db.begin(UndoScope::WholeBatch).await? })
    }

    /// Checks that the database answers.
    pub async fn ping(&self) -> Stored<()> {
        self.db.ping().await
    }

    pub async fn close(&self) -> Stored<()> {
        self.db.close().await
    }
}

impl Write {
    /// Tells whether no other transaction can write before this one ends, so that rows need no locks.
    fn is_alone(&self) -> bool {
        self.tx.is_alone()
    }

    pub async fn commit(self) -> Stored<()> {
        self.tx.commit().await
    }

    /// Rolls back, and returns when that is done.
    pub async fn abandon(self) -> Stored<()> {
        self.tx.rollback().await
    }
}
