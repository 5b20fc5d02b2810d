//! The issuer: its metadata, the keys that it signs with, and the requests for tokens.
//!
//! Metadata and keys are fetched when they are first needed, and again after an hour. A token that names an
//! unknown key has them fetched at once, since issuers change their keys, but at most once a minute, since
//! anybody can invent the name of a key.

use super::{
    fetch::{self, Failed},
    invalid, signature,
};
use crate::{
    config::OidcConfig,
    error::{Answer, ApiError},
};
use anyhow::Context;
use base64::{Engine, engine::general_purpose::STANDARD};
use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{Jwk, PublicKeyUse},
};
use parley_core::time::Duration;
use parley_protocol::{ErrorCode, Timestamp};
use reqwest::{Client, Method, Request, Url, header};
use serde::Deserialize;
use tokio::sync::Mutex;

/// The time for which metadata and keys are kept.
const KNOWN_FOR: Duration = Duration::from_secs(60 * 60);
/// The shortest time between two requests that unknown keys cause.
const ASK_AGAIN_AFTER: Duration = Duration::from_secs(60);
/// The time after a failure in which sign-ins fail at once. Otherwise each of those that wait for the lock
/// would wait for a time-out of its own.
const REST: Duration = Duration::from_secs(2);

/// The configured issuer.
pub struct Provider {
    config: OidcConfig,
    client: Client,
    /// The cache. Its lock is held during a request, so that many sign-ins at once cause one request.
    known: Mutex<KnownIssuer>,
}

/// The metadata and keys that were fetched last, and the last failure.
#[derive(Default)]
struct KnownIssuer {
    issuer: Option<Issuer>,
    failed: Option<(Timestamp, String)>,
}

struct Issuer {
    metadata: Metadata,
    keys: Vec<Jwk>,
    asked_at: Timestamp,
}

/// The metadata that the issuer publishes (OpenID Connect Discovery).
#[derive(Debug, Clone, Deserialize)]
pub struct Metadata {
    issuer: String,
    /// Missing for issuers that only give tokens to their own clients.
    pub authorization_endpoint: Option<String>,
    token_endpoint: Option<String>,
    jwks_uri: String,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Keys {
    /// The keys as raw JSON, since one of an unknown kind must not make the others unreadable.
    keys: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

impl Provider {
    pub fn new(config: OidcConfig) -> anyhow::Result<Self> {
        signature::install();
        let client = fetch::client(config.issuer.starts_with("http://")).context("OpenID Connect")?;
        Ok(Self { config, client, known: Mutex::default() })
    }

    pub fn config(&self) -> &OidcConfig {
        &self.config
    }

    pub async fn metadata(&self, now: Timestamp) -> Answer<Metadata> {
        let mut known = self.known.lock().await;
        Ok(self.issuer(&mut known, now).await?.metadata.clone())
    }

    /// Returns the key with this id, or without an id the only key that fits the algorithm.
    pub async fn key(&self, kid: Option<&str>, algorithm: Algorithm, now: Timestamp) -> Answer<DecodingKey> {
        let mut known = self.known.lock().await;
        let issuer = self.issuer(&mut known, now).await?;
        if let Some(key) = find(&issuer.keys, kid, algorithm) {
            return Ok(key);
        }
        if now.since(issuer.asked_at) >= ASK_AGAIN_AFTER {
            if let Some((at, why)) = &known.failed
                && now.since(*at) < ASK_AGAIN_AFTER
            {
                return Err(self.unavailable(why));
            }
            // If the request fails, the keys that are known stay.
            let issuer = self.ask_anew(&mut known, now).await?;
            if let Some(key) = find(&issuer.keys, kid, algorithm) {
                return Ok(key);
            }
        }
        Err(invalid("its key is not one of the issuer's"))
    }

    /// Returns the metadata and keys, and fetches them if there are none or they are old.
    async fn issuer<'a>(&self, known: &'a mut KnownIssuer, now: Timestamp) -> Answer<&'a Issuer> {
        if let Some(fresh) = known.issuer.take().filter(|issuer| now.since(issuer.asked_at) < KNOWN_FOR) {
            return Ok(known.issuer.insert(fresh));
        }
        match &known.failed {
            Some((at, why)) if now.since(*at) < REST => Err(self.unavailable(why)),
            _ => self.ask_anew(known, now).await,
        }
    }

