//! SQLite as a connection of `sea_orm`'s own, for migrations: they come before everything else, one after the other.

use super::Sqlite;
use async_trait::async_trait;
use sea_orm::{
    DatabaseConnection, DbBackend, DbErr, ProxyDatabaseConnector, ProxyDatabaseTrait, ProxyExecResult,
    ProxyRow, Statement,
};
use std::sync::Arc;

impl Sqlite {
    pub fn as_connection(self: &Arc<Self>) -> Result<DatabaseConnection, DbErr> {
        let proxy = Arc::new(Box::new(Whole(self.clone())) as Box<dyn ProxyDatabaseTrait>);
        ProxyDatabaseConnector::connect(DbBackend::Sqlite, proxy)
    }
}

struct Whole(Arc<Sqlite>);

impl std::fmt::Debug for Whole {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SQLite")
    }
}

#[async_trait]
impl ProxyDatabaseTrait for Whole {
    async fn query(&self, statement: Statement) -> Result<Vec<ProxyRow>, DbErr> {
        super::query(&self.0.writer(), &statement)
    }

    async fn execute(&self, statement: Statement) -> Result<ProxyExecResult, DbErr> {
        // What has no values may be several statements.
        if statement.values.is_none() {
            super::batch(&self.0.writer(), &statement.sql)?;
            return Ok(ProxyExecResult::default());
        }
        super::execute(&self.0.writer(), &statement)
    }
}
