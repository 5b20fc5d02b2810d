//! Plain SQL for the statements of every decision about a call: a query builder takes longer to build them
//! than SQLite takes to run them.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, EntityTrait, IdenStatic, Statement, Value};
use std::fmt::Write;

/// Values for some columns of a row.
pub type Cells<E> = Vec<(<E as EntityTrait>::Column, Value)>;

/// Inserts rows that have the same columns, in the same order.
pub async fn insert<E: EntityTrait>(c: &impl ConnectionTrait, rows: Vec<Cells<E>>) -> Result<(), DbErr> {
    let backend = c.get_database_backend();
    if backend == DbBackend::Sqlite {
        // One statement per row. For several rows SQLite has to be able to undo the first ones, and copies
        // every page before it changes it.
        for row in rows {
            c.execute_raw(inserting::<E>(backend, vec![row])).await?;
        }
    } else if !rows.is_empty() {
        c.execute_raw(inserting::<E>(backend, rows)).await?;
    }
    Ok(())
}

fn inserting<E: EntityTrait>(backend: DbBackend, rows: Vec<Cells<E>>) -> Statement {
    let mut text = Text::new::<E>(backend, "INSERT INTO", " (");
    text.list(rows.iter().take(1).flatten(), |text, (column, _)| text.name(*column));
    text.sql.push_str(") VALUES ");
    text.list(rows.into_iter(), |text, row| {
        text.sql.push('(');
        text.list(row.into_iter(), |text, (_, value)| text.value(value));
        text.sql.push(')');
    });
    text.statement()
}

/// Writes these cells into the rows that have the values of `which`; returns the number of those rows.
pub async fn update<E: EntityTrait>(
    c: &impl ConnectionTrait,
    cells: Cells<E>,
    which: Cells<E>,
) -> Result<u64, DbErr> {
    if cells.is_empty() {
        return Ok(0);
    }
    let statement = updating::<E>(c.get_database_backend(), cells, which);
    Ok(c.execute_raw(statement).await?.rows_affected())
}

fn updating<E: EntityTrait>(backend: DbBackend, cells: Cells<E>, which: Cells<E>) -> Statement {
    let mut text = Text::new::<E>(backend, "UPDATE", " SET ");
    text.list(cells.into_iter(), Text::equals);
    for (nth, cell) in which.into_iter().enumerate() {
        text.sql.push_str(if nth > 0 { " AND " } else { " WHERE " });
        text.equals(cell);
    }
    text.statement()
}

/// Returns the cells that have changed. Writing the others would check their indexes and foreign keys for
/// nothing.
pub fn changes<E: EntityTrait>(old: &Cells<E>, new: Cells<E>) -> Cells<E> {
    new.into_iter().zip(old).filter(|(new, old)| new.1 != old.1).map(|(new, _)| new).collect()
}

/// A statement that is being written, with its values.
struct Text {
    backend: DbBackend,
    sql: String,
    values: Vec<Value>,
}

impl Text {
    fn new<E: EntityTrait>(backend: DbBackend, what: &str, then: &str) -> Self {
        let mut sql = String::with_capacity(512);
        _ = write!(sql, "{what} \"{}\"{then}", E::default().table_name());
        Self { backend, sql, values: Vec::with_capacity(32) }
    }

    fn list<T>(&mut self, items: impl Iterator<Item = T>, mut write: impl FnMut(&mut Self, T)) {
        for (nth, item) in items.enumerate() {
            self.sql.push_str(if nth > 0 { ", " } else { "" });
            write(self, item);
        }
    }

    fn name(&mut self, column: impl IdenStatic) {
        self.sql.push('"');
        self.sql.push_str(column.as_str());
        self.sql.push('"');
    }

    fn equals<C: IdenStatic>(&mut self, (column, value): (C, Value)) {
        self.name(column);
        self.sql.push_str(" = ");
        self.value(value);
    }

    /// Writes a placeholder, and keeps the value for it.
    fn value(&mut self, value: Value) {
        self.values.push(value);
        if self.backend == DbBackend::Postgres {
            _ = write!(self.sql, "${}", self.values.len());
        } else {
            self.sql.push('?');
        }
    }

    fn statement(self) -> Statement {
        Statement::from_sql_and_values(self.backend, self.sql, self.values)
    }
}
