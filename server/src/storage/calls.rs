//! Queries for calls.

use super::{
    Cursor, Store, Stored, Write,
    conversations::of_member,
    page::page,
    rows::{record, word},
    tables::{call_events as events, call_participants as participants, calls},
};
use parley_core::call::Record;
use parley_protocol::{
    CallId, ConversationId, Timestamp, UserId,
    call::{CallLogEntry, CallStatus, CallType, ParticipantStatus},
    limits,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select, Statement,
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The conditions for calls of the history; an empty field allows all.
#[derive(Debug, Clone, Default)]
pub struct CallFilter {
    pub conversation: Option<ConversationId>,
    pub person: Option<UserId>,
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
    pub call_type: Option<CallType>,
    pub outcome: Option<CallStatus>,
}

/// The number of live calls of one type, mode and engine.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct LiveCalls {
    pub call_type: String,
    pub mode: String,
    pub engine: String,
    pub calls: i64,
}

impl Store {
    pub async fn call(&self, id: CallId) -> Stored<Option<Record>> {
        let row = calls::Entity::find_by_id(id.0).one(&self.db).await?;
        Ok(records(&self.db, row.into_iter().collect()).await?.pop())
    }

    /// Returns the live calls that the person knows of, because they are or were in them or invited, except
    /// those of a conversation that they have left.
    pub async fn known_live_calls_of(&self, user: UserId) -> Stored<Vec<Record>> {
        let known = with_seat(&[user])
            .filter(calls::Column::EndedAt.is_null())
            .filter(calls::Column::ConversationId.in_subquery(of_member(user)));
        records(&self.db, known.all(&self.db).await?).await
    }

    /// Returns the live calls that the person is in or invited to.
    pub async fn live_calls_of(&self, user: UserId) -> Stored<Vec<Record>> {
        self.live_calls_of_all(&[user]).await
    }

    pub async fn live_calls_in(&self, conversations: &[ConversationId]) -> Stored<Vec<Record>> {
        if conversations.is_empty() {
            return Ok(Vec::new());
        }
        let rows = calls::Entity::find()
            .filter(calls::Column::EndedAt.is_null())
            .filter(calls::Column::ConversationId.is_in(conversations.iter().map(|id| id.0)))
            .all(&self.db)
            .await?;
        records(&self.db, rows).await
    }

    /// Counts the live calls by type, mode and engine.
    pub async fn count_live_calls(&self) -> Stored<Vec<LiveCalls>> {
        use calls::Column::{CallType, EndedAt, Engine, Id, Mode};
        let kinds = [CallType, Mode, Engine];
        let live = calls::Entity::find().filter(EndedAt.is_null()).select_only().columns(kinds);
        let counted = kinds.into_iter().fold(live.column_as(Id.count(), "calls"), QuerySelect::group_by);
        Ok(counted.into_model().all(&self.db).await?)
    }

    pub async fn all_live_calls(&self) -> Stored<Vec<CallId>> {
        let rows = calls::Entity::find().filter(calls::Column::EndedAt.is_null()).all(&self.db).await?;
        Ok(rows.into_iter().map(|row| CallId(row.id)).collect())
    }

    /// Returns the calls of [`Store::live_calls_of`] for several people.
    pub async fn live_calls_of_all(&self, users: &[UserId]) -> Stored<Vec<Record>> {
        records(&self.db, live(users).all(&self.db).await?).await
    }

    /// Returns ended calls in which the person had a seat, newest first.
    pub async fn past_calls_of(
        &self,
        user: UserId,
        filter: &CallFilter,
        after: Option<Cursor>,
        limit: u64,
    ) -> Stored<Vec<Record>> {
        let past = with_seat(&[user]).filter(calls::Column::EndedAt.is_not_null()).filter(filter.condition());
        let order = (calls::Column::CreatedAt, calls::Column::Id);
        records(&self.db, page(past, order, after, limit).all(&self.db).await?).await
    }

    /// Returns the event log of a call in order; of a long one, only the newest entries.
    pub async fn call_log(&self, id: CallId) -> Stored<Vec<CallLogEntry>> {
        let rows = events::Entity::find()
            .filter(events::Column::CallId.eq(id.0))
            .order_by_desc(events::Column::Seq)
            .limit(u64::try_from(limits::CALL_LOG_MAX).unwrap_or(u64::MAX))
            .all(&self.db)
            .await?;
        let entry = |row: events::Model| CallLogEntry {
            at: Timestamp(row.created_at),
            user_id: row.user_id.map(UserId),
            event: row.event,
            data: row.data,
        };
        Ok(rows.into_iter().rev().map(entry).collect())
    }

    /// Returns the earliest deadline of all calls.
    pub async fn next_deadline(&self) -> Stored<Option<Timestamp>> {
        let row = calls::Entity::find()
            .filter(calls::Column::DeadlineAt.is_not_null())
            .order_by_asc(calls::Column::DeadlineAt)
            .limit(1)
            .one(&self.db)
            .await?;
        Ok(row.and_then(|row| row.deadline_at).map(Timestamp))
    }

