//! A fresh database for each test, of either kind, with Redis where the run needs it.

use super::{
    postgres::{self, Fresh},
    redis,
};
use parley_server::config::Config;
use sea_orm::{ConnectionTrait, Statement};
use std::env;
use tempfile::TempDir;

/// The database of one test.
pub enum Database {
    Sqlite(TempDir),
    Postgres(Fresh),
    /// PostgreSQL, with the prefix of the test's keys in Redis.
    Scaled {
        fresh: Fresh,
        prefix: String,
    },
}

impl Database {
    /// Creates the database that this run of the tests uses: for a single server on `SQLite` or, when
    /// `PARLEY_TEST_SCALE` is set, for one of several servers on PostgreSQL and Redis.
    pub async fn of_this_run() -> Self {
        if env::var_os("PARLEY_TEST_SCALE").is_none() {
            return Self::sqlite();
        }
        Self::scaled().await.expect("this machine has no PostgreSQL server programs")
    }

    /// Creates a database for several servers. Returns `None` when this machine has no PostgreSQL.
    pub async fn scaled() -> Option<Self> {
        let fresh = postgres::fresh_database().await?;
        Some(Self::Scaled { fresh, prefix: redis::fresh_prefix() })
    }

    /// Configures a server to use this database, and its Redis if there is one. All servers of a test share
    /// them.
    pub fn settle(&self, config: &mut Config) {
        config.database_url = Some(self.url());
        if let Self::Scaled { prefix, .. } = self {
            config.redis_url = Some(redis::shared());
            config.redis_prefix.clone_from(prefix);
        }
    }

    pub fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().unwrap())
    }

    /// Creates a PostgreSQL database. Returns `None` when this machine has no PostgreSQL.
    pub async fn postgres() -> Option<Self> {
        postgres::fresh_database().await.map(Self::Postgres)
    }

    /// Returns the port of the database server.
    pub fn port(&self) -> u16 {
        let url = self.url();
        let (_, rest) = url.rsplit_once(':').unwrap();
        rest.split('/').next().unwrap().parse().unwrap()
    }

    pub fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    /// Runs a statement behind the server's back.
    pub async fn run(&self, statement: &str) {
        let db = parley_server::storage::connect(&self.url()).await.unwrap();
        db.execute_unprepared(statement).await.unwrap();
        db.close().await.unwrap();
    }

    /// Runs a query and returns the texts of its only column.
    pub async fn texts(&self, question: &str) -> Vec<String> {
        let db = parley_server::storage::connect(&self.url()).await.unwrap();
        let asked = Statement::from_string(db.get_database_backend(), question);
        let rows = db.query_all_raw(asked).await.unwrap();
        db.close().await.unwrap();
        rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }

    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(folder) => format!("sqlite://{}?mode=rwc", folder.path().join("test.db").display()),
            Self::Postgres(fresh) | Self::Scaled { fresh, .. } => fresh.url.clone(),
        }
    }
}

/// Makes two tests of one: on SQLite and on PostgreSQL.
macro_rules! on_both {
    ($($name:ident)+) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                super::$name($crate::support::Database::sqlite()).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgresql() {
                match $crate::support::Database::postgres().await {
                    Some(database) => super::$name(database).await,
                    None => eprintln!("skipped: this machine has no PostgreSQL server programs"),
                }
            }
        }
    )+};
}

pub(crate) use on_both;
