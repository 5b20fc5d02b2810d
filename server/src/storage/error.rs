//! What can go wrong with the database, as the rest of the server needs to tell it apart.

use super::sqlite::TAKEN;
use sea_orm::{DbErr, RuntimeErr, SqlErr, sqlx};

#[derive(Debug)]
pub enum StoreError {
    /// A unique index refused the row: somebody else was first.
    Taken,
    /// The database does not answer.
    Unavailable(String),
    /// The schema has this migration, which this program does not know.
    Newer(String),
    /// A mistake of ours, or a row that is not what it should be.
    Broken(String),
}

impl StoreError {
    pub(super) fn bad_row(what: &str) -> Self {
        Self::Broken(format!("unreadable row: {what}"))
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        if let Some(SqlErr::UniqueConstraintViolation(_)) = error.sql_err() {
            return Self::Taken;
        }
        match &error {
            DbErr::Custom(why) if why == TAKEN => Self::Taken,
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Self::Unavailable(error.to_string()),
            DbErr::Exec(RuntimeErr::SqlxError(inner)) | DbErr::Query(RuntimeErr::SqlxError(inner))
                if is_away(inner) =>
            {
                Self::Unavailable(error.to_string())
            }
            other => Self::Broken(other.to_string()),
        }
    }
}

/// Whether the database went away while it was asked.
fn is_away(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        // Connection exceptions, no connections left, and a server that shuts down.
        sqlx::Error::Database(error) => {
            error.code().is_some_and(|code| ["08", "53", "57P"].iter().any(|class| code.starts_with(class)))
        }
        _ => false,
    }
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Taken => f.write_str("already taken"),
            Self::Unavailable(why) => write!(f, "database unavailable: {why}"),
            Self::Newer(migration) => write!(
                f,
                "the database belongs to a newer version of Parley (it has {migration}): use that version"
            ),
            Self::Broken(why) => write!(f, "database error: {why}"),
        }
    }
}

impl std::error::Error for StoreError {}
