//! An OpenID Connect issuer for tests: discovery, keys, sign-in page and tokens, and many ways to misbehave.

use axum::{
    Json, Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    rand::SystemRandom,
    rsa::PublicKeyComponents,
    signature::{self, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RsaEncoding, RsaKeyPair},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

pub const CLIENT: &str = "parley";
pub const SECRET: &str = "a secret: with/signs";

/// A running issuer.
#[derive(Clone)]
pub struct Issuer(Arc<Inner>);

struct Inner {
    address: String,
    state: Mutex<Behaviour>,
}

/// The behaviour of the issuer, which tests change.
pub struct Behaviour {
    pub keys: Vec<Arc<Key>>,
    /// The issuer's name, if it differs from its address.
    pub name: Option<String>,
    /// The failure with which discovery and token requests are answered.
    pub down: Option<StatusCode>,
    /// A change to the claims of the tokens that are given for codes.
    pub claims: fn(&mut Value),
    /// Whether clients authenticate by HTTP Basic rather than in the form.
    pub basic: bool,
    /// Whether the issuer has a sign-in page.
    pub page: bool,
    /// The number of requests for the discovery document.
    pub asked: usize,
    /// The number of requests for the keys.
    pub asked_for_keys: usize,
    now: i64,
    codes: HashMap<String, Granted>,
}

impl Behaviour {
    /// Sets the issuer's clock, in seconds.
    pub fn set_time(&mut self, now: i64) {
        self.now = now;
    }

    /// Forgets all codes, as if they had been used.
    pub fn forget_codes(&mut self) {
        self.codes.clear();
    }
}

/// The parameters that a code was granted for.
struct Granted {
    redirect: String,
    challenge: String,
    nonce: String,
}

pub struct Key {
    pub kid: String,
    pair: Pair,
}

enum Pair {
    Curve(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

/// A key made for these tests, since generating one is slow. It signs nothing else.
const RSA: &[u8] = include_bytes!("issuer_rsa.der");

impl Key {
    pub fn new(kid: &str) -> Arc<Self> {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random);
        Arc::new(Self { kid: kid.to_owned(), pair: Pair::Curve(pair.unwrap()) })
    }

    /// Creates a key that signs with RS256.
    pub fn rsa(kid: &str) -> Arc<Self> {
        Arc::new(Self { kid: kid.to_owned(), pair: Pair::Rsa(RsaKeyPair::from_der(RSA).unwrap()) })
    }

    /// Returns the public key.
    pub fn public(&self) -> &[u8] {
        match &self.pair {
            Pair::Curve(pair) => pair.public_key().as_ref(),
            Pair::Rsa(pair) => pair.public().as_ref(),
        }
    }

    fn jwk(&self) -> Value {
        let coded = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match &self.pair {
            Pair::Curve(_) => {
                let (x, y) = self.public()[1..].split_at(32);
                json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.kid,
                    "x": coded(x), "y": coded(y) })
            }
            Pair::Rsa(pair) => {
                let PublicKeyComponents { n, e } = PublicKeyComponents::<Vec<u8>>::from(pair.public());
                json!({ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid, "n": coded(&n), "e": coded(&e) })
            }
        }
    }

    /// Signs claims with the algorithm of the key.
    pub fn sign(&self, claims: &Value) -> String {
        match &self.pair {
            Pair::Curve(pair) => {
                let message = unsigned(&json!({ "alg": "ES256", "typ": "JWT", "kid": self.kid }), claims);
                let signature = pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
                format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
            }
            Pair::Rsa(_) => self.sign_rsa(claims, "RS256", &signature::RSA_PKCS1_SHA256),
        }
    }

    pub fn sign_rsa(&self, claims: &Value, algorithm: &str, encoding: &'static dyn RsaEncoding) -> String {
        let Pair::Rsa(pair) = &self.pair else { panic!("this is no RSA key") };
        let message = unsigned(&json!({ "alg": algorithm, "typ": "JWT", "kid": self.kid }), claims);
        let mut signature = vec![0; pair.public().modulus_len()];
        pair.sign(encoding, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// Returns the signing input of a token: encoded header and claims.
pub fn unsigned(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", part(header), part(claims))
}

impl Issuer {
    /// Starts an issuer whose clock shows `now`, in seconds.
    pub async fn start(now: i64) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let state = Behaviour {
            keys: vec![Key::new("first")],
            name: None,
            down: None,
            claims: |_| {},
            basic: true,
            page: true,
            asked: 0,
            asked_for_keys: 0,
            now,
            codes: HashMap::new(),
        };
        let issuer = Self(Arc::new(Inner { address, state: Mutex::new(state) }));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .with_state(issuer.clone());
        tokio::spawn(axum::serve(listener, router).into_future());
        issuer
    }

    pub fn address(&self) -> &str {
        &self.0.address
    }

    pub fn change<T>(&self, change: impl FnOnce(&mut Behaviour) -> T) -> T {
        change(&mut self.0.state.lock().unwrap())
    }

    pub fn key(&self) -> Arc<Key> {
        self.change(|state| state.keys[0].clone())
    }

    /// Returns valid claims for a subject.
    pub fn claims(&self, subject: &str) -> Value {
        let now = self.change(|state| state.now);
        json!({ "iss": self.address(), "aud": CLIENT, "sub": subject, "iat": now, "exp": now + 300, "name": "Ana" })
    }
}

async fn discovery(State(issuer): State<Issuer>) -> Response {
    let address = issuer.address().to_owned();
    issuer.change(|state| {
        state.asked += 1;
        if let Some(status) = state.down {
            return status.into_response();
        }
        let name = state.name.clone().unwrap_or_else(|| address.clone());
        let method = if state.basic { "client_secret_basic" } else { "client_secret_post" };
        let mut document = json!({ "issuer": name, "jwks_uri": format!("{address}/keys") });
        if state.page {
            document["authorization_endpoint"] = format!("{address}/authorize").into();
            document["token_endpoint"] = format!("{address}/token").into();
            document["token_endpoint_auth_methods_supported"] = json!([method]);
        }
        Json(document).into_response()
    })
}

async fn keys(State(issuer): State<Issuer>) -> Response {
    issuer.change(|state| {
        state.asked_for_keys += 1;
        let mut all: Vec<_> = state.keys.iter().map(|key| key.jwk()).collect();
        // A key of a type that the server cannot read.
        all.push(json!({ "kty": "new", "kid": "odd" }));
        Json(json!({ "keys": all })).into_response()
    })
}

/// Answers the sign-in page: everybody is signed in at once and sent back.
async fn authorize(State(issuer): State<Issuer>, Query(asked): Query<HashMap<String, String>>) -> Response {
    let fits = asked["response_type"] == "code"
        && asked["client_id"] == CLIENT
        && asked["code_challenge_method"] == "S256"
        && asked["scope"].split(' ').any(|scope| scope == "openid");
    if !fits {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let code = format!("code-{}", rand::random::<u64>());
    let (redirect, state) = (asked["redirect_uri"].clone(), &asked["state"]);
    let back = format!("{redirect}?code={code}&state={state}&iss={}", issuer.address());
    let granted =
        Granted { redirect, challenge: asked["code_challenge"].clone(), nonce: asked["nonce"].clone() };
    issuer.change(|state| state.codes.insert(code, granted));
    Redirect::to(&back).into_response()
}

async fn token(State(issuer): State<Issuer>, headers: HeaderMap, form: String) -> Response {
    // A form is encoded like a query.
    let form = reqwest::Url::parse(&format!("http://form/?{form}")).unwrap();
    let asked: HashMap<_, _> = form.query_pairs().into_owned().collect();
    let mut claims = issuer.claims("somebody");
    issuer.change(|state| {
        if let Some(status) = state.down {
            return status.into_response();
        }
        let basic = base64::engine::general_purpose::STANDARD.encode("parley:a%20secret%3A%20with%2Fsigns");
        let known = if state.basic {
            headers.get(header::AUTHORIZATION).is_some_and(|value| *value == format!("Basic {basic}"))
        } else {
            asked.get("client_secret").is_some_and(|secret| secret == SECRET)
        };
        // A code works once, and only for the client, redirect and verifier that it was granted for.
        let granted = state.codes.remove(&asked["code"]);
        let right = granted.filter(|granted| {
            known
                && granted.redirect == asked["redirect_uri"]
                && granted.challenge == URL_SAFE_NO_PAD.encode(Sha256::digest(&asked["code_verifier"]))
                && asked["grant_type"] == "authorization_code"
        });
        let Some(granted) = right else {
            return (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" }))).into_response();
        };
        claims["nonce"] = granted.nonce.into();
        (state.claims)(&mut claims);
        Json(json!({ "id_token": state.keys[0].sign(&claims), "token_type": "Bearer", "access_token": "x" }))
            .into_response()
    })
}
