//! `GET /api/calls/history`: calls that are over, newest first.

use super::view;
use crate::{
    app::App,
    calls::Roster,
    error::Answer,
    http::{input::Paging, session::Person},
    storage::Cursor,
};
use axum::{Json, extract::State};
use parley_protocol::rest::Calls;

/// Calls that are over, newest first.
#[utoipa::path(
    get, path = "/api/calls/history", tag = "calls",
    params(Paging),
    responses((status = 200, body = Calls)),
)]
pub async fn get(State(app): State<App>, person: Person, paging: Paging) -> Answer<Json<Calls>> {
    let mut records = app.store.past_calls_of(person.user, paging.after, paging.fetch()).await?;
    let next_cursor = paging.cut(&mut records, |call| Cursor { at: call.created_at.0, id: call.id.0 });
    let people = records.iter().flat_map(|call| &call.participants).map(|seat| seat.user_id);
    let names = app.store.names(people).await?;
    let items =
        records.into_iter().map(|record| view(&app, &Roster { record, names: names.clone() })).collect();
    Ok(Json(Calls { items, next_cursor }))
}
