//! The built page: caching, encodings, and the addresses of its views.

use crate::support::TestApp;
use axum::http::{Method, Request};
use std::fs;
use tempfile::TempDir;

const JS: &str = "parley-0123456789abcdef.js";

/// Starts a server with a small page on disk, and a file beside its folder that must not be served.
async fn with_page() -> (TestApp, TempDir) {
    let dist = tempfile::tempdir().unwrap();
    for (name, content) in [
        ("index.html", "<!doctype html><script>go()</script>"),
        (JS, "plain"),
        ("parley-0123456789abcdef.js.br", "packed by brotli"),
        ("parley-0123456789abcdef.js.gz", "packed by gzip"),
        ("parley-0123456789abcdef_bg.wasm", "wasm"),
        ("favicon.svg", "<svg/>"),
    ] {
        fs::write(dist.path().join(name), content).unwrap();
    }
    fs::write(dist.path().parent().unwrap().join("secret.txt"), "secret").unwrap();
    let folder = dist.path().to_owned();
    (TestApp::with(|config| config.dist = Some(folder)).await, dist)
}

async fn get(test: &TestApp, path: &str, headers: &[(&str, &str)]) -> crate::support::Reply {
    let mut request = Request::builder().method(Method::GET).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    test.send(request.body(axum::body::Body::empty()).unwrap()).await
}

#[tokio::test]
async fn every_view_is_the_page_and_is_revalidated() {
    let (test, _dist) = with_page().await;
    for path in ["/", "/index.html", "/sign-in", "/c/018f4b6e-0000-7000-8000-000000000000", "/invite/a_b-c"] {
        let reply = test.get(path).await;
        assert_eq!(reply.status, 200, "{path}");
        assert_eq!(reply.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(reply.header("cache-control"), "no-cache");
        assert!(
            reply.header("content-security-policy").contains("script-src 'self' 'wasm-unsafe-eval' 'sha256-")
        );
    }
    let tag = test.get("/").await.header("etag").to_owned();
    let again = get(&test, "/", &[("if-none-match", &tag)]).await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    let ours: Vec<_> =
        test.get("/").await.headers.get_all("content-security-policy").iter().cloned().collect();
    assert_eq!(ours.len(), 1);
}

#[tokio::test]
async fn files_with_a_digest_are_kept_for_ever() {
    let (test, _dist) = with_page().await;
    let forever = "public, max-age=31536000, immutable";
    let js = test.get(&format!("/{JS}")).await;
    assert_eq!((js.header("cache-control"), js.text().as_str()), (forever, "plain"));
    assert_eq!(js.header("content-type"), "text/javascript; charset=utf-8");
    let wasm = test.get("/parley-0123456789abcdef_bg.wasm").await;
    assert_eq!((wasm.header("content-type"), wasm.header("cache-control")), ("application/wasm", forever));
    let icon = test.get("/favicon.svg").await;
    assert_eq!((icon.header("content-type"), icon.header("cache-control")), ("image/svg+xml", "no-cache"));
}

#[tokio::test]
async fn the_best_encoding_that_is_accepted_is_sent() {
    let (test, _dist) = with_page().await;
    let path = format!("/{JS}");
    for (accepts, encoding, body) in [
        ("gzip, deflate, br", "br", "packed by brotli"),
        ("gzip", "gzip", "packed by gzip"),
        ("br;q=0, gzip;q=0.5", "gzip", "packed by gzip"),
        ("identity", "", "plain"),
    ] {
        let reply = get(&test, &path, &[("accept-encoding", accepts)]).await;
        assert_eq!((reply.header("content-encoding"), reply.text().as_str()), (encoding, body), "{accepts}");
        assert_eq!(reply.header("content-type"), "text/javascript; charset=utf-8");
        assert_eq!(reply.header("vary"), "accept-encoding");
    }
}

#[tokio::test]
async fn nothing_outside_the_folder_is_served() {
    let (test, _dist) = with_page().await;
    for path in
        ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/missing.js", "/.env", "//etc/passwd.x"]
    {
        let reply = test.get(path).await;
        assert_eq!(reply.status, 404, "{path}");
        assert!(!reply.text().contains("secret"));
    }
}

#[tokio::test]
async fn a_page_that_was_not_built_says_so() {
    let empty = tempfile::tempdir().unwrap();
    let folder = empty.path().to_owned();
    let test = TestApp::with(|config| config.dist = Some(folder)).await;
    let reply = test.get("/").await;
    assert_eq!(reply.status, 404);
    assert!(reply.text().contains("cargo xtask up"));
}
