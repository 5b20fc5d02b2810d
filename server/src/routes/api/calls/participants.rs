//! `/api/calls/{id}/participants/{user}`: moderation by a host. Nobody can be unmuted by somebody else.

pub mod kick;
pub mod mute;
pub mod role;

use super::view;
use crate::{
    app::App,
    calls::{service, terms::Terms},
    error::{Answer, ApiError},
    http::{
        idempotency::{self, IdempotencyKey, Idempotent},
        input::{Ids, NoBody},
        session::Person,
    },
};
use axum::{
    Json, RequestPartsExt,
    extract::{FromRequest, Request},
};
use parley_core::call::Input;
use parley_protocol::{CallId, UserId, call::Call};

/// A request of one person in a call about another, as an extractor.
pub struct Moderation<B = NoBody> {
    call: CallId,
    by: UserId,
    user: UserId,
    body: B,
    key: Option<IdempotencyKey>,
}

impl<B: FromRequest<App, Rejection = ApiError>> FromRequest<App> for Moderation<B> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let person: Person = parts.extract_with_state(app).await?;
        let Ids(call, user) = parts.extract_with_state(app).await?;
        let Idempotent(body, key) = Idempotent::from_request(Request::from_parts(parts, body), app).await?;
        Ok(Self { call, by: person.user, user, body, key })
    }
}

impl<B: Sync> Moderation<B> {
    /// Applies the input and answers with the call.
    async fn decide(&self, app: &App, input: Input) -> Answer<Json<Call>> {
        let terms = Terms { key: self.key.as_ref(), ..Terms::default() };
        let work = async {
            let outcome = service::change(app, self.call, terms, |call, now| call.handle(now, input)).await?;
            Ok(view(&*outcome.accepted()?))
        };
        idempotency::answer(app, terms.key, work).await.map(Json)
    }
}
