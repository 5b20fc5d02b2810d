//! The database behind the store: SQLite in this process, or a pool of connections to PostgreSQL. Queries do
//! not know which.

use super::{
    Stored,
    sqlite::{Sqlite, Transaction, UndoScope},
};
use async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult, ProxyRow,
    QueryResult, Statement, TransactionTrait, metric::Info,
};
use std::sync::Arc;

pub enum Db {
    Sqlite(Arc<Sqlite>),
    /// A pool of connections to PostgreSQL.
    Pool(DatabaseConnection),
}

pub enum Tx {
    Sqlite(Transaction),
    Pool(DatabaseTransaction),
}

impl Db {
    /// Tells whether one server has the database for itself.
    pub fn is_alone(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    pub async fn begin(&self, undo_scope: UndoScope) -> Stored<Tx> {
        Ok(match self {
            Self::Sqlite(sqlite) => Tx::Sqlite(sqlite.begin(undo_scope).await?),
            Self::Pool(pool) => Tx::Pool(pool.begin().await?),
        })
    }

    /// Sets the callback that is told of every statement.
    pub fn set_metric_callback(&mut self, callback: impl Fn(&Info<'_>) + Send + Sync + 'static) {
        match self {
            Self::Sqlite(sqlite) => sqlite.time(callback),
            Self::Pool(pool) => pool.set_metric_callback(callback),
        }
    }

    pub async fn ping(&self) -> Stored<()> {
        match self {
            Self::Sqlite(sqlite) => Ok(sqlite.ping()?),
            Self::Pool(pool) => Ok(pool.ping().await?),
        }
    }

    pub async fn close(&self) -> Stored<()> {
        match self {
            Self::Sqlite(sqlite) => {
                sqlite.close();
                Ok(())
            }
            Self::Pool(pool) => Ok(pool.clone().close().await?),
        }
    }
}

impl Tx {
    /// Tells whether no other transaction can write at the same time.
    pub fn is_alone(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    pub async fn commit(self) -> Stored<()> {
        match self {
            Self::Sqlite(transaction) => Ok(transaction.commit().await?),
            Self::Pool(transaction) => Ok(transaction.commit().await?),
        }
    }

    pub async fn rollback(self) -> Stored<()> {
        match self {
            Self::Sqlite(transaction) => {
                transaction.rollback();
                Ok(())
            }
            Self::Pool(transaction) => Ok(transaction.rollback().await?),
        }
    }
}

#[async_trait]
impl ConnectionTrait for Db {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Sqlite(_) => DbBackend::Sqlite,
            Self::Pool(pool) => pool.get_database_backend(),
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self {
            Self::Sqlite(_) => Err(outside()),
            Self::Pool(pool) => pool.execute_raw(statement).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match self {
            Self::Sqlite(_) => Err(outside()),
            Self::Pool(pool) => pool.execute_unprepared(sql).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self {
            Self::Sqlite(sqlite) => Ok(sqlite.query(&statement)?.into_iter().next().map(Into::into)),
            Self::Pool(pool) => pool.query_one_raw(statement).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Sqlite(sqlite) => Ok(results(sqlite.query(&statement)?)),
            Self::Pool(pool) => pool.query_all_raw(statement).await,
        }
    }
}

#[async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Sqlite(_) => DbBackend::Sqlite,
            Self::Pool(transaction) => transaction.get_database_backend(),
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self {
            Self::Sqlite(transaction) => transaction.execute(&statement).map(Into::into),
            Self::Pool(transaction) => transaction.execute_raw(statement).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match self {
            Self::Sqlite(transaction) => {
                transaction.execute_unprepared(sql)?;
                Ok(sea_orm::ProxyExecResult::default().into())
            }
            Self::Pool(transaction) => transaction.execute_unprepared(sql).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self {
            Self::Sqlite(transaction) => {
                Ok(transaction.query(&statement)?.into_iter().next().map(Into::into))
            }
            Self::Pool(transaction) => transaction.query_one_raw(statement).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Sqlite(transaction) => Ok(results(transaction.query(&statement)?)),
            Self::Pool(transaction) => transaction.query_all_raw(statement).await,
        }
    }
}

fn results(rows: Vec<ProxyRow>) -> Vec<QueryResult> {
    rows.into_iter().map(Into::into).collect()
}

/// Builds the error of a write outside a transaction: on SQLite the connections of [`Db`] itself only read.
fn outside() -> DbErr {
    DbErr::Custom("writing needs a transaction".to_owned())
}
