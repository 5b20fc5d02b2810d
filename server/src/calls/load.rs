//! Loads a call with the profiles of its people, and caches it.

use crate::{
    app::App,
    error::{Answer, ApiError},
    storage::CachedCall,
};
use parley_protocol::CallId;
use std::sync::Arc;

/// Loads the call from the database into the cache. Fails with 404 if there is none.
pub async fn load(app: &App, id: CallId) -> Answer<Arc<CachedCall>> {
    let record = app.store.call(id).await?.ok_or_else(ApiError::not_found)?;
    let cached = app.store.with_profiles(record).await?;
    app.call_cache.put(cached.clone());
    Ok(cached)
}
