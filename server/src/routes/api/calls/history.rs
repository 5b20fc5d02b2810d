//! `GET /api/calls/history`: lists the person's past calls, filtered by the query.

use crate::{
    app::App,
    error::{Answer, ApiError},
    http::{input::Paging, session::Person},
    storage::{CallFilter, Cursor},
    wire,
};
use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
};
use parley_protocol::{
    call::{CallStatus, CallType},
    rest::Calls,
};
use serde::Deserialize;
use std::str::FromStr;

/// The filter of the list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HistoryQuery {
    /// Only calls in this conversation.
    #[param(format = "uuid")]
    conversation_id: Option<String>,
    /// Only calls with this person.
    #[param(format = "uuid")]
    user_id: Option<String>,
    /// Only calls at this time or later.
    #[param(format = "date-time")]
    from: Option<String>,
    /// Only calls before this time.
    #[param(format = "date-time")]
    to: Option<String>,
    #[param(value_type = Option<CallType>)]
    call_type: Option<String>,
    /// Only calls that ended with this status.
    #[param(value_type = Option<CallStatus>)]
    outcome: Option<String>,
}

/// Lists past calls, newest first.
#[utoipa::path(
    get, path = "/api/calls/history", tag = "calls",
    params(Paging, HistoryQuery),
    responses((status = 200, body = Calls)),
)]
pub async fn get(
    State(app): State<App>,
    person: Person,
    paging: Paging,
    which: Result<Query<HistoryQuery>, QueryRejection>,
) -> Answer<Json<Calls>> {
    let Query(which) = which.map_err(|_| ApiError::field("query", "is malformed"))?;
    let filter = which.filter()?;
    let mut records = app.store.past_calls_of(person.user, &filter, paging.after, paging.fetch()).await?;
    let next_cursor = paging.cut(&mut records, |call| Cursor { at: call.created_at.0, id: call.id.0 });
    let people = records.iter().flat_map(|call| &call.participants).map(|seat| seat.user_id);
    let people = app.store.people(people).await?;
    let items = records.iter().map(|record| wire::call::view(record, &people)).collect();
    Ok(Json(Calls { items, next_cursor }))
}

impl HistoryQuery {
    /// Parses the query into a filter for the store.
    fn filter(&self) -> Answer<CallFilter> {
        let outcome: Option<CallStatus> = read("outcome", self.outcome.as_deref())?;
        if outcome.is_some_and(CallStatus::is_live) {
            return Err(ApiError::field("outcome", "must be a final status"));
        }
        Ok(CallFilter {
            conversation: read("conversation_id", self.conversation_id.as_deref())?,
            person: read("user_id", self.user_id.as_deref())?,
            from: read("from", self.from.as_deref())?,
            to: read("to", self.to.as_deref())?,
            call_type: read("call_type", self.call_type.as_deref())?,
            outcome,
        })
    }
}

/// Parses a value of the query.
fn read<T: FromStr>(field: &str, text: Option<&str>) -> Answer<Option<T>> {
    text.map(|text| text.parse().map_err(|_| ApiError::field(field, "is malformed"))).transpose()
}
