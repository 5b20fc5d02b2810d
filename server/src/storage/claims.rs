//! Claims on work that several servers share, so that one server does each piece.

use super::{Store, Stored, Write};
use parley_protocol::{CallId, Timestamp};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement};
use uuid::Uuid;

/// The statement that claims calls whose deadline has passed. The claim is for the deadline as it is: when
/// the call gets another one, that one is free.
const TAKE: &str = "UPDATE calls SET claimed_deadline = deadline_at, claimed_until = $2 WHERE id IN \
    (SELECT id FROM calls WHERE deadline_at <= $1 \
    AND (claimed_deadline IS DISTINCT FROM deadline_at OR claimed_until <= $1) \
    ORDER BY deadline_at LIMIT $3 FOR UPDATE SKIP LOCKED) RETURNING id";

/// The number of the advisory lock for cleaning up. No other lock may have it; that of the migrations is one
/// less.
const CLEANING: i64 = 0x7061_726c_657a;

#[derive(FromQueryResult)]
struct Taken {
    id: Uuid,
}

impl Store {
    /// Claims calls whose deadline has passed for this server until a time. SQLite serves a single server,
    /// which needs no claims.
    pub async fn take_due(&self, now: Timestamp, until: Timestamp, limit: u64) -> Stored<Vec<CallId>> {
        if self.db.is_alone() {
            return self.calls_due(now, limit).await;
        }
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let values = [now.0.into(), until.0.into(), limit.into()];
        let take = Statement::from_sql_and_values(DbBackend::Postgres, TAKE, values);
        let taken = Taken::find_by_statement(take).all(&self.db).await?;
        Ok(taken.into_iter().map(|call| CallId(call.id)).collect())
    }
}

impl Write {
    /// Waits until no other server cleans up, and keeps the others waiting until this transaction ends.
    pub async fn clean_alone(&self) -> Stored<()> {
        if !self.is_alone() {
            let wait = "SELECT pg_advisory_xact_lock($1)";
            let wait = Statement::from_sql_and_values(DbBackend::Postgres, wait, [CLEANING.into()]);
            self.tx.execute_raw(wait).await?;
        }
        Ok(())
    }
}
