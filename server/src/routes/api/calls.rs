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
        devices, members, service,
        terms::{Answered, Terms},
        waiting,
    },
    error::{Answer, ApiError},
    http::{
        idempotency::{self, IdempotencyKey, Idempotent},
        input::{Body, Id},
        session::Person,
    },
    storage::CachedCall,
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

fn view(cached: &CachedCall) -> Call {
    wire::call::view(&cached.record, &cached.profiles.people)
}

fn access(app: &App, person: &Person, cached: &CachedCall) -> CallAccess {
    wire::call::access(cached, person.user, &app.media, app.clock.now())
}

/// The request of a person's device about a call.
pub struct DeviceRequest {
    user: UserId,
    device: DeviceId,
    call: CallId,
    key: Option<IdempotencyKey>,
}

impl FromRequest<App> for DeviceRequest {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let person: Person = parts.extract_with_state(app).await?;
        let Id(call) = parts.extract_with_state(app).await?;
        let Idempotent(Body(ByDevice { device_id: device }), key) =
            Idempotent::from_request(Request::from_parts(parts, body), app).await?;
        Ok(Self { user: person.user, device, call, key })
    }
}

/// Ends something; on a call that is over, the answer is the call as it is.
async fn finish(app: &App, id: CallId, input: Input, key: Option<&IdempotencyKey>) -> Answer<Json<Call>> {
    let work = async {
        let terms = Terms { key, ..Terms::default() };
        let cached = service::change(app, id, terms, |call, now| call.handle(now, input)).await?.or_over()?;
        Ok(view(&cached))
    };
    idempotency::answer(app, key, work).await.map(Json)
}

/// A person's device takes part, unless the person is in another call and says nothing about it.
async fn come_in(
    app: &App,
    person: &Person,
    id: CallId,
    wish: &AcceptCall,
    input: Input,
    key: Option<&IdempotencyKey>,
) -> Answer<CallAccess> {
    let not_elsewhere = waiting::other_calls(app, person.user, wish.other).await?;
    let terms = Terms { key, answer: Answered::Access, not_elsewhere };
    let outcome = service::change(app, id, terms, |call, now| call.handle(now, input)).await?;
    let cached = members::look_again(app, outcome.accepted()?).await?;
    if !cached.record.seat(person.user).is_some_and(audience::hears) {
        return Err(ApiError::not_found());
    }
    if wish.other == Some(OtherCall::Leave) {
        waiting::leave_others(app, person.user, id).await?;
    }
    devices::check_socket(app, id, person.user, wish.device_id).await;
    Ok(access(app, person, &cached))
}
