//! The errors of the database, as far as the rest of the server has to tell them apart.

use super::sqlite::TAKEN;
use sea_orm::{DbErr, RuntimeErr, SqlErr, sqlx};

#[derive(Debug)]
pub enum StoreError {
    /// A row that a unique index refused, because somebody else was first.
    Taken,
    /// No answer from the database.
    Unavailable(String),
    /// A migration in the schema that this version of the server does not know.
    Newer(String),
    /// A mistake in our code, or a row with unreadable content.
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

/// Checks whether the error means that the database is unavailable.
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
