//! Helpers that build tables, columns, foreign keys and indexes for several migrations.

use sea_orm_migration::{
    prelude::*,
    sea_query::{ForeignKeyAction, IndexCreateStatement, TableAlterStatement, TableCreateStatement},
};

pub fn table(name: &'static str) -> TableCreateStatement {
    Table::create().table(name).take()
}

/// Adds a column; SQLite accepts only one per statement.
pub fn add(table: &'static str, column: impl IntoColumnDef) -> TableAlterStatement {
    Table::alter().table(table).add_column(column).take()
}

/// Builds a foreign key to the `id` of the target, whose deletion deletes the row.
pub fn to(table: &'static str, column: &'static str, target: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(table, column).to(target, "id").on_delete(ForeignKeyAction::Cascade).take()
}

pub fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("{table}_{}", columns.join("_"))).table(table);
    for column in columns {
        index.col(*column);
    }
    index
}