    pub async fn calls_due(&self, now: Timestamp, limit: u64) -> Stored<Vec<CallId>> {
        let rows = calls::Entity::find()
            .filter(calls::Column::DeadlineAt.lte(now.0))
            .order_by_asc(calls::Column::DeadlineAt)
            .limit(limit)
            .all(&self.db)
            .await?;
        Ok(rows.into_iter().map(|row| CallId(row.id)).collect())
    }
}

impl Write {
    /// Returns the calls of [`Store::live_calls_of_all`] as this transaction sees them.
    pub async fn live_calls_of(&self, users: &[UserId]) -> Stored<Vec<Record>> {
        // Usually there are none, and one query is enough.
        let open: BTreeSet<Uuid> =
            self.open_seats_of(users).await?.into_iter().map(|seat| seat.call.0).collect();
        if open.is_empty() {
            return Ok(Vec::new());
        }
        let live = calls::Entity::find()
            .filter(calls::Column::Id.is_in(open))
            .filter(calls::Column::EndedAt.is_null());
        records(&self.tx, live.all(&self.tx).await?).await
    }

    /// Returns the open seats of these people, without reading their calls.
    pub async fn open_seats_of(&self, users: &[UserId]) -> Stored<Vec<OpenSeat>> {
        let ask = open_seats_of(self.tx.get_database_backend(), users);
        let rows = OpenRow::find_by_statement(ask).all(&self.tx).await?;
        let seat = |row: OpenRow| Ok(OpenSeat { call: CallId(row.call_id), status: word(&row.status)? });
        rows.into_iter().map(seat).collect()
    }
}

/// The query for open seats, up to the person. Leaving a call closes a seat, and the end of a call closes all
/// of them.
const OPEN_SEATS: &str =
    "SELECT call_id, status FROM call_participants WHERE left_at IS NULL AND hidden = FALSE AND user_id";

/// Builds one query per person, joined by UNION ALL: for a list of people SQLite would make a temporary
/// table.
fn open_seats_of(backend: DbBackend, users: &[UserId]) -> Statement {
    let each: Vec<String> = (1..=users.len()).map(|place| format!("{OPEN_SEATS} = ${place}")).collect();
    let users = users.iter().map(|id| id.0.into());
    Statement::from_sql_and_values(backend, each.join(" UNION ALL "), users)
}

#[derive(FromQueryResult)]
struct OpenRow {
    call_id: Uuid,
    status: String,
}

impl CallFilter {
    fn condition(&self) -> Condition {
        let with = self.person.map(|person| {
            let seats = participants::Entity::find()
                .select_only()
                .column(participants::Column::CallId)
                .filter(participants::Column::UserId.eq(person.0));
            calls::Column::Id.in_subquery(seats.into_query())
        });
        Condition::all()
            .add_option(self.conversation.map(|id| calls::Column::ConversationId.eq(id.0)))
            .add_option(with)
            .add_option(self.from.map(|from| calls::Column::CreatedAt.gte(from.0)))
            .add_option(self.to.map(|to| calls::Column::CreatedAt.lt(to.0)))
            .add_option(self.call_type.map(|kind| calls::Column::CallType.eq(kind.as_str())))
            .add_option(self.outcome.map(|outcome| calls::Column::Status.eq(outcome.as_str())))
    }
}

/// A seat in a live call whose person is in it, or invited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenSeat {
    pub call: CallId,
    pub status: ParticipantStatus,
}

/// Selects the calls in which one of these people has a seat that is not hidden.
pub(super) fn with_seat(users: &[UserId]) -> Select<calls::Entity> {
    let seats = participants::Entity::find()
        .select_only()
        .column(participants::Column::CallId)
        .filter(participants::Column::UserId.is_in(users.iter().map(|id| id.0)))
        .filter(participants::Column::Hidden.eq(false))
        .into_query();
    calls::Entity::find().filter(calls::Column::Id.in_subquery(seats))
}

/// Selects the open seats of these people, as [`OPEN_SEATS`] does.
fn open_seats(users: &[UserId]) -> Select<participants::Entity> {
    participants::Entity::find()
        .filter(participants::Column::UserId.is_in(users.iter().map(|id| id.0)))
        .filter(participants::Column::LeftAt.is_null())
        .filter(participants::Column::Hidden.eq(false))
}

fn live(users: &[UserId]) -> Select<calls::Entity> {
    let open = open_seats(users).select_only().column(participants::Column::CallId).into_query();
    calls::Entity::find().filter(calls::Column::Id.in_subquery(open)).filter(calls::Column::EndedAt.is_null())
}

async fn records<C: ConnectionTrait>(c: &C, rows: Vec<calls::Model>) -> Stored<Vec<Record>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let seats = participants::Entity::find()
        .filter(participants::Column::CallId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(participants::Column::Position)
        .all(c)
        .await?;
    rows.iter().map(|row| record(row, &seats)).collect()
}
