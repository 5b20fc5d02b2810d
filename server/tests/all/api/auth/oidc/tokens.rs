//! Sign-in with an ID token that the client already has.

use super::{NOW, start, start_on};
use crate::support::{
    Database, Person, Reply, TestApp,
    issuer::{CLIENT, Issuer, Key, unsigned},
    on_both,
};
use axum::http::StatusCode;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use parley_protocol::{
    ErrorCode,
    people::{Account, Me, Profile},
    rest::{ClientConfig, GuestSignIn, OidcSignIn, SignedIn, UpdateMe},
};
use ring::{
    hmac,
    signature::{self, RsaEncoding},
};
use serde_json::{Value, json};
use std::time::Duration;

on_both!(one_account_is_one_person);

async fn hand_in(test: &TestApp, token: &str, nonce: Option<&str>) -> Reply {
    let wish = OidcSignIn { id_token: token.to_owned(), nonce: nonce.map(str::to_owned) };
    test.post("/api/auth/oidc", &wish).await
}

/// Returns the reason of a refusal, without the words that every refusal begins with.
async fn refusal(test: &TestApp, token: &str) -> String {
    let error = hand_in(test, token, None).await.refused(401, ErrorCode::TokenInvalid);
    error.message.strip_prefix("the sign-in was refused: ").unwrap().to_owned()
}

async fn one_account_is_one_person(database: Database) {
    let (test, issuer) = start_on(database).await;
    let token = issuer.key().sign(&issuer.claims("1"));
    let (one, two) = tokio::join!(hand_in(&test, &token, None), hand_in(&test, &token, None));
    let (one, two): (SignedIn, SignedIn) = (one.created(), two.created());
    assert_eq!((one.me.id, one.me.display_name.as_str()), (two.me.id, "Ana"));
    assert_ne!(one.me.session_id, two.me.session_id);
    let ana = Person::new(&test, one);
    let change = UpdateMe { display_name: Some("Anabel".into()), ..UpdateMe::default() };
    ana.patch("/api/me", &change).await.ok::<Profile>();
    let again: SignedIn = hand_in(&test, &token, None).await.created();
    assert_eq!((again.me.id, again.me.display_name.as_str()), (ana.id(), "Anabel"), "the name stays");
    let other: SignedIn = hand_in(&test, &issuer.key().sign(&issuer.claims("2")), None).await.created();
    assert_ne!(other.me.id, ana.id());
}

#[tokio::test]
async fn a_session_by_token_is_like_any_other() {
    let (test, issuer) = start().await;
    let reply = hand_in(&test, &issuer.key().sign(&issuer.claims("1")), None).await;
    let ana = Person::new(&test, reply.created());
    assert!(reply.header("set-cookie").starts_with(&format!("parley_session={};", ana.signed.token)));
    for me in [ana.get("/api/me").await.ok::<Me>(), ana.signed.me.clone()] {
        assert_eq!(me.account, Account::Oidc, "can come back as who they are");
    }
    let config: ClientConfig = test.get("/api/config").await.ok();
    assert_eq!((config.auth, config.oidc.as_deref()), (vec!["guest".into(), "oidc".into()], Some("Example")));
}

#[tokio::test]
async fn claims_must_name_this_issuer_our_client_and_a_current_time() {
    let (test, issuer) = start().await;
    let with = |change: fn(&mut Value)| {
        let mut claims = issuer.claims("1");
        change(&mut claims);
        issuer.key().sign(&claims)
    };
    for (change, why) in [
        ((|c| c["iss"] = json!("https://evil.example")) as fn(&mut Value), "it is of another issuer"),
        (|c| c["aud"] = json!("another"), "it is for somebody else"),
        (|c| c["aud"] = json!([]), "it is for somebody else"),
        (|c| c["aud"] = json!(["another", "third"]), "it is for somebody else"),
        (|c| c["aud"] = json!(["another", CLIENT]), "it is for somebody else"),
        (|c| c["azp"] = json!("another"), "it is for somebody else"),
        (|c| c["exp"] = json!(NOW - 60), "it has expired"),
        (|c| c["exp"] = json!(-1), "it has expired"),
        (|c| c["nbf"] = json!(NOW + 61), "it is not valid yet"),
        (|c| c["iat"] = json!(NOW + 61), "it is not valid yet"),
        (|c| c["sub"] = json!(""), "it names nobody"),
        (|c| c["sub"] = json!("x".repeat(256)), "it names nobody"),
        (|c| _ = c.as_object_mut().unwrap().remove("exp"), "the signature or the content is wrong"),
        (|c| _ = c.as_object_mut().unwrap().remove("sub"), "the signature or the content is wrong"),
        (|c| c["exp"] = json!("tomorrow"), "the signature or the content is wrong"),
    ] {
        assert_eq!(refusal(&test, &with(change)).await, why);
    }
    for change in [
        (|c| c["exp"] = json!(NOW - 59)) as fn(&mut Value),
        |c| c["iat"] = json!(NOW + 60),
        |c| c["nbf"] = json!(NOW + 60),
        |c| c["aud"] = json!([CLIENT]),
        |c| {
            c["aud"] = json!(["another", CLIENT]);
            c["azp"] = json!(CLIENT);
        },
        |c| c["sub"] = json!("x".repeat(255)),
    ] {
        hand_in(&test, &with(change), None).await.created::<SignedIn>();
    }
}

