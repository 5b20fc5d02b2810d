//! The OpenAPI document: made once from the descriptions that stand at the handlers.
//!
//! A handler says what is its own: summary, body, answers, and which refusals only it gives (a response
//! with an error's status, whose description lists the codes). What follows from that for every route of its kind is
//! added by `finish`: who may call, ids in the path, and the refusals that any such route gives.

mod finish;
mod page;

use crate::routes;
use serde_json::Value;
use std::sync::LazyLock;

struct Document {
    value: Value,
    json: String,
    page: String,
}

static DOCUMENT: LazyLock<Document> = LazyLock::new(|| {
    let (_, described) = routes::described().split_for_parts();
    let value = finish::finish(serde_json::to_value(described).unwrap_or_default());
    Document { json: value.to_string(), page: page::render(&value), value }
});

pub fn document() -> &'static Value {
    &DOCUMENT.value
}

pub fn json() -> &'static str {
    &DOCUMENT.json
}

/// The document as a page to read.
pub fn page() -> &'static str {
    &DOCUMENT.page
}
