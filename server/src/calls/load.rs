//! Loading a call with the profiles of its people, through the cache.

use crate::{
    app::App,
    error::{Answer, ApiError},
    storage::Roster,
};
use parley_protocol::CallId;
use std::sync::Arc;

/// Loads the call from the database, and keeps it. There being none is an error.
pub async fn load(app: &App, id: CallId) -> Answer<Arc<Roster>> {
    let record = app.store.call(id).await?.ok_or_else(ApiError::not_found)?;
    let roster = app.store.with_profiles(record).await?;
    app.rosters.put(roster.clone());
    Ok(roster)
}