#[tokio::test]
async fn a_token_is_valid_for_its_nonce_only() {
    let (test, issuer) = start().await;
    let mut claims = issuer.claims("1");
    claims["nonce"] = json!("ours");
    let token = issuer.key().sign(&claims);
    hand_in(&test, &token, Some("ours")).await.created::<SignedIn>();
    hand_in(&test, &token, None).await.created::<SignedIn>();
    hand_in(&test, &token, Some("another")).await.refused(401, ErrorCode::TokenInvalid);
    let without = issuer.key().sign(&issuer.claims("1"));
    hand_in(&test, &without, Some("ours")).await.refused(401, ErrorCode::TokenInvalid);
}

#[tokio::test]
async fn only_the_issuers_own_signature_counts() {
    let (test, issuer) = start().await;
    let (claims, key) = (issuer.claims("1"), issuer.key());
    let right = key.sign(&claims);
    let signed_with = |algorithm: &str, secret: &[u8]| {
        let message = unsigned(&json!({ "alg": algorithm, "kid": "first" }), &claims);
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes());
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag))
    };
    // The public key in every form that could be mistaken for an HMAC secret.
    let (x, y) = key.public()[1..].split_at(32);
    let forms = [key.public(), x, y, b"first", b""];
    for secret in forms {
        let why = refusal(&test, &signed_with("HS256", secret)).await;
        assert_eq!(why, "it is signed in a way that is not allowed");
        assert_eq!(
            refusal(&test, &signed_with("ES256", secret)).await,
            "the signature or the content is wrong"
        );
    }
    for none in ["none", "None", "NONE", "nOnE", "", "ES257"] {
        let token = format!("{}.", unsigned(&json!({ "alg": none, "kid": "first" }), &claims));
        assert_eq!(refusal(&test, &token).await, "this is no token of the issuer", "{none}");
    }
    let (body, signature) = right.rsplit_once('.').unwrap();
    let stripped = format!("{body}.");
    let swapped = format!("{}.{signature}", unsigned(&json!({ "alg": "RS256", "kid": "first" }), &claims));
    let other =
        format!("{}.{signature}", unsigned(&json!({ "alg": "ES256", "kid": "first" }), &issuer.claims("2")));
    let impostor = Key::new("first").sign(&claims);
    for token in [stripped, swapped, other, impostor] {
        hand_in(&test, &token, None).await.refused(401, ErrorCode::TokenInvalid);
    }
    let critical = json!({ "alg": "ES256", "kid": "first", "crit": ["exp"] });
    let token = format!("{}.{signature}", unsigned(&critical, &claims));
    assert_eq!(refusal(&test, &token).await, "it is signed in a way that is not allowed");
    for odd in ["", ".", "..", "...", "a.b.c", &right[1..], &"x".repeat(16 * 1024 + 1), &format!("{right}.x")]
    {
        hand_in(&test, odd, None).await.refused(401, ErrorCode::TokenInvalid);
    }
    hand_in(&test, &right, None).await.created::<SignedIn>();
}

