//! The OpenAPI document: made once from the descriptions that stand at the handlers.
//!
//! A handler says what is its own: summary, body, answers, and which refusals only it gives (a response
//! with an error's status, whose description lists the codes). What follows from that for every route of its kind is
//! added by `finish`: who may call, ids in the path, and the refusals that any such route gives.

mod finish;
mod page;

use serde_json::Value;
use utoipa::openapi::OpenApi;

/// The document in its three forms.
pub struct Document {
    pub value: Value,
    pub json: String,
    /// The document as a page to read.
    pub page: String,
}

impl Document {
    /// Completes the descriptions of all routes.
    pub fn of(described: OpenApi) -> Self {
        let value = finish::finish(serde_json::to_value(described).unwrap_or_default());
        Self { json: value.to_string(), page: page::render(&value), value }
    }
}