    /// Fetches the metadata and keys, and remembers a failure.
    async fn ask_anew<'a>(&self, known: &'a mut KnownIssuer, now: Timestamp) -> Answer<&'a Issuer> {
        match self.ask(now).await {
            Ok(issuer) => Ok(known.issuer.insert(issuer)),
            Err(why) => {
                tracing::warn!(%why, "the OpenID Connect issuer cannot be used");
                known.failed = Some((now, why.clone()));
                Err(self.unavailable(&why))
            }
        }
    }

    async fn ask(&self, now: Timestamp) -> Result<Issuer, String> {
        let address = self.config.issuer.trim_end_matches('/');
        let metadata: Metadata = self.get(&format!("{address}/.well-known/openid-configuration")).await?;
        if metadata.issuer != self.config.issuer {
            return Err("it calls itself by another name".to_owned());
        }
        let keys: Keys = self.get(&metadata.jwks_uri).await?;
        let keys = keys.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect();
        Ok(Issuer { metadata, keys, asked_at: now })
    }

    async fn get<T: serde::de::DeserializeOwned>(&self, address: &str) -> Result<T, String> {
        let request = Request::new(Method::GET, self.address(address)?);
        fetch::json(&self.client, request).await.map_err(|failed| match failed {
            Failed::Refused(status) => format!("it answers {status}"),
            Failed::Unreachable(why) => why,
        })
    }

    /// Parses an address of the issuer. It must use TLS, unless the configured issuer itself does not.
    pub(super) fn address(&self, text: &str) -> Result<Url, String> {
        let url = Url::parse(text).map_err(|_| "one of its addresses is wrong".to_owned())?;
        let plain = url.scheme() == "http" && self.config.issuer.starts_with("http://");
        if url.scheme() == "https" || plain {
            Ok(url)
        } else {
            Err("one of its addresses is not safe".to_owned())
        }
    }

    /// Exchanges the code that the browser brought back for an ID token.
    pub async fn exchange(
        &self,
        code: &str,
        verifier: &str,
        redirect: &str,
        now: Timestamp,
    ) -> Answer<String> {
        let metadata = self.metadata(now).await?;
        let endpoint = metadata.token_endpoint.ok_or_else(no_page)?;
        let url = self.address(&endpoint).map_err(|why| self.unavailable(&why))?;
        let OidcConfig { client_id, client_secret, .. } = &self.config;
        let methods = metadata.token_endpoint_auth_methods_supported;
        let basic = methods.is_none_or(|all| all.iter().any(|method| method == "client_secret_basic"));
        let mut form = form_urlencoded(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect),
            ("client_id", client_id),
            ("code_verifier", verifier),
        ]);
        let mut request = Request::new(Method::POST, url);
        match client_secret {
            Some(secret) if basic => {
                let pair = format!("{}:{}", encoded(client_id), encoded(secret));
                let value = header::HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(pair)));
                let mut value = value.map_err(|error| ApiError::internal("client secret", &error))?;
                value.set_sensitive(true);
                request.headers_mut().insert(header::AUTHORIZATION, value);
            }
            Some(secret) => form = format!("{form}&{}", form_urlencoded(&[("client_secret", secret)])),
            None => {}
        }
        let kind = header::HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(header::CONTENT_TYPE, kind);
        *request.body_mut() = Some(form.into());
        match fetch::json::<Tokens>(&self.client, request).await {
            Ok(tokens) => Ok(tokens.id_token),
            Err(Failed::Refused(status)) => {
                tracing::warn!(%status, "the OpenID Connect issuer refused a code");
                Err(invalid("the issuer does not know the code"))
            }
            Err(Failed::Unreachable(why)) => Err(self.unavailable(&why)),
        }
    }

    pub fn unavailable(&self, why: &str) -> ApiError {
        let name = if self.config.name.is_empty() { "the issuer" } else { &self.config.name };
        ApiError::new(ErrorCode::IssuerUnavailable, format!("{name} cannot be reached to sign in: {why}"))
    }
}

/// Returns the error for an issuer without a sign-in page. ID tokens that clients have from it are still
/// accepted.
pub fn no_page() -> ApiError {
    ApiError::new(ErrorCode::SignInDisabled, "the issuer has no page to sign in at")
}

/// Finds the key for a signature.
fn find(keys: &[Jwk], kid: Option<&str>, algorithm: Algorithm) -> Option<DecodingKey> {
    let fits = |key: &&Jwk| {
        let named = kid.is_none_or(|kid| key.common.key_id.as_deref() == Some(kid));
        let signs = key.common.public_key_use.as_ref().is_none_or(|of| *of == PublicKeyUse::Signature);
        let method = key.common.key_algorithm.is_none_or(|of| of == algorithm.into());
        named && signs && method
    };
    let mut fitting = keys
        .iter()
        .filter(fits)
        .filter_map(|key| DecodingKey::from_jwk(key).ok())
        .filter(|key| key.family() == algorithm.family());
    let first = fitting.next()?;
    // A token that names no key is accepted only if a single key fits.
    (kid.is_some() || fitting.next().is_none()).then_some(first)
}

fn form_urlencoded(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    pairs.join("&")
}

/// Percent-encodes everything but letters, digits and `-._~`.
fn encoded(text: &str) -> String {
    use std::fmt::Write;
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