#[tokio::test]
async fn an_rsa_key_signs_with_its_published_algorithm_only() {
    let (test, issuer) = start().await;
    let (key, claims) = (Key::rsa("rsa"), issuer.claims("1"));
    issuer.change(|state| state.keys.push(key.clone()));
    hand_in(&test, &key.sign(&claims), None).await.created::<SignedIn>();
    // The signatures are valid, but the issuer publishes this key for RS256 alone.
    for (algorithm, encoding) in [
        ("RS512", &signature::RSA_PKCS1_SHA512 as &'static dyn RsaEncoding),
        ("PS256", &signature::RSA_PSS_SHA256 as &'static dyn RsaEncoding),
    ] {
        let why = refusal(&test, &key.sign_rsa(&claims, algorithm, encoding)).await;
        assert_eq!(why, "its key is not one of the issuer's");
    }
    let why = refusal(&test, &key.sign_rsa(&claims, "RS256", &signature::RSA_PSS_SHA256)).await;
    assert_eq!(why, "the signature or the content is wrong");
    let message = unsigned(&json!({ "alg": "HS256", "kid": "rsa" }), &claims);
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.public()), message.as_bytes());
    let why = refusal(&test, &format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag))).await;
    assert_eq!(why, "it is signed in a way that is not allowed");
}

#[tokio::test]
async fn rotated_keys_are_fetched_and_unknown_ones_at_most_once_a_minute() {
    const MINUTE: Duration = Duration::from_secs(60);
    let (test, issuer) = start().await;
    let asked = || issuer.change(|state| state.asked_for_keys);
    let old = issuer.key();
    let token = |key: &Key| key.sign(&issuer.claims("1"));
    hand_in(&test, &token(&old), None).await.created::<SignedIn>();
    hand_in(&test, &token(&old), None).await.created::<SignedIn>();
    assert_eq!(asked(), 1, "keys are kept");

    let strange = Key::new("strange");
    for _ in 0..3 {
        assert_eq!(refusal(&test, &token(&strange)).await, "its key is not one of the issuer's");
    }
    assert_eq!(asked(), 1, "they are a moment old");
    let new = Key::new("second");
    issuer.change(|state| state.keys.insert(0, new.clone()));
    test.clock.advance(MINUTE);
    hand_in(&test, &token(&new), None).await.created::<SignedIn>();
    hand_in(&test, &token(&old), None).await.created::<SignedIn>();
    assert_eq!(asked(), 2);
    for _ in 0..3 {
        refusal(&test, &token(&strange)).await;
    }
    assert_eq!(asked(), 2);
    test.clock.advance(MINUTE);
    for _ in 0..3 {
        refusal(&test, &token(&strange)).await;
    }
    assert_eq!(asked(), 3, "once, and not again for a minute");

    // A withdrawn key is trusted for at most an hour.
    issuer.change(|state| state.keys.retain(|key| key.kid != "first"));
    test.clock.advance(MINUTE * 60);
    let mut claims = issuer.claims("1");
    claims["exp"] = json!(NOW + 10_000);
    refusal(&test, &old.sign(&claims)).await;
    hand_in(&test, &new.sign(&claims), None).await.created::<SignedIn>();
}

/// Guards against tokens with an invented key id, which anybody can make.
#[tokio::test]
async fn an_unknown_key_does_not_displace_a_known_one_bug() {
    let (test, issuer) = start().await;
    let token = |key: &Key| key.sign(&issuer.claims("1"));
    let (known, strange) = (token(&issuer.key()), token(&Key::new("strange")));
    hand_in(&test, &known, None).await.created::<SignedIn>();
    issuer.change(|state| state.down = Some(StatusCode::BAD_GATEWAY));
    test.clock.advance(Duration::from_secs(60));
    hand_in(&test, &strange, None).await.refused(503, ErrorCode::IssuerUnavailable);
    hand_in(&test, &known, None).await.created::<SignedIn>();
    test.clock.advance(Duration::from_secs(2));
    let asked = issuer.change(|state| state.asked);
    hand_in(&test, &strange, None).await.refused(503, ErrorCode::IssuerUnavailable);
    assert_eq!(issuer.change(|state| state.asked), asked, "once a minute, also when it is away");
    issuer.change(|state| state.down = None);
    test.clock.advance(Duration::from_secs(60));
    assert_eq!(refusal(&test, &strange).await, "its key is not one of the issuer's");
}

