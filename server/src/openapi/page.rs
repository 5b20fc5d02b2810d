//! The OpenAPI document as one HTML page, without scripts and without anything to load.

use serde_json::{Map, Value};
use std::fmt::Write;

const STYLE: &str = include_str!("page.css");
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Writes the page.
pub fn render(document: &Value) -> String {
    let info = &document["info"];
    let mut out = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>{title} API</title><style>{STYLE}</style></head><body><main>\
         <h1>{title} API <small>{version}</small></h1><p>{about}</p>\
         <p>As a document: <a href=\"/api/openapi.json\">openapi.json</a> (OpenAPI 3.1)</p>",
        title = text(&info["title"]),
        version = text(&info["version"]),
        about = text(&info["description"]),
    );
    for tag in document["tags"].as_array().into_iter().flatten() {
        let _ = write!(out, "<h2>{}</h2><p>{}</p>", text(&tag["name"]), text(&tag["description"]));
        for (path, item) in object(&document["paths"]) {
            for method in METHODS {
                let operation = &item[method];
                if operation["tags"][0] == tag["name"] {
                    route(&mut out, document, method, path, operation);
                }
            }
        }
    }
    out.push_str("<h2>Schemas</h2>");
    for (name, schema) in object(&document["components"]["schemas"]) {
        let _ = write!(
            out,
            "<details id=\"{0}\"><summary>{0}</summary><pre>{1}</pre></details>",
            escape(name),
            code(schema)
        );
    }
    out.push_str("</main></body></html>");
    out
}

/// Writes the section of a route.
fn route(out: &mut String, document: &Value, method: &str, path: &str, operation: &Value) {
    let role = operation["security"][0].as_object().and_then(|schemes| schemes.values().next());
    let who = role.map_or_else(|| "anyone".to_owned(), |roles| text(&roles[0]).replace('_', " "));
    let _ = write!(
        out,
        "<details id=\"{id}\"><summary><b class=\"{method}\">{method}</b> <code>{path}</code> {summary}</summary>\
         <p>{about}</p><p>Access: {who}.</p>",
        id = text(&operation["operationId"]),
        path = escape(path),
        summary = text(&operation["summary"]),
        about = text(&operation["description"]),
    );
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let (name, place) = (text(&parameter["name"]), text(&parameter["in"]));
        let _ = write!(
            out,
            "<p><code>{name}</code> in {place} {} {}</p>",
            code(&parameter["schema"]),
            text(&parameter["description"])
        );
    }
    for (_, content) in object(&operation["requestBody"]["content"]) {
        let _ = write!(out, "<p>Body: {}</p>", code(&content["schema"]));
    }
    out.push_str("<table>");
    for (status, response) in object(&operation["responses"]) {
        let response = resolve(document, response);
        let body = object(&response["content"]).find(|_| status.as_str() < "400");
        let body = body.map(|(_, content)| code(&content["schema"])).unwrap_or_default();
        let _ = write!(
            out,
            "<tr><th>{status}</th><td>{}</td><td>{body}</td></tr>",
            text(&response["description"])
        );
    }
    out.push_str("</table></details>");
}

/// Follows a `$ref`. Any other value is returned as it is.
pub fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let target = value["$ref"].as_str().and_then(|to| document.pointer(to.trim_start_matches('#')));
    target.unwrap_or(value)
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

/// Writes a schema as JSON, with its references as links.
fn code(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|to| to.rsplit('/').next()) {
        return format!("<a href=\"#{0}\">{0}</a>", escape(name));
    }
    let mut rest = escape(&serde_json::to_string_pretty(schema).unwrap_or_default());
    let mut out = String::new();
    while let Some((before, after)) = rest.split_once("#/components/schemas/") {
        let (name, after) = after.split_once("&quot;").unwrap_or((after, ""));
        let _ = write!(out, "{before}<a href=\"#{name}\">{name}</a>&quot;");
        rest = after.to_owned();
    }
    out + &rest
}

fn text(value: &Value) -> String {
    escape(value.as_str().unwrap_or_default())
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
