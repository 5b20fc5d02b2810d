//! A check of every answer of the suite against the OpenAPI document: status, content type and schema must be
//! documented.

use super::Reply;
use axum::http::Method;
use jsonschema::Validator;
use parley_protocol::ErrorCode;
use parley_server::routes;
use serde_json::{Map, Value, json};
use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex},
};

/// The OpenAPI document with schemas that allow no undocumented properties.
static STRICT: LazyLock<Value> = LazyLock::new(|| {
    let mut document = routes::document().value.clone();
    close(&mut document);
    document
});

/// Compiled validators by the JSON pointer of their response.
static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// Forbids undocumented properties of objects. Parts of an `allOf` are left open, because each of them sees
/// the properties of the others.
fn close(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if map.get("type").is_some_and(is_object) && map.contains_key("properties") {
                map.entry("additionalProperties").or_insert(Value::Bool(false));
            }
            map.iter_mut().filter(|(key, _)| *key != "allOf").for_each(|(_, inner)| close(inner));
        }
        Value::Array(list) => list.iter_mut().for_each(close),
        _ => {}
    }
}

fn is_object(kind: &Value) -> bool {
    kind == "object" || kind.as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == "object"))
}

/// Panics when the document does not allow this answer to this request.
#[track_caller]
pub fn check(method: &Method, path: &str, reply: &Reply) {
    let path = path.split('?').next().unwrap_or(path);
    let Some((template, item)) = find(path) else {
        // An undocumented address may only be answered as the page, or refused.
        let page = path != "/api" && !path.starts_with("/api/");
        assert!(
            page || is(reply, ErrorCode::NotFound) || is(reply, ErrorCode::ForbiddenOrigin),
            "{method} {path} is not documented, and was answered {}",
            reply.text()
        );
        return;
    };
    let name = if method == Method::HEAD { "get".to_owned() } else { method.as_str().to_lowercase() };
    let Some(operation) = item.get(&name) else {
        let refused = is(reply, ErrorCode::MethodNotAllowed) || is(reply, ErrorCode::ForbiddenOrigin);
        assert!(refused, "{method} {template} is not documented, and was answered {}", reply.text());
        return;
    };
    let status = reply.status.as_str();
    let what = format!("{method} {template} answered {status} {}", reply.text());
    let response = &operation["responses"][status];
    assert!(!response.is_null(), "undocumented status: {what}");
    let (place, response) = match response["$ref"].as_str() {
        Some(to) => {
            (to.trim_start_matches('#').to_owned(), STRICT.pointer(to.trim_start_matches('#')).unwrap())
        }
        None => (format!("/paths/{}/{name}/responses/{status}", template.replace('/', "~1")), response),
    };
    let Some(kinds) = response["content"].as_object() else {
        assert!(reply.body.is_empty(), "an answer without a documented body: {what}");
        return;
    };
    let told = reply.header("content-type");
    let Some((kind, content)) = kinds.iter().find(|(kind, _)| told.starts_with(kind.as_str())) else {
        panic!("{told}: {what}");
    };
    if kind == "application/json" && method != Method::HEAD {
        let body: Value = serde_json::from_slice(&reply.body).expect("a body that is JSON");
        let errors: Vec<_> =
            validator(&place, &content["schema"]).iter_errors(&body).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "undocumented form {errors:?}: {what}");
    }
}

/// Finds the documented path that matches, and its operations. Paths with fewer parameters take precedence.
pub fn find(path: &str) -> Option<(&'static str, &'static Map<String, Value>)> {
    let fits = |template: &str| {
        let (mut asked, mut known) = (path.split('/'), template.split('/'));
        loop {
            match (asked.next(), known.next()) {
                (None, None) => return true,
                (Some(part), Some(name)) if part == name || (name.starts_with('{') && !part.is_empty()) => {}
                _ => return false,
            }
        }
    };
    let paths = STRICT["paths"].as_object().unwrap();
    let fitting = paths.iter().filter(|(template, _)| fits(template));
    let (template, item) = fitting.min_by_key(|(template, _)| template.matches('{').count())?;
    Some((template, item.as_object().unwrap()))
}

fn validator(place: &str, schema: &Value) -> Arc<Validator> {
    let mut known = VALIDATORS.lock().unwrap();
    let entry = known.entry(place.to_owned()).or_insert_with(|| {
        let mut schema = schema.clone();
        schema["components"] = json!({ "schemas": STRICT["components"]["schemas"] });
        Arc::new(jsonschema::options().should_validate_formats(true).build(&schema).unwrap())
    });
    entry.clone()
}

fn is(reply: &Reply, code: ErrorCode) -> bool {
    serde_json::from_slice::<Value>(&reply.body).is_ok_and(|body| body["error"]["code"] == code.as_str())
}
