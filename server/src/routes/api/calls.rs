//! `/api/calls`: everything that changes the status of a call.

pub mod accept;
pub mod active;
pub mod cancel;
pub mod decline;
pub mod end;
pub mod feedback;
pub mod history;
pub mod invite;
pub mod join;
pub mod leave;
pub mod missed;
pub mod one;
pub mod participant;
pub mod participants;
pub mod seen;
pub mod start;
pub mod stats;
pub mod token;

use crate::{
    app::App,
    calls::{
        devices, members,
        service::{self, Answered, Terms},
        waiting,
    },
    error::{Answer, ApiError},
    http::{
        idempotency::{self, Once, OnceKey},
        input::{Body, Id},
        session::Person,
    },
    storage::Roster,
    wire,
};
use axum::{
    Json, RequestPartsExt,
    extract::{FromRequest, Request},
};
use parley_core::call::{Input, audience};
use parley_protocol::{
    CallId, DeviceId, UserId,
    call::Call,
    rest::{AcceptCall, ByDevice, CallAccess, OtherCall},
};

fn view(roster: &Roster) -> Call {
    wire::call::view(&roster.record, &roster.known.faces)
}

fn access(app: &App, person: &Person, roster: &Roster) -> CallAccess {
    wire::call::access(roster, person.user, &app.media, app.clock.now())
}

/// Whose device asks for the end of something, and in which call.
pub struct Asked {
    user: UserId,
    device: DeviceId,
    call: CallId,
    once: Option<Once>,
}

impl FromRequest<App> for Asked {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let person: Person = parts.extract_with_state(app).await?;
        let Id(call) = parts.extract_with_state(app).await?;
        // One key, one request: which one it is says the path.
        let path = parts.uri.clone();
        let key: OnceKey = parts.extract_with_state(app).await?;
        let Body(by) = Body::<ByDevice>::from_request(Request::from_parts(parts, body), app).await?;
        let once = key.of(&person, format_args!("{} {by:?}", path.path()));
        Ok(Self { user: person.user, device: by.device_id, call, once })
    }
}

/// What ends something: on a call that is over, the call as it is.
async fn finish(app: &App, id: CallId, input: Input, once: Option<&Once>) -> Answer<Json<Call>> {
    let work = async {
        let terms = Terms { once, ..Terms::default() };
        let roster = service::change(app, id, terms, |call, now| call.handle(now, input)).await?.or_over()?;
        Ok(view(&roster))
    };
    Box::pin(idempotency::answer(app, once, work)).await.map(Json)
}

/// A person's device takes part, unless the person is in another call and says nothing about it.
async fn come_in(
    app: &App,
    person: &Person,
    id: CallId,
    wish: &AcceptCall,
    input: Input,
    once: Option<&Once>,
) -> Answer<CallAccess> {
    let not_elsewhere = waiting::other_calls(app, person.user, wish.other).await?;
    let terms = Terms { once, answer: Answered::Access, not_elsewhere };
    let outcome = service::change(app, id, terms, |call, now| call.handle(now, input)).await?;
    let roster = members::look_again(app, outcome.accepted()?).await?;
    if !roster.record.seat(person.user).is_some_and(audience::hears) {
        return Err(ApiError::not_found());
    }
    if wish.other == Some(OtherCall::Leave) {
        waiting::leave_others(app, person.user, id).await?;
    }
    devices::check_socket(app, id, person.user, wish.device_id).await;
    Ok(access(app, person, &roster))
}
