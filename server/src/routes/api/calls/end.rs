//! `POST /api/calls/{id}/end`: the call is over for everyone.

use super::{Asked, finish};
use crate::{app::App, error::Answer};
use axum::{Json, extract::State};
use parley_core::call::Input;
use parley_protocol::call::Call;

pub async fn post(State(app): State<App>, asked: Asked) -> Answer<Json<Call>> {
    finish(&app, asked.call, Input::End { user: asked.user }).await
}
