//! `POST /api/calls/{id}/cancel`: the caller does not want to wait.

use super::{Asked, finish};
use crate::{app::App, error::Answer};
use axum::{Json, extract::State};
use parley_core::call::Input;
use parley_protocol::call::Call;

pub async fn post(State(app): State<App>, asked: Asked) -> Answer<Json<Call>> {
    finish(&app, asked.call, Input::Cancel { user: asked.user, device: asked.device }).await
}
