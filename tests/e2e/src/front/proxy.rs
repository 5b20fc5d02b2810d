//! The HTTP proxy: it passes requests unchanged and adds one script tag to pages.

use super::{Link, Seen, locked};
use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Response, StatusCode, Uri, header, request::Parts},
    response::IntoResponse,
};
use http_body_util::BodyExt;
use hyper_util::{client::legacy::connect::HttpConnector, rt::TokioExecutor};
use std::{net::SocketAddr, sync::Arc};

pub type Client = hyper_util::client::legacy::Client<HttpConnector, Body>;

const TAG: &str = r#"<script src="/__harness.js"></script>"#;

pub fn client() -> Client {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    hyper_util::client::legacy::Client::builder(TokioExecutor::new()).build(connector)
}

pub async fn pass(State(link): State<Arc<Link>>, request: Request) -> Response<Body> {
    let mut seen = Seen {
        method: request.method().to_string(),
        path: request.uri().path().to_owned(),
        mode: text(request.headers(), "sec-fetch-mode").to_owned(),
        status: 0,
    };
    link.travel().await;
    let response = match link.server() {
        Some(_) if link.withholds(&seen.path) => Ok(StatusCode::NOT_FOUND.into_response()),
        Some(server) => fetch(&link, server, request).await,
        None => Err(anyhow::anyhow!("the server is away")),
    };
    let response = response
        .unwrap_or_else(|error| (StatusCode::BAD_GATEWAY, format!("front: {error:#}")).into_response());
    link.travel().await;
    seen.status = response.status().as_u16();
    locked(&link.seen).push(seen);
    response
}

async fn fetch(link: &Link, server: SocketAddr, request: Request) -> anyhow::Result<Response<Body>> {
    let (mut parts, body) = request.into_parts();
    let page = text(&parts.headers, "accept").contains("text/html");
    if page {
        // The answer must be uncompressed to be changed, and complete, so that an old copy with an old script
        // is not reused.
        parts.headers.remove(header::ACCEPT_ENCODING);
        parts.headers.remove(header::IF_NONE_MATCH);
        parts.headers.remove(header::IF_MODIFIED_SINCE);
    }
    parts.uri = target(server, &parts)?;
    // Only method, path, headers and body are passed on; the HTTP version towards the server is the client's.
    let response = link.client.request(Request::from_parts(parts, body)).await?;
    let (parts, body) = response.into_parts();
    let is_html = text(&parts.headers, "content-type").starts_with("text/html");
    if !(page && is_html) {
        return Ok(Response::from_parts(parts, Body::new(body)));
    }
    let html = body.collect().await?.to_bytes();
    Ok(with_script(parts, &html))
}

fn target(server: SocketAddr, parts: &Parts) -> anyhow::Result<Uri> {
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    Ok(format!("http://{server}{path}").parse()?)
}

/// Adds the script to a page as the first element of its head.
fn with_script(mut parts: axum::http::response::Parts, html: &Bytes) -> Response<Body> {
    let html = tagged(&String::from_utf8_lossy(html));
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(html.len()));
    Response::from_parts(parts, Body::from(html))
}

pub fn tagged(html: &str) -> String {
    let start = html.find("<head").and_then(|head| html[head..].find('>').map(|end| head + end + 1));
    let (before, after) = html.split_at(start.unwrap_or(0));
    format!("{before}{TAG}{after}")
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_comes_first_in_the_head() {
        let html = tagged("<!doctype html><html><head lang=en><script src=app.js></script></head></html>");
        assert_eq!(
            html,
            format!("<!doctype html><html><head lang=en>{TAG}<script src=app.js></script></head></html>")
        );
    }
}
