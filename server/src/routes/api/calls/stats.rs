//! `POST /api/calls/{id}/stats`: reports a device's measurements. `GET /api/calls/stats`: statistics of the
//! person's calls.

use crate::{
    app::App,
    calls,
    cluster::limits::Limited,
    error::{Answer, ApiError},
    http::{
        input::{Body, Id},
        session::Person,
    },
};
use axum::{Json, extract::State, http::StatusCode};
use parley_protocol::{
    CallId,
    quality::{CallStatistics, QualityReport},
};

/// Returns statistics of your calls.
#[utoipa::path(get, path = "/api/calls/stats", tag = "calls", responses((status = 200, body = CallStatistics)))]
pub async fn get(State(app): State<App>, person: Person) -> Answer<Json<CallStatistics>> {
    Ok(Json(app.store.call_statistics(person.user).await?))
}

/// Reports the measured quality of a call.
#[utoipa::path(
    post, path = "/api/calls/{id}/stats", tag = "calls",
    request_body = QualityReport,
    responses((status = 204), (status = 409, description = "call_not_live")),
)]
pub async fn post(
    State(app): State<App>,
    person: Person,
    Id(id): Id<CallId>,
    Body(report): Body<QualityReport>,
) -> Answer<StatusCode> {
    calls::quality::may_report(&app, id, person.user, report.device_id).await?;
    report.check().map_err(|(field, why)| ApiError::field(field, why))?;
    let rows = report.samples.len() + report.connections.len();
    app.limits.take_several(Limited::QualityRows, person.user, rows.max(1), app.clock.now()).await?;
    let write = app.store.write().await?;
    write.insert_quality(id, person.user, &report, app.clock.now()).await?;
    if let Some(shown) = report.shown {
        write.log_quality(id, person.user, shown, app.clock.now()).await?;
    }
    write.commit().await?;
    app.metrics.quality(&report);
    Ok(StatusCode::NO_CONTENT)
}