#[tokio::test]
async fn an_issuer_that_is_away_is_named() {
    let (test, issuer) = start().await;
    let token = issuer.key().sign(&issuer.claims("1"));
    issuer.change(|state| state.down = Some(StatusCode::BAD_GATEWAY));
    let error = hand_in(&test, &token, None).await.refused(503, ErrorCode::IssuerUnavailable);
    assert!(error.message.starts_with("Example cannot be reached"), "{}", error.message);
    issuer.change(|state| state.down = None);
    hand_in(&test, &token, None).await.refused(503, ErrorCode::IssuerUnavailable);
    test.clock.advance(Duration::from_secs(2));
    issuer.change(|state| state.name = Some("https://another.example".into()));
    let error = hand_in(&test, &token, None).await.refused(503, ErrorCode::IssuerUnavailable);
    assert!(error.message.contains("another name"), "{}", error.message);
    test.clock.advance(Duration::from_secs(2));
    issuer.change(|state| state.name = None);
    hand_in(&test, &token, None).await.created::<SignedIn>();

    let gone = TestApp::with(|config| {
        super::configure(config, &issuer);
        // Nothing listens on this port.
        config.oidc.issuer = "http://127.0.0.1:9".into();
    })
    .await;
    hand_in(&gone, &token, None).await.refused(503, ErrorCode::IssuerUnavailable);
    gone.guest("Ana").await;
}

#[tokio::test]
async fn names_that_cannot_be_shown_are_replaced_or_cut() {
    let (test, issuer) = start().await;
    let named = async |subject: &str, claims: Value| {
        let mut all = issuer.claims(subject);
        all.as_object_mut().unwrap().remove("name");
        all.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
        let signed: SignedIn = hand_in(&test, &issuer.key().sign(&all), None).await.created();
        signed.me.display_name
    };
    assert_eq!(named("1", json!({})).await, "New member");
    assert_eq!(named("2", json!({ "name": " \u{202E} ", "preferred_username": "ana" })).await, "ana");
    assert_eq!(named("3", json!({ "name": "ä".repeat(99), "nickname": "x" })).await, "ä".repeat(64));
}

/// Covers issuers such as Firebase, which give tokens to their own clients and offer no page to redirect to.
#[tokio::test]
async fn an_issuer_may_have_no_sign_in_page() {
    let issuer = Issuer::start(NOW).await;
    issuer.change(|state| state.page = false);
    let test = TestApp::with(|config| {
        super::configure(config, &issuer);
        config.oidc.name.clear();
    })
    .await;
    let config: ClientConfig = test.get("/api/config").await.ok();
    assert_eq!((config.auth, config.oidc), (vec!["guest".into(), "oidc".into()], None));
    hand_in(&test, &issuer.key().sign(&issuer.claims("1")), None).await.created::<SignedIn>();
    test.get("/api/auth/oidc/login").await.refused(403, ErrorCode::SignInDisabled);
    test.clock.advance(Duration::from_secs(60 * 60));
    issuer.change(|state| state.down = Some(StatusCode::BAD_GATEWAY));
    let error = test.get("/api/auth/oidc/login").await.refused(503, ErrorCode::IssuerUnavailable);
    assert!(error.message.starts_with("the issuer cannot be reached"), "{}", error.message);
}

#[tokio::test]
async fn each_way_to_sign_in_can_be_switched_off() {
    let (open, issuer) = start().await;
    let token = issuer.key().sign(&issuer.claims("1"));
    let guests_only = TestApp::new().await;
    hand_in(&guests_only, &token, None).await.refused(403, ErrorCode::SignInDisabled);
    guests_only.get("/api/auth/oidc/login").await.refused(403, ErrorCode::SignInDisabled);
    guests_only.get("/api/auth/oidc/callback").await.refused(403, ErrorCode::SignInDisabled);
    let config: ClientConfig = guests_only.get("/api/config").await.ok();
    assert_eq!((config.auth, config.oidc), (vec!["guest".to_owned()], None));
    let members_only = TestApp::with(|config| {
        super::configure(config, &issuer);
        config.guests = false;
    })
    .await;
    let guest = GuestSignIn { display_name: "Ana".into() };
    members_only.post("/api/auth/guest", &guest).await.refused(403, ErrorCode::SignInDisabled);
    let config: ClientConfig = members_only.get("/api/config").await.ok();
    assert_eq!(config.auth, ["oidc"]);
    hand_in(&members_only, &token, None).await.created::<SignedIn>();
    hand_in(&open, &token, None).await.created::<SignedIn>();
}
