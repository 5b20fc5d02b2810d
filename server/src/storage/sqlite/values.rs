//! The conversion of values between queries and SQLite, which stores fewer types than queries use.
//!
//! The declared type of a column decides what its value becomes. A result without one, such as a count, is
//! taken as SQLite stores it.

use rusqlite::{
    Row, Statement,
    types::{ToSqlOutput, Value as Owned, ValueRef},
};
use sea_orm::{DbErr, ProxyRow, Value};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The names of 32-bit columns in all tables. SQLite declares them like 64-bit ones, so only the name tells.
const SMALL: [&str; 16] = [
    "down_kbps",
    "fps",
    "height",
    "ice_restarts",
    "jitter_ms",
    "max_participants",
    "max_uses",
    "mutes",
    "position",
    "rtt_ms",
    "setup_ms",
    "stars",
    "unread",
    "up_kbps",
    "uses",
    "width",
];

pub(super) struct Column {
    name: String,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    Bool,
    /// A 32-bit integer.
    Small,
    Uuid,
    /// The value as SQLite stores it.
    Stored,
}

pub(super) fn columns(statement: &Statement<'_>) -> Vec<Column> {
    let column = |column: &rusqlite::Column<'_>| Column {
        name: column.name().to_owned(),
        kind: match column.decl_type() {
            Some("boolean") => Kind::Bool,
            // Migrations ask the schema with expressions like `has_table`, which have no declared type.
            None if column.name().starts_with("has_") => Kind::Bool,
            // SQLite reports its standard types in capitals, however the schema spells them.
            Some("INTEGER") if SMALL.contains(&column.name()) => Kind::Small,
            Some("uuid_text" | "uuid_blob") => Kind::Uuid,
            _ => Kind::Stored,
        },
    };
    statement.columns().iter().map(column).collect()
}

pub(super) fn row(row: &Row<'_>, columns: &[Column]) -> rusqlite::Result<ProxyRow> {
    let value = |(place, column): (usize, &Column)| {
        Ok((column.name.clone(), value(row.get_ref(place)?, column.kind)))
    };
    let values: rusqlite::Result<BTreeMap<_, _>> = columns.iter().enumerate().map(value).collect();
    Ok(ProxyRow::new(values?))
}

fn value(stored: ValueRef<'_>, kind: Kind) -> Value {
    match (stored, kind) {
        (ValueRef::Integer(number), Kind::Bool) => Value::Bool(Some(number != 0)),
        (ValueRef::Integer(number), Kind::Small) => match i32::try_from(number) {
            Ok(number) => Value::Int(Some(number)),
            Err(_) => Value::BigInt(Some(number)),
        },
        (ValueRef::Blob(bytes), Kind::Uuid) => match Uuid::from_slice(bytes) {
            Ok(id) => Value::Uuid(Some(id)),
            Err(_) => Value::Bytes(Some(bytes.to_vec())),
        },
        // NULL has no type in SQLite, so an empty value of any type will do.
        (ValueRef::Null, _) => Value::BigInt(None),
        (ValueRef::Integer(number), _) => Value::BigInt(Some(number)),
        (ValueRef::Real(number), _) => Value::Double(Some(number)),
        (ValueRef::Text(text), _) => Value::String(Some(String::from_utf8_lossy(text).into_owned())),
        (ValueRef::Blob(bytes), _) => Value::Bytes(Some(bytes.to_vec())),
    }
}

pub(super) fn bind(value: &Value) -> Result<ToSqlOutput<'_>, DbErr> {
    let number = |number: Option<i64>| owned(number.map(Owned::Integer));
    let borrowed = |value: Option<ValueRef<'static>>| ToSqlOutput::Borrowed(value.unwrap_or(ValueRef::Null));
    Ok(match value {
        Value::Bool(yes) => number(yes.map(i64::from)),
        Value::Int(n) => number(n.map(i64::from)),
        Value::BigInt(n) => number(*n),
        Value::Unsigned(n) => number(n.map(i64::from)),
        Value::BigUnsigned(Some(n)) => match i64::try_from(*n) {
            Ok(n) => number(Some(n)),
            Err(_) => return Err(DbErr::Type(format!("{n} is more than a column holds"))),
        },
        Value::Float(x) => owned(x.map(|x| Owned::Real(x.into()))),
        Value::Double(x) => owned(x.map(Owned::Real)),
        Value::String(Some(text)) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        Value::Bytes(Some(bytes)) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        Value::Uuid(Some(id)) => ToSqlOutput::Borrowed(ValueRef::Blob(id.as_bytes())),
        Value::BigUnsigned(None) | Value::String(None) | Value::Bytes(None) | Value::Uuid(None) => {
            borrowed(None)
        }
        other => return Err(DbErr::Type(format!("no column holds {other:?}"))),
    })
}

fn owned(value: Option<Owned>) -> ToSqlOutput<'static> {
    ToSqlOutput::Owned(value.unwrap_or(Owned::Null))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{collections::BTreeSet, fs, path::Path};

    /// Returns the names of all fields of this type in the sources of the tables.
    fn fields(of: &str) -> BTreeSet<String> {
        let storage = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/storage");
        let mut files = vec![storage.join("tables.rs")];
        files.extend(
            fs::read_dir(storage.join("tables")).into_iter().flatten().map(|entry| entry.unwrap().path()),
        );
        let text: String = files.into_iter().map(|file| fs::read_to_string(file).unwrap()).collect();
        let lines = text.lines().filter_map(|line| line.trim().strip_prefix("pub ")?.strip_suffix(','));
        let fields = lines.filter_map(|line| line.split_once(": "));
        let its = fields.filter(|(_, kind)| *kind == of || *kind == format!("Option<{of}>"));
        its.map(|(name, _)| name.to_owned()).collect()
    }

    #[test]
    fn every_column_of_32_bits_is_known_and_no_larger_one_has_its_name() {
        let small: BTreeSet<String> = SMALL.map(str::to_owned).into();
        let unknown: Vec<_> = fields("i32").difference(&small).cloned().collect();
        assert!(unknown.is_empty(), "add to SMALL: {unknown:?}");
        let ambiguous: Vec<_> = fields("i64").intersection(&small).cloned().collect();
        assert!(ambiguous.is_empty(), "give one of them another name: {ambiguous:?}");
    }
}
