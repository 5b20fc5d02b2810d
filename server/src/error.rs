//! The error of every request and frame: a status, a stable code and a sentence.
//!
//! The cause of an internal error is logged here, once, and never sent.

use crate::storage::StoreError;
use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use parley_core::call::Rejected;
use parley_protocol::{CallId, ErrorBody, ErrorCode, ErrorDetail, error::ErrorExtra, text::TextError};

/// A refusal, as the client gets it.
#[derive(Debug, Clone)]
pub struct ApiError {
    pub status: StatusCode,
    pub code: ErrorCode,
    pub message: String,
    pub details: Option<ErrorExtra>,
}

pub type Answer<T> = Result<T, ApiError>;

impl ApiError {
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { status: status_of(code), code, message: message.into(), details: None }
    }

    pub fn not_found() -> Self {
        Self::new(ErrorCode::NotFound, "this does not exist, or it is not yours")
    }

    pub fn unauthorized() -> Self {
        Self::new(ErrorCode::Unauthorized, "sign in first")
    }

    /// Refuses the value of a field; `why` continues the sentence that the field's name begins.
    pub fn field(field: &str, why: impl std::fmt::Display) -> Self {
        let details = ErrorExtra { field: Some(field.to_owned()), ..ErrorExtra::default() };
        let message = format!("{field}: {why}");
        Self { details: Some(details), ..Self::new(ErrorCode::InvalidInput, message) }
    }

    pub fn text(field: &str, error: TextError) -> Self {
        Self::field(field, error)
    }

    /// Refuses a request because of a call, whose id goes with the error.
    pub fn because_of(code: ErrorCode, message: &str, call: CallId) -> Self {
        let details = ErrorExtra { call_id: Some(call), ..ErrorExtra::default() };
        Self { details: Some(details), ..Self::new(code, message) }
    }

    /// Turns a rejection by the core into an error. To a person outside its roster the call does not exist.
    pub fn rejected(rejected: Rejected, call: CallId) -> Self {
        match rejected {
            Rejected::NotInRoster => Self::not_found(),
            _ => Self::because_of(rejected.code(), &rejected.to_string(), call),
        }
    }

    /// Logs the cause of an internal error, and returns an error that does not tell it.
    pub fn internal(what: &str, error: &dyn std::fmt::Display) -> Self {
        tracing::error!(what, %error, "internal error");
        Self::new(ErrorCode::Internal, "something went wrong on the server")
    }
}

/// Returns the HTTP status of a code.
pub fn status_of(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::Unauthorized | ErrorCode::TokenInvalid => StatusCode::UNAUTHORIZED,
        ErrorCode::NotFound | ErrorCode::InviteInvalid => StatusCode::NOT_FOUND,
        ErrorCode::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        ErrorCode::InvalidJson
        | ErrorCode::UnknownMessage
        | ErrorCode::OutOfOrder
        | ErrorCode::BadRequest => StatusCode::BAD_REQUEST,
        ErrorCode::ForeignHost => StatusCode::MISDIRECTED_REQUEST,
        ErrorCode::InvalidInput => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorCode::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ErrorCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
        ErrorCode::ForbiddenOrigin | ErrorCode::SignInDisabled | ErrorCode::NotAllowed => {
            StatusCode::FORBIDDEN
        }
        ErrorCode::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::CallInProgress
        | ErrorCode::CallNotLive
        | ErrorCode::AnsweredElsewhere
        | ErrorCode::AlreadyInCall
        | ErrorCode::CallFull
        | ErrorCode::RemovedFromCall
        | ErrorCode::NotAccepted
        | ErrorCode::LimitReached
        | ErrorCode::Conflict => StatusCode::CONFLICT,
        ErrorCode::CallsDisabled | ErrorCode::IssuerUnavailable | ErrorCode::Unavailable => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Taken => Self::new(ErrorCode::Conflict, "somebody else was first; try again"),
            StoreError::Unavailable(_) => {
                tracing::error!(%error, "the database is unavailable");
                Self::new(ErrorCode::Unavailable, "the server cannot reach its database; try again shortly")
            }
            StoreError::Newer(_) | StoreError::Broken(_) => Self::internal("storage", &error),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let retry_after = self.details.as_ref().and_then(|details| details.retry_after_seconds);
        let detail = ErrorDetail { code: self.code, message: self.message, details: self.details };
        let mut response = (self.status, Json(ErrorBody { error: detail })).into_response();
        // `http::watch` counts refusals by this code.
        response.extensions_mut().insert(self.code);
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}
