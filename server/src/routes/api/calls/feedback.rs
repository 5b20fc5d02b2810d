//! `POST /api/calls/{id}/feedback`: rates a call. A second rating replaces the first.

use crate::{
    app::App,
    calls::{self, quality},
    error::{Answer, ApiError},
    http::{
        input::{Body, Id},
        session::Person,
    },
};
use axum::{extract::State, http::StatusCode};
use parley_protocol::{CallId, quality::Feedback, text};

/// Rates a call that you were in.
#[utoipa::path(
    post, path = "/api/calls/{id}/feedback", tag = "calls",
    request_body = Feedback,
    responses((status = 204), (status = 409, description = "call_not_live")),
)]
pub async fn post(
    State(app): State<App>,
    person: Person,
    Id(id): Id<CallId>,
    Body(feedback): Body<Feedback>,
) -> Answer<StatusCode> {
    let cached = calls::load(&app, id).await?;
    quality::may_rate(&cached.record, person.user)?;
    feedback.check().map_err(|(field, why)| ApiError::field(field, why))?;
    let comment = text::comment(&feedback.comment).map_err(|error| ApiError::text("comment", error))?;
    let feedback = Feedback { comment, ..feedback };
    let write = app.store.write().await?;
    write.put_feedback(id, person.user, &feedback, app.clock.now()).await?;
    write.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
