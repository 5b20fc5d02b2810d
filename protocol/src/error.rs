//! Errors as they travel: a stable code, a sentence for people, and details where they help.

use crate::macros::words;
use serde::{Deserialize, Serialize};

words!(
    /// Stable: clients branch on these, so a code never changes its meaning.
    ErrorCode {
        Unauthorized = "unauthorized",
        NotFound = "not_found",
        MethodNotAllowed = "method_not_allowed",
        InvalidJson = "invalid_json",
        InvalidInput = "invalid_input",
        UnsupportedMediaType = "unsupported_media_type",
        TooLarge = "too_large",
        ForbiddenOrigin = "forbidden_origin",
        /// This server does not offer that way to sign in.
        SignInDisabled = "sign_in_disabled",
        /// What the issuer gave is not good for a sign-in here.
        TokenInvalid = "token_invalid",
        /// The place where people have their accounts cannot be reached.
        IssuerUnavailable = "issuer_unavailable",
        RateLimited = "rate_limited",
        /// A live call stands in the way; `details.call_id` names it.
        CallInProgress = "call_in_progress",
        /// The call has ended, or is in a state in which this cannot be done.
        CallNotLive = "call_not_live",
        /// Another device of the same person was first.
        AnsweredElsewhere = "answered_elsewhere",
        /// As many are in the call as can be.
        CallFull = "call_full",
        /// Was sent away from the call, and has not been asked back.
        RemovedFromCall = "removed_from_call",
        /// The caller is in another call.
        AlreadyInCall = "already_in_call",
        /// The invitation to the conversation has not been accepted.
        NotAccepted = "not_accepted",
        CallsDisabled = "calls_disabled",
        InviteInvalid = "invite_invalid",
        UnknownMessage = "unknown_message",
        /// A frame that is allowed, but not at this point (for example before `hello`).
        OutOfOrder = "out_of_order",
        /// It takes another role: in a group admin or owner, in its call the host.
        NotAllowed = "not_allowed",
        /// There are as many of these as there may be.
        LimitReached = "limit_reached",
        Conflict = "conflict",
        Unavailable = "unavailable",
        Internal = "internal",
    }
);

/// The word is not one of the enum's.
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
