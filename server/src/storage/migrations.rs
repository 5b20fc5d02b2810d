//! The schema's history. The same statements run on SQLite and on PostgreSQL.

mod m0001_foundation;
mod m0002_people;
mod shape;

use sea_orm_migration::{MigrationTrait, MigratorTrait};

pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(m0001_foundation::Migration), Box::new(m0002_people::Migration)]
    }
}
