//! How tables are made: what the statements of several migrations have in common.

use sea_orm_migration::{
    prelude::*,
    sea_query::{ForeignKeyAction, IndexCreateStatement, TableAlterStatement, TableCreateStatement},
};

pub fn table(name: &'static str) -> TableCreateStatement {
    Table::create().table(name).take()
}

/// One column more; SQLite takes one at a time.
pub fn add(table: &'static str, column: impl IntoColumnDef) -> TableAlterStatement {
    Table::alter().table(table).add_column(column).take()
}

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
