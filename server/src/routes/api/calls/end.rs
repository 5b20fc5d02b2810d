//! `POST /api/calls/{id}/end`: the call is over for everyone.

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
    Body(_): Body<ByDevice>,
) -> Answer<Json<Call>> {
    finish(&app, id, Input::End { user: person.user }).await
}
