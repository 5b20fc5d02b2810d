//! The OpenAPI document, made once from the descriptions at the handlers.
//!
//! A handler describes what is particular to it: summary, body, answers, and its own refusals (a response
//! with an error's status, whose description lists the codes). `finish` adds what all routes of a kind have
//! in common: who may call them, the ids in the path, and the refusals that any of them may give.

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
    /// Builds the document from the descriptions of all routes.
    pub fn of(described: OpenApi) -> Self {
        let value = finish::finish(serde_json::to_value(described).unwrap_or_default());
        Self { json: value.to_string(), page: page::render(&value), value }
    }
}
