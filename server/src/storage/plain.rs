//! The statements of every decision about a call, written out: a query builder takes longer to build one than SQLite
//! takes to run it.

use sea_orm::{
    ActiveModelTrait, ActiveValue, ConnectionTrait, DbBackend, DbErr, EntityName, EntityTrait, IdenStatic,
    Iterable, Statement, Value,
};
use std::fmt::Write;

type Column<A> = <<A as ActiveModelTrait>::Entity as EntityTrait>::Column;

/// Rows of which every column is set.
pub async fn insert<A: ActiveModelTrait>(
    c: &impl ConnectionTrait,
    rows: impl IntoIterator<Item = A>,
) -> Result<(), DbErr> {
    let mut text = Text::new::<A>(c, "INSERT INTO", " (");
    text.list(Column::<A>::iter(), Text::name);
    text.sql.push_str(") VALUES ");
    let mut any = false;
    for row in rows {
        text.sql.push_str(if any { ", (" } else { "(" });
        any = true;
        for (nth, column) in Column::<A>::iter().enumerate() {
            text.sql.push_str(if nth > 0 { ", " } else { "" });
            let value = row.get(column).into_value();
            text.value(value.ok_or_else(|| DbErr::AttrNotSet(column.as_str().to_owned()))?);
        }
        text.sql.push(')');
    }
    if any {
        c.execute_raw(text.statement()).await?;
    }
    Ok(())
}

/// Writes what is set into the rows that have these values; how many there were.
pub async fn update<A: ActiveModelTrait>(
    c: &impl ConnectionTrait,
    row: &A,
    which: impl IntoIterator<Item = (Column<A>, Value)>,
) -> Result<u64, DbErr> {
    let mut text = Text::new::<A>(c, "UPDATE", " SET ");
    let set = Column::<A>::iter().filter_map(|column| match row.get(column) {
        ActiveValue::Set(value) => Some((column, value)),
        _ => None,
    });
    text.list(set, Text::equals);
    if text.values.is_empty() {
        return Ok(0);
    }
    for (nth, (column, value)) in which.into_iter().enumerate() {
        text.sql.push_str(if nth > 0 { " AND " } else { " WHERE " });
        text.equals((column, value));
    }
    Ok(c.execute_raw(text.statement()).await?.rows_affected())
}

struct Text {
    backend: DbBackend,
    sql: String,
    values: Vec<Value>,
}

impl Text {
    fn new<A: ActiveModelTrait>(c: &impl ConnectionTrait, what: &str, then: &str) -> Self {
        let mut sql = String::with_capacity(512);
        let table = <A::Entity as Default>::default();
        _ = write!(sql, "{what} \"{}\"{then}", table.table_name());
        Self { backend: c.get_database_backend(), sql, values: Vec::new() }
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

    /// Its place, and the value for it.
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
