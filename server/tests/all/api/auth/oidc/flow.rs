//! Sign-in through the issuer's page, with a browser that keeps its cookies.

use super::{ORIGIN, start, start_on};
use crate::support::{Database, Reply, TestApp, issuer::Behaviour, on_both};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use parley_protocol::{ErrorCode, people::Me};
use serde_json::json;
use std::{collections::BTreeMap, time::Duration};

on_both!(the_browser_comes_back_signed_in);

/// A browser reduced to its cookies.
#[derive(Default, Clone)]
struct Browser {
    cookies: BTreeMap<String, String>,
}

impl Browser {
    async fn get(&mut self, test: &TestApp, path: &str) -> Reply {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request =
            Request::get(path).header(header::HOST, "parley.test").header(header::COOKIE, cookies.join("; "));
        let reply = test.send(request.body(Body::empty()).unwrap()).await;
        for set in reply.headers.get_all(header::SET_COOKIE) {
            let set = set.to_str().unwrap();
            assert!(set.contains("; HttpOnly; SameSite=Lax;"), "{set}");
            let (pair, rest) = set.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        reply
    }

    /// Begins a sign-in and visits the issuer's page. Returns the path of the callback that the issuer
    /// redirects to.
    async fn leave(&mut self, test: &TestApp, return_to: &str) -> String {
        let reply = self.get(test, &format!("/api/auth/oidc/login?return_to={return_to}")).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
        back(reply.header("location")).await
    }
}

/// Opens the issuer's sign-in page and returns the callback to which it redirects, as path and query.
async fn back(address: &str) -> String {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
    let answer = client.build().unwrap().get(address).send().await.unwrap();
    assert_eq!(answer.status(), 303, "{address}");
    let location = answer.headers()["location"].to_str().unwrap();
    location.strip_prefix(ORIGIN).unwrap().to_owned()
}

#[track_caller]
fn refused(reply: &Reply, why: &str) {
    let error = reply.refused(401, ErrorCode::TokenInvalid);
    assert_eq!(error.message, format!("the sign-in was refused: {why}"));
}

const NOT_BEGUN: &str = "it was not begun in this browser, or too long ago";

async fn the_browser_comes_back_signed_in(database: Database) {
    let (test, issuer) = start_on(database).await;
    for basic in [true, false] {
        issuer.change(|state| state.basic = basic);
        // The server refetches the discovery document and the keys after an hour, and so learns of the
        // change.
        test.clock.advance(Duration::from_secs(60 * 60));
        let now = test.now().0 / 1_000;
        issuer.change(|state| state.set_time(now));
        let mut browser = Browser::default();
        let path = browser.leave(&test, "/c/018f4b6e%3Fx%3D1").await;
        assert_eq!(browser.cookies.len(), 1);
        let reply = browser.get(&test, &path).await;
        assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, "/c/018f4b6e?x=1"));
        assert_eq!(browser.cookies.keys().collect::<Vec<_>>(), ["parley_session"]);
        let me: Me = browser.get(&test, "/api/me").await.ok();
        assert_eq!(me.display_name, "Ana");
    }
}

#[tokio::test]
async fn the_issuer_receives_only_the_required_parameters() {
    let (test, issuer) = start().await;
    let reply = Browser::default().get(&test, "/api/auth/oidc/login").await;
    let address = reqwest::Url::parse(reply.header("location")).unwrap();
    assert!(address.as_str().starts_with(&format!("{}/authorize?", issuer.address())));
    let asked: BTreeMap<_, _> = address.query_pairs().into_owned().collect();
    let names: Vec<_> = asked.keys().map(String::as_str).collect();
    let expected = [
        "client_id",
        "code_challenge",
        "code_challenge_method",
        "nonce",
        "redirect_uri",
        "response_type",
        "scope",
        "state",
    ];
    assert_eq!(names, expected);
    assert_eq!(asked["redirect_uri"], "http://parley.test/api/auth/oidc/callback");
    assert!(asked["state"].len() >= 43 && asked["nonce"].len() >= 43, "256 bits each");
    assert_eq!(asked["code_challenge"].len(), 43);
}

#[tokio::test]
async fn the_callback_works_once_and_only_in_the_browser_that_left() {
    let (test, _issuer) = start().await;
    let mut browser = Browser::default();
    let path = browser.leave(&test, "/").await;
    refused(&Browser::default().get(&test, &path).await, NOT_BEGUN);
    let mut other = Browser::default();
    other.leave(&test, "/").await;
    refused(&other.get(&test, &path).await, NOT_BEGUN);
    let before = browser.clone();
    assert_eq!(browser.get(&test, &path).await.status, 303, "others who tried changed nothing");
    refused(&before.clone().get(&test, &path).await, NOT_BEGUN);
}

