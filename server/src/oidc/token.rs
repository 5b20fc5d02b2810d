//! The checks of an ID token: signed by the issuer, for this server, valid now, and made for this sign-in.

use super::{invalid, signature};
use crate::{config::OidcConfig, error::Answer};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode, decode_header};
use parley_protocol::{Timestamp, people::Plan, text};
use serde::Deserialize;
use serde_json::{Map, Value};

/// The longest token, in bytes; real ones are much shorter.
const TOKEN_MAX: usize = 16 * 1024;
/// The longest subject, in bytes; the standard allows no more.
const SUBJECT_MAX: usize = 255;
/// The tolerated difference between two clocks, in seconds.
const SKEW: f64 = 60.0;

/// A person, as the issuer identifies them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub issuer: String,
    /// The issuer's id of the person, which it never gives to another one.
    pub subject: String,
    /// The name for a new account, which the person can change.
    pub name: String,
    /// The plan that the issuer gives them; absent where `oidc_plan_claim` is not set.
    pub plan: Option<Plan>,
}

/// The claims of an ID token.
#[derive(Debug, Deserialize)]
pub struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: f64,
    nbf: Option<f64>,
    iat: Option<f64>,
    azp: Option<String>,
    nonce: Option<String>,
    name: Option<String>,
    preferred_username: Option<String>,
    nickname: Option<String>,
    #[serde(flatten)]
    others: Map<String, Value>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// Reads the header, which says how the token is signed. Nothing in it can be trusted yet.
pub fn header(token: &str) -> Answer<Header> {
    if token.len() > TOKEN_MAX {
        return Err(invalid("the token is too long"));
    }
    let header = decode_header(token).map_err(|_| invalid("this is no token of the issuer"))?;
    if !signature::is_allowed(header.alg) || header.crit.is_some() {
        return Err(invalid("it is signed in a way that is not allowed"));
    }
    Ok(header)
}

/// Verifies the signature and returns the claims.
pub fn claims(token: &str, key: &DecodingKey, algorithm: Algorithm) -> Answer<Claims> {
    // Only the signature is checked here; `check` does the rest by the server's own clock.
    let mut validation = Validation::new(algorithm);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let decoded = decode(token, key, &validation);
    decoded.map(|data| data.claims).map_err(|_| invalid("the signature or the content is wrong"))
}

/// Checks the claims and returns the identity in them.
pub fn check(claims: Claims, config: &OidcConfig, nonce: Option<&str>, now: Timestamp) -> Answer<Identity> {
    #[expect(clippy::cast_precision_loss, reason = "seconds of this millennium are exact")]
    let now = (now.0 / 1_000) as f64;
    if claims.iss != config.issuer {
        return Err(invalid("it is of another issuer"));
    }
    let (ours, more) = match &claims.aud {
        Audience::One(one) => (*one == config.client_id, false),
        Audience::Many(many) => (many.contains(&config.client_id), many.len() > 1),
    };
    let asked_by_us = claims.azp.as_ref().map_or(!more, |azp| *azp == config.client_id);
    if !ours || !asked_by_us {
        return Err(invalid("it is for somebody else"));
    }
    if claims.exp + SKEW <= now {
        return Err(invalid("it has expired"));
    }
    if [claims.nbf, claims.iat].into_iter().flatten().any(|from| from - SKEW > now) {
        return Err(invalid("it is not valid yet"));
    }
    if nonce.is_some() && claims.nonce.as_deref() != nonce {
        return Err(invalid("it was not made for this sign-in"));
    }
    if claims.sub.is_empty() || claims.sub.len() > SUBJECT_MAX {
        return Err(invalid("it names nobody"));
    }
    let plan = config.plan_claim.as_deref().map(|claim| plan(&claims.others, claim));
    let names = [claims.name, claims.preferred_username, claims.nickname];
    let name = names.into_iter().flatten().find_map(|name| shortened(&name));
    Ok(Identity {
        issuer: claims.iss,
        subject: claims.sub,
        name: name.unwrap_or_else(|| "New member".to_owned()),
        plan,
    })
}

/// Returns the best plan that the claim names, as one word or as one of a list; free when it names none.
fn plan(claims: &Map<String, Value>, claim: &str) -> Plan {
    // Some issuers have dots in the names of claims, others put lists of roles into objects.
    let nested = || {
        let (first, rest) = claim.split_once('.')?;
        rest.split('.').try_fold(claims.get(first)?, |value, name| value.get(name))
    };
    let words: Vec<&str> = match claims.get(claim).or_else(nested) {
        Some(Value::String(word)) => vec![word],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let best = [Plan::Enterprise, Plan::Pro].into_iter().find(|plan| words.contains(&plan.as_str()));
    best.unwrap_or(Plan::Free)
}

/// Returns the name as a display name, cut if it is too long; none if nothing readable is left.
fn shortened(name: &str) -> Option<String> {
    let short: String = name.chars().take(parley_protocol::limits::NAME_MAX_CHARS).collect();
    text::display_name(name).or_else(|_| text::display_name(&short)).ok()
}
