//! Request bodies: every route that takes one refuses a wrong one by name.

use super::{
    rows::{ROWS, Row},
    world::{self, Visitor, World},
};
use axum::http::header;
use parley_protocol::{ErrorCode, limits};
use parley_server::routes;
use serde_json::Value;

/// Returns the schema of a row's body; `None` when the route takes no body, or pictures.
fn schema(row: &Row) -> Option<&'static Value> {
    let (method, path) = row.route.split_once(' ').unwrap();
    let operation = &routes::document().value["paths"][path][method.to_lowercase()];
    let content = operation["requestBody"]["content"].as_object()?;
    let json = content.get("application/json");
    assert!(json.is_some() || content.keys().all(|kind| kind.starts_with("image/")), "{}", row.route);
    Some(resolve(&json?["schema"]))
}

fn resolve(schema: &'static Value) -> &'static Value {
    let to = schema["$ref"]
        .as_str()
        .map(|to| routes::document().value.pointer(to.trim_start_matches('#')).unwrap());
    to.unwrap_or(schema)
}

fn with_bodies() -> impl Iterator<Item = &'static Row> {
    ROWS.iter().filter(|row| !row.body.is_empty())
}

#[test]
fn rows_have_a_body_where_the_route_takes_one() {
    for row in ROWS {
        assert_eq!(schema(row).is_some(), !row.body.is_empty(), "{}", row.route);
    }
}

#[tokio::test]
async fn a_body_of_another_kind_is_refused_everywhere() {
    let test = world::test().await;
    let world = World::new(&test).await;
    for row in with_bodies() {
        for kind in [
            "application/xml",
            "multipart/form-data",
            "application/x-www-form-urlencoded",
            "application/jsonx",
        ] {
            let reply = world.ask(row, Visitor::Host, &[(header::CONTENT_TYPE, kind)]).await;
            reply.refused(415, ErrorCode::UnsupportedMediaType);
        }
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_everywhere() {
    let test = world::test().await;
    let world = World::new(&test).await;
    for row in with_bodies() {
        let mut body = world.fill(row.body, Visitor::Host).into_bytes();
        body.resize(limits::FRAME_MAX_BYTES + 1, b' ');
        world.ask_with(row, Visitor::Host, &[], body).await.refused(413, ErrorCode::TooLarge);
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_is_refused_everywhere() {
    let test = world::test().await;
    let world = World::new(&test).await;
    for row in with_bodies() {
        for body in ["{", "nonsense", "{}{}", "\u{0}"] {
            let reply = world.ask_with(row, Visitor::Host, &[], body.into()).await;
            // Where no field is required, `{}` is valid and only the rest is wrong; otherwise the missing
            // field may be reported first.
            let missing = body == "{}{}" && reply.status == 422;
            assert!(missing || reply.status == 400, "{} {body}: {}", row.route, reply.text());
        }
        for body in ["7", "\"text\"", "null", "true"] {
            let reply = world.ask_with(row, Visitor::Host, &[], body.into()).await;
            reply.refused(422, ErrorCode::InvalidInput);
        }
    }
}

#[tokio::test]
async fn a_field_that_is_missing_is_named_everywhere() {
    let test = world::test().await;
    let world = World::new(&test).await;
    for row in with_bodies() {
        for field in schema(row).unwrap()["required"].as_array().into_iter().flatten() {
            let mut body: Value = serde_json::from_str(&world.fill(row.body, Visitor::Host)).unwrap();
            let field = field.as_str().unwrap();
            assert!(body.as_object_mut().unwrap().remove(field).is_some(), "{}: {field}", row.route);
            let reply = world.ask_with(row, Visitor::Host, &[], body.to_string().into_bytes()).await;
            let named = reply.refused(422, ErrorCode::InvalidInput).details.unwrap().field;
            assert_eq!(named.as_deref(), Some(field), "{}", row.route);
        }
    }
}

#[tokio::test]
async fn a_word_that_is_not_known_is_refused_everywhere() {
    let test = world::test().await;
    let world = World::new(&test).await;
    let mut tried = 0;
    for row in with_bodies() {
        for (field, of) in schema(row).unwrap()["properties"].as_object().unwrap() {
            if resolve(of)["enum"].is_array() {
                let mut body: Value = serde_json::from_str(&world.fill(row.body, Visitor::Host)).unwrap();
                body[field] = "no_such_word".into();
                let reply = world.ask_with(row, Visitor::Host, &[], body.to_string().into_bytes()).await;
                let named = reply.refused(422, ErrorCode::InvalidInput).details.unwrap().field;
                assert_eq!(named.as_ref(), Some(field), "{}", row.route);
                tried += 1;
            }
        }
    }
    assert!(tried > 1);
}
