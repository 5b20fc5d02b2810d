//! Pages of lists, newest first, with a cursor for the next page.

use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// The last row of a page, in a list that is ordered by time and id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    pub at: i64,
    pub id: Uuid,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.at, self.id.simple())
    }
}

impl FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (at, id) = text.split_once('.').ok_or(())?;
        Ok(Self { at: at.parse().map_err(|_| ())?, id: id.parse().map_err(|_| ())? })
    }
}

/// Selects the newest rows by `time` and `id`, after the cursor if there is one.
pub(super) fn page<E: EntityTrait>(
    of: Select<E>,
    (time, id): (E::Column, E::Column),
    after: Option<Cursor>,
    limit: u64,
) -> Select<E> {
    let rows = of.order_by_desc(time).order_by_desc(id).limit(limit);
    match after {
        None => rows,
        Some(last) => rows.filter(
            Condition::any()
                .add(time.lt(last.at))
                .add(Condition::all().add(time.eq(last.at)).add(id.lt(last.id))),
        ),
    }
}
