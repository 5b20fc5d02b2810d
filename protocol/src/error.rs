//! Error bodies: a stable code, a sentence for people, and details where they help.

use crate::macros::words;
use serde::{Deserialize, Serialize};

words!(
    /// The stable code of an error. Clients branch on it, so a code never changes its meaning.
    ErrorCode {
        Unauthorized = "unauthorized",
        NotFound = "not_found",
        MethodNotAllowed = "method_not_allowed",
        InvalidJson = "invalid_json",
        InvalidInput = "invalid_input",
        UnsupportedMediaType = "unsupported_media_type",
        TooLarge = "too_large",
        RequestTimeout = "request_timeout",
        ForbiddenOrigin = "forbidden_origin",
        /// A host that is not the one of `public_origin`.
        ForeignHost = "foreign_host",
        /// A request that breaks the rules of HTTP.
        BadRequest = "bad_request",
        /// A way to sign in that this server does not offer.
        SignInDisabled = "sign_in_disabled",
        /// An ID token or authorization that is not valid for a sign-in here.
        TokenInvalid = "token_invalid",
        /// The OpenID Connect issuer cannot be reached.
        IssuerUnavailable = "issuer_unavailable",
        RateLimited = "rate_limited",
        /// A live call in the same conversation; `details.call_id` names it.
        CallInProgress = "call_in_progress",
        /// A call that has ended, or whose state does not allow the request.
        CallNotLive = "call_not_live",
        /// A call that another device of the same person has answered.
        AnsweredElsewhere = "answered_elsewhere",
        /// A call that has no free place.
        CallFull = "call_full",
        /// A call that a host has removed this person from and not invited them back to.
        RemovedFromCall = "removed_from_call",
        /// A person who is in another call; `details.call_id` names that call.
        AlreadyInCall = "already_in_call",
        /// A conversation whose invitation has not been accepted.
        NotAccepted = "not_accepted",
        CallsDisabled = "calls_disabled",
        InviteInvalid = "invite_invalid",
        UnknownMessage = "unknown_message",
        /// A frame that is not allowed at this point, for example before `hello`.
        OutOfOrder = "out_of_order",
        /// A role that is not enough: a group wants an admin or the owner, its call a host.
        NotAllowed = "not_allowed",
        /// A limit on the number of such things has been reached.
        LimitReached = "limit_reached",
        Conflict = "conflict",
        Unavailable = "unavailable",
        Internal = "internal",
    }
);

/// The error of parsing a word that the enum does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownWord;

impl std::fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("unknown word")
    }
}

impl std::error::Error for UnknownWord {}

/// Body of every response that is not a success.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    pub error: ErrorDetail,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorDetail {
    pub code: ErrorCode,
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<ErrorExtra>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorExtra {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_id: Option<crate::CallId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_seconds: Option<u32>,
}
