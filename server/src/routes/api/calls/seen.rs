//! `POST /api/calls/seen`: marks the person's missed calls as seen.

use crate::{app::App, cluster::delivery::Audience, error::Answer, http::session::Person};
use axum::{extract::State, http::StatusCode};
use parley_protocol::ServerNotice;

/// Marks your missed calls as seen.
#[utoipa::path(post, path = "/api/calls/seen", tag = "calls", responses((status = 204)))]
pub async fn post(State(app): State<App>, person: Person) -> Answer<StatusCode> {
    let write = app.store.write().await?;
    let changed = write.see_calls(person.user, app.clock.now()).await?;
    write.commit().await?;
    if changed {
        app.publish(vec![Audience::Users(vec![person.user])], &ServerNotice::CallsSeen {});
    }
    Ok(StatusCode::NO_CONTENT)
}
