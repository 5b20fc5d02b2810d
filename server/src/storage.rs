//! The only place that knows SQL: what is kept, and how it is read and written.
//!
//! [`Store`] reads; everything that writes goes through [`Store::write`], one transaction at a time on
//! SQLite (which has one writer anyway) and as many as the pool allows on PostgreSQL. Rules about what
//! may be written are the callers'. Which database it is, `db` knows.

mod blocks;
mod call_cache;
mod call_conversations;
mod calls;
mod calls_write;
mod claims;
mod conversations;
mod db;
mod error;
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
use sqlite::{GivenUp, Sqlite};
use std::time::Duration;

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

pub struct Store {
    db: Db,
}

/// A transaction. What is not committed has not happened.
pub struct Write {
    tx: Tx,
}

/// A connection beside the server's own, for whoever looks at a database from outside.
pub async fn connect(url: &str) -> Stored<DatabaseConnection> {
    if url.starts_with("sqlite:") {
        return Ok(Sqlite::open(url)?.as_connection()?);
    }
    Ok(Database::connect(url).await?)
}

impl Store {
    /// As [`Store::open_with`], with as many connections as there are unless somebody says otherwise.
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

    /// Has somebody told how long each statement took.
    pub fn time(&mut self, took: impl Fn(Duration) + Send + Sync + 'static) {
        self.db.set_metric_callback(move |statement| took(statement.elapsed));
    }

    pub async fn write(&self) -> Stored<Write> {
        Ok(Write { tx: self.db.begin(GivenUp::Alone).await? })
    }

    /// As [`Store::write`], for whoever gives up before the first change or not at all: a decision, as a rule. Should it
    /// happen later all the same, others may be refused with it.
    pub async fn write_surely(&self) -> Stored<Write> {
        Ok(Write { tx: self.db.begin(GivenUp::WithOthers).await? })
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Stored<()> {
        self.db.ping().await
    }

    pub async fn close(&self) -> Stored<()> {
        self.db.close().await
    }
}

impl Write {
    /// Whether no other transaction can write before this one ends.
    fn is_alone(&self) -> bool {
        self.tx.is_alone()
    }

    pub async fn commit(self) -> Stored<()> {
        self.tx.commit().await
    }

    /// Gives up, and returns when the next one can go on.
    pub async fn abandon(self) -> Stored<()> {
        self.tx.rollback().await
    }
}
