//! `/api/calls`: everything that changes the status of a call.

pub mod accept;
pub mod active;
pub mod cancel;
pub mod decline;
pub mod end;
pub mod history;
pub mod leave;
pub mod one;
pub mod start;

use crate::{
    app::App,
    calls::{Roster, service, wire},
    error::Answer,
    http::session::Person,
};
use axum::Json;
use parley_core::call::Input;
use parley_protocol::{CallId, call::Call, rest::CallAccess};

fn view(app: &App, roster: &Roster) -> Call {
    wire::call(&roster.record, &roster.names, app.media.engine())
}

fn access(app: &App, person: &Person, roster: &Roster) -> CallAccess {
    wire::access(roster, person.user, &*app.media)
}

/// What ends something: on a call that is over, the call as it is.
async fn finish(app: &App, id: CallId, input: Input) -> Answer<Json<Call>> {
    let roster = service::handle(app, id, input).await?.or_over()?;
    Ok(Json(view(app, &roster)))
}