#[tokio::test]
async fn a_state_that_was_not_given_out_is_refused() {
    let (test, _issuer) = start().await;
    let mut browser = Browser::default();
    let path = browser.leave(&test, "/").await;
    let code = path.split("code=").nth(1).unwrap().split('&').next().unwrap();
    for wrong in
        ["", "?", "?state=", "?state=%ff", &format!("?code={code}"), &format!("?code={code}&state=x")]
    {
        let reply = browser.clone().get(&test, &format!("/api/auth/oidc/callback{wrong}")).await;
        assert!(reply.status == 401 || reply.status == 422, "{wrong}: {}", reply.text());
        assert_eq!(reply.header("set-cookie"), "");
    }
    let foreign = path.replace("&iss=", "&iss=https://evil.example/");
    refused(&browser.clone().get(&test, &foreign).await, "another issuer answered");
}

#[tokio::test]
async fn a_sign_in_may_take_ten_minutes() {
    let (test, issuer) = start().await;
    let (mut quick, mut slow) = (Browser::default(), Browser::default());
    let (in_time, late) = (quick.leave(&test, "/").await, slow.leave(&test, "/").await);
    test.clock.advance(Duration::from_millis(10 * 60 * 1_000 - 1));
    issuer.change(|state| state.set_time(test.now().0 / 1_000));
    assert_eq!(quick.get(&test, &in_time).await.status, 303);
    test.clock.advance(Duration::from_millis(1));
    refused(&slow.get(&test, &late).await, NOT_BEGUN);
}

#[tokio::test]
async fn the_code_its_verifier_and_the_token_must_match() {
    let (test, issuer) = start().await;
    let fails = async |prepare: &str, why: &str| {
        let mut browser = Browser::default();
        let path = browser.leave(&test, "/").await;
        test.sql(prepare).await;
        refused(&browser.get(&test, &path).await, why);
        browser.get(&test, "/api/me").await.refused(401, ErrorCode::Unauthorized);
    };
    fails("UPDATE oidc_logins SET verifier = 'another'", "the issuer does not know the code").await;
    fails("UPDATE oidc_logins SET nonce = 'another'", "it was not made for this sign-in").await;
    issuer.change(|state| state.claims = |claims| claims["nonce"] = json!("replayed"));
    fails("SELECT 1", "it was not made for this sign-in").await;
    issuer.change(|state| state.claims = |claims| claims["aud"] = json!("another"));
    fails("SELECT 1", "it is for somebody else").await;

    // A code that has been used already.
    issuer.change(|state| state.claims = |_| {});
    let mut browser = Browser::default();
    let path = browser.leave(&test, "/").await;
    issuer.change(Behaviour::forget_codes);
    refused(&browser.get(&test, &path).await, "the issuer does not know the code");
}

#[tokio::test]
async fn a_refusal_at_the_issuer_is_explained_to_the_person() {
    let (test, _issuer) = start().await;
    let mut browser = Browser::default();
    let path = browser.leave(&test, "/").await;
    let state = path.split("state=").nth(1).unwrap().split('&').next().unwrap();
    let declined = format!("/api/auth/oidc/callback?error=access_denied&state={state}");
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let (name, value) = browser.cookies.iter().next().unwrap();
    let answer = client
        .get(format!("http://{}{declined}", test.address))
        .header("host", "parley.test")
        .header("accept", "text/html,*/*")
        .header("cookie", format!("{name}={value}"));
    let answer = answer.send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()),
        (401, "text/html; charset=utf-8")
    );
    let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    let html = answer.text().await.unwrap();
    assert!(html.contains("it was declined") && html.contains("href=\"/\""), "{html}");
}

#[tokio::test]
async fn an_issuer_that_goes_down_during_a_sign_in_is_named() {
    let (test, issuer) = start().await;
    let mut browser = Browser::default();
    let path = browser.leave(&test, "/").await;
    issuer.change(|state| state.down = Some(StatusCode::INTERNAL_SERVER_ERROR));
    browser.get(&test, &path).await.refused(503, ErrorCode::IssuerUnavailable);
    test.clock.advance(Duration::from_secs(60 * 60));
    browser.get(&test, "/api/auth/oidc/login").await.refused(503, ErrorCode::IssuerUnavailable);
}

#[tokio::test]
async fn the_sign_in_never_redirects_to_another_site() {
    let (test, _issuer) = start().await;
    for wrong in
        ["//evil.example", "https://evil.example", "%2F%2Fevil.example", "/%5Cevil.example", "/%0d%0aX:y"]
    {
        let path = format!("/api/auth/oidc/login?return_to={wrong}");
        test.get(&path).await.refused(422, ErrorCode::InvalidInput);
    }
}
