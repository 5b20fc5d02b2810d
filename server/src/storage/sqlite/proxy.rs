//! SQLite as a connection of `sea_orm`, for migrations, tests and tools. They use the writing connection
//! without a transaction of `group_commit`, because each runs alone.

use super::Sqlite;
use async_trait::async_trait;
use sea_orm::{
    DatabaseConnection, DbBackend, DbErr, ProxyDatabaseConnector, ProxyDatabaseTrait, ProxyExecResult,
    ProxyRow, Statement,
};
use std::sync::Arc;

impl Sqlite {
    pub fn as_connection(self: &Arc<Self>) -> Result<DatabaseConnection, DbErr> {
        let proxy = Arc::new(Box::new(MigrationProxy(self.clone())) as Box<dyn ProxyDatabaseTrait>);
        ProxyDatabaseConnector::connect(DbBackend::Sqlite, proxy)
    }
}

struct MigrationProxy(Arc<Sqlite>);

impl std::fmt::Debug for MigrationProxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SQLite")
    }
}

#[async_trait]
impl ProxyDatabaseTrait for MigrationProxy {
    async fn query(&self, statement: Statement) -> Result<Vec<ProxyRow>, DbErr> {
        super::query(&self.0.writer(), &statement)
    }

    async fn execute(&self, statement: Statement) -> Result<ProxyExecResult, DbErr> {
        // SQL without values may consist of several statements, which only a batch runs.
        if statement.values.is_none() {
            super::batch(&self.0.writer(), &statement.sql)?;
            return Ok(ProxyExecResult::default());
        }
        super::execute(&self.0.writer(), &statement)
    }
}
