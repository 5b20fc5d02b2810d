//! The schema's history. The same statements run on SQLite and on PostgreSQL.

mod m0001_foundation;
mod m0002_people;
mod m0003_calls;
mod m0004_servers;
mod m0005_live_seats;
mod m0006_seen_calls;
mod m0007_pictures;
mod shape;

use super::{StoreError, Stored};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, TransactionTrait};
use sea_orm_migration::{MigrationTrait, MigratorTrait};

/// Any number that nothing else locks in this database.
const LOCK: i64 = 0x7061_726c_6579;

/// Brings the schema up to date. Of several servers that start at once, one does it.
pub async fn run(db: &DatabaseConnection) -> Stored<()> {
    if db.get_database_backend() != DbBackend::Postgres {
        return up(db).await;
    }
    let turn = db.begin().await?;
    turn.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
    up(db).await?;
    Ok(turn.commit().await?)
}

async fn up(db: &DatabaseConnection) -> Stored<()> {
    Migrator::install(db).await?;
    let known: Vec<String> = Migrator::migrations().iter().map(|one| one.name().to_owned()).collect();
    let applied = Migrator::get_migration_models(db).await?;
    match applied.into_iter().find(|one| !known.contains(&one.version)) {
        Some(newer) => Err(StoreError::Newer(newer.version)),
        None => Ok(Migrator::up(db, None).await?),
    }
}

pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_foundation::Migration),
            Box::new(m0002_people::Migration),
            Box::new(m0003_calls::Migration),
            Box::new(m0004_servers::Migration),
            Box::new(m0005_live_seats::Migration),
            Box::new(m0006_seen_calls::Migration),
            Box::new(m0007_pictures::Migration),
        ]
    }
}
