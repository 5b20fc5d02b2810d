//! `/api/docs`

use crate::support::TestApp;
use parley_server::routes;

#[tokio::test]
async fn the_page_shows_every_route_and_loads_nothing() {
    let test = TestApp::new().await;
    let reply = test.get("/api/docs").await;
    let html = reply.text();
    for path in routes::document().value["paths"].as_object().unwrap().keys() {
        assert!(html.contains(&format!("<code>{path}</code>")), "{path}");
    }
    for loads in ["<script", "<link", "<img", "@import", "url(", "style=", "onclick", "http://", "https://"] {
        assert!(!html.contains(loads), "{loads}");
    }
    let policy = reply.header("content-security-policy");
    assert!(policy.contains("style-src 'self' 'sha256-"), "{policy}");
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe-inline"), "{policy}");
}

#[tokio::test]
async fn every_link_in_the_page_leads_somewhere() {
    let html = routes::document().page.as_str();
    let targets: Vec<_> = html.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(targets.len() > 20);
    for target in targets {
        assert!(html.contains(&format!("id=\"{target}\"")), "{target}");
    }
}
