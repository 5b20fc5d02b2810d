//! Completes the OpenAPI document with what all routes of a kind have in common.

use crate::{error::status_of, http::session::COOKIE};
use parley_protocol::{ClientMessage, ErrorCode, ServerMessage, ServerNotice, error::ErrorBody};
use serde_json::{Map, Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    str::FromStr,
};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

/// The groups of routes, in the order of the page.
const TAGS: [(&str, &str); 6] = [
    ("auth", "Signing in and out."),
    ("people", "Your own account, and other people."),
    ("conversations", "Conversations, their messages, and links into them."),
    ("calls", "Everything that changes the status of a call, and past calls."),
    ("socket", "The WebSocket, for what is quick and may be lost: see `ClientMessage` and `ServerMessage`."),
    ("operations", "For the operator of the server."),
];

/// The introduction of the document.
const ABOUT: &str = "JSON in snake_case; ids are UUIDs; times RFC 3339 in UTC. Unknown ids and ids of \
    things that are not yours both get 404. Unknown fields are ignored.";

/// Error codes by status.
type Codes = BTreeMap<u16, BTreeSet<&'static str>>;

/// Completes the document.
pub fn finish(mut document: Value) -> Value {
    let tags: Vec<_> =
        TAGS.iter().map(|(name, description)| json!({ "name": name, "description": description })).collect();
    document["info"] =
        json!({ "title": "Parley", "version": env!("CARGO_PKG_VERSION"), "description": ABOUT });
    document["tags"] = Value::Array(tags);
    let mut refusals = Map::new();
    if let Some(paths) = document["paths"].as_object_mut() {
        for (path, item) in paths {
            for (method, operation) in item.as_object_mut().into_iter().flatten() {
                route(path, method, operation, &mut refusals);
            }
        }
    }
    document["components"]["responses"] = Value::Object(refusals);
    document["components"]["securitySchemes"] = json!({
        "cookie": { "type": "apiKey", "in": "cookie", "name": COOKIE },
        "bearer": { "type": "http", "scheme": "bearer" },
    });
    add_schema::<ErrorBody>(&mut document);
    add_schema::<ClientMessage>(&mut document);
    add_schema::<ServerMessage>(&mut document);
    add_schema::<ServerNotice>(&mut document);
    document
}

/// Adds the schema of a type that no route names as its body.
fn add_schema<T: ToSchema + PartialSchema>(document: &mut Value) {
    let mut found: Vec<(String, RefOr<Schema>)> = vec![(T::name().into_owned(), T::schema())];
    T::schemas(&mut found);
    for (name, schema) in found {
        document["components"]["schemas"][name] = serde_json::to_value(schema).unwrap_or_default();
    }
}

/// Completes one route: operation id, access, path parameters and refusals.
fn route(path: &str, method: &str, operation: &mut Value, refusals: &mut Map<String, Value>) {
    let names: Vec<_> =
        path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
    operation["operationId"] =
        Value::String(format!("{method}{}", path.replace(['/', '{', '}', '-', '.'], "_")));
    let open = operation["security"].as_array().is_some_and(|all| all.contains(&json!({})));
    if !open {
        let role = operation["security"][0]["session"][0].as_str().map(str::to_owned);
        let role = role.unwrap_or_else(|| (if names.is_empty() { "signed_in" } else { "member" }).to_owned());
        operation["security"] = json!([{ "cookie": [role] }, { "bearer": [role] }]);
    }
    for name in &names {
        let schema = if *name == "token" {
            json!({ "type": "string" })
        } else {
            json!({ "type": "string", "format": "uuid" })
        };
        add_parameter(operation, json!({ "name": name, "in": "path", "required": true, "schema": schema }));
    }
    let codes = codes(method, operation, !open, names.iter().any(|name| *name != "token"));
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    for (status, codes) in codes {
        let status = status.to_string();
        // A route with a body of its own at this status answers with that instead of an error.
        if responses.get(&status).is_some_and(|response| response["content"].is_object()) {
            continue;
        }
        let codes: Vec<_> = codes.into_iter().collect();
        let name = codes.join("_or_");
        responses.insert(status, json!({ "$ref": format!("#/components/responses/{name}") }));
        refusals.entry(name).or_insert_with(|| refusal(&codes));
    }
    for response in responses.values_mut() {
        if response["description"] == "" {
            response["description"] = "done".into();
        }
    }
}

fn add_parameter(operation: &mut Value, parameter: Value) {
    match operation["parameters"].as_array_mut() {
        Some(all) => all.insert(0, parameter),
        None => operation["parameters"] = json!([parameter]),
    }
}

/// Lists every refusal that the route may give: its own, and those of all routes like it.
fn codes(method: &str, operation: &Value, session: bool, ids: bool) -> Codes {
    let parameters = operation["parameters"].as_array().map_or(&[][..], Vec::as_slice);
    let has = |place: &str| parameters.iter().any(|parameter| parameter["in"] == place);
    let body = !operation["requestBody"].is_null();
    let mut codes = Codes::new();
    let mut add = |code: ErrorCode| {
        codes.entry(status_of(code).as_u16()).or_default().insert(code.as_str());
    };
    let kinds = [
        (
            true,
            &[ErrorCode::Internal, ErrorCode::Unavailable, ErrorCode::ForeignHost, ErrorCode::BadRequest][..],
        ),
        (session, &[ErrorCode::Unauthorized]),
        (session && method != "get", &[ErrorCode::RateLimited]),
        (ids, &[ErrorCode::NotFound]),
        (method != "get", &[ErrorCode::ForbiddenOrigin, ErrorCode::TooLarge, ErrorCode::RequestTimeout]),
        (body, &[ErrorCode::InvalidJson, ErrorCode::UnsupportedMediaType]),
        (body || has("query") || has("header"), &[ErrorCode::InvalidInput]),
        (has("header"), &[ErrorCode::Conflict]),
    ];
    for (_, more) in kinds.into_iter().filter(|(holds, _)| *holds) {
        more.iter().copied().for_each(&mut add);
    }
    for (status, response) in operation["responses"].as_object().into_iter().flatten() {
        let own = status.parse().is_ok_and(|status: u16| status >= 400);
        let listed = response["description"].as_str().filter(|_| own).unwrap_or_default();
        for code in listed.split(", ").filter_map(|word| ErrorCode::from_str(word).ok()) {
            add(code);
        }
    }
    codes
}

/// Describes the response of a refusal with one of these codes.
fn refusal(codes: &[&str]) -> Value {
    let detail = json!({
        "type": "object",
        "required": ["code", "message"],
        "properties": {
            "code": { "type": "string", "enum": codes },
            "message": { "type": "string" },
            "details": { "$ref": "#/components/schemas/ErrorExtra" },
        },
    });
    let body = json!({ "type": "object", "required": ["error"], "properties": { "error": detail } });
    json!({ "description": codes.join(", "), "content": { "application/json": { "schema": body } } })
}
