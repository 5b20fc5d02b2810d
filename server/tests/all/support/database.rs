//! A fresh database per test, of either kind.

use super::postgres;
use tempfile::TempDir;

pub enum Database {
    Sqlite(TempDir),
    Postgres(String),
}

impl Database {
    pub fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().unwrap())
    }

    /// Nothing when this machine has no PostgreSQL.
    pub async fn postgres() -> Option<Self> {
        postgres::fresh_database().await.map(Self::Postgres)
    }

    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(folder) => format!("sqlite://{}?mode=rwc", folder.path().join("test.db").display()),
            Self::Postgres(url) => url.clone(),
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
