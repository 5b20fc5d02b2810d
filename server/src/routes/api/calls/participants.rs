//! `/api/calls/{id}/participants/{user}`: what a host may do to others. Nobody can be unmuted from afar.

pub mod kick;
pub mod mute;
pub mod role;

use super::view;
use crate::{
    app::App,
    calls::service::{self, Terms},
    error::Answer,
    http::idempotency::{self, Once},
};
use axum::Json;
use parley_core::call::Input;
use parley_protocol::{CallId, call::Call};

async fn moderate(app: &App, id: CallId, input: Input, once: Option<&Once>) -> Answer<Json<Call>> {
    let terms = Terms { once, ..Terms::default() };
    let work = async {
        let outcome = service::change(app, id, terms, |call, now| call.handle(now, input)).await?;
        Ok(view(&*outcome.accepted()?))
    };
    Box::pin(idempotency::answer(app, once, work)).await.map(Json)
}
