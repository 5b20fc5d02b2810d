//! The routes below `/api/calls`, and what they share.

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

/// Builds the call as its people see it.
fn view(cached: &CachedCall) -> Call {
    wire::call::view(&cached.record, &cached.profiles.people)
}

/// Builds the call with the credentials of a device that takes part in it.
fn access(app: &App, person: &Person, cached: &CachedCall) -> CallAccess {
    wire::call::access(cached, person.user, &app.media, app.clock.now())
}

/// A request of a person's device about a call, as an extractor.
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

/// Applies an input that ends a call or a part of it. On a call that is over, the answer is the call as it
/// is.
async fn finish(app: &App, id: CallId, input: Input, key: Option<&IdempotencyKey>) -> Answer<Json<Call>> {
    let work = async {
        let terms = Terms { key, ..Terms::default() };
        let cached = service::change(app, id, terms, |call, now| call.handle(now, input)).await?.or_over()?;
        Ok(view(&cached))
    };
    idempotency::answer(app, key, work).await.map(Json)
}

/// Lets a person's device into a call. Refuses if the person is in another call, unless the request says to
/// leave or to hold that one.
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
    // Removed from the group while entering: then there is no seat any more.
    let cached = members::drop_former_members(app, outcome.accepted()?).await?;
    if !cached.record.seat(person.user).is_some_and(audience::hears) {
        return Err(ApiError::not_found());
    }
    if wish.other == Some(OtherCall::Leave) {
        waiting::leave_others(app, person.user, id).await?;
    }
    // The device's socket may have closed before it had a seat, and then the call was not told.
    devices::check_socket(app, id, person.user, wish.device_id).await;
    Ok(access(app, person, &cached))
}
