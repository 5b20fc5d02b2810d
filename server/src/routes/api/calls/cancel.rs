//! `POST /api/calls/{id}/cancel`: the caller does not want to wait.

use super::finish;
use crate::{
    app::App,
    error::Answer,
    http::{
        input::{Body, Id},
        session::Person,
    },
};
use axum::{Json, extract::State};
use parley_core::call::Input;
use parley_protocol::{CallId, call::Call, rest::ByDevice};

pub async fn post(
    State(app): State<App>,
    person: Person,
    Id(id): Id<CallId>,
    Body(by): Body<ByDevice>,
) -> Answer<Json<Call>> {
    finish(&app, id, Input::Cancel { user: person.user, device: by.device_id }).await
}
