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
    error::{Answer, ApiError},
    http::{
        input::{Body, Id},
        session::Person,
    },
};
use axum::{
    Json, RequestPartsExt,
    extract::{FromRequest, Request},
};
use parley_core::call::Input;
use parley_protocol::{
    CallId, DeviceId, UserId,
    call::Call,
    rest::{ByDevice, CallAccess},
};

fn view(app: &App, roster: &Roster) -> Call {
    wire::call(&roster.record, &roster.names, app.media.engine())
}

fn access(app: &App, person: &Person, roster: &Roster) -> CallAccess {
    wire::access(roster, person.user, &*app.media)
}

/// Whose device asks for the end of something, and in which call.
pub struct Asked {
    user: UserId,
    device: DeviceId,
    call: CallId,
}

impl FromRequest<App> for Asked {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let person: Person = parts.extract_with_state(app).await?;
        let Id(call) = parts.extract_with_state(app).await?;
        let Body(by) = Body::<ByDevice>::from_request(Request::from_parts(parts, body), app).await?;
        Ok(Self { user: person.user, device: by.device_id, call })
    }
}

/// What ends something: on a call that is over, the call as it is.
async fn finish(app: &App, id: CallId, input: Input) -> Answer<Json<Call>> {
    let roster = service::handle(app, id, input).await?.or_over()?;
    Ok(Json(view(app, &roster)))
}
