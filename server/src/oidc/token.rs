//! What makes an ID token good: signed by the issuer, for us, now, and for this sign-in.

use super::{invalid, signature};
use crate::{config::OidcConfig, error::Answer};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode, decode_header};
use parley_protocol::{Timestamp, text};
use serde::Deserialize;

/// Longer than any token that is meant to be carried around.
const TOKEN_MAX: usize = 16 * 1024;
const SUBJECT_MAX: usize = 255;
/// Seconds that two clocks may differ.
const SKEW: f64 = 60.0;

/// Somebody whom the issuer has vouched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub issuer: String,
    /// Who they are to the issuer; never anybody else's.
    pub subject: String,
    /// What to call them, until they say otherwise.
    pub name: String,
}

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
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// What the token says of how it is signed; nothing of it can be believed yet.
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

/// What the token says, when its signature is right.
pub fn claims(token: &str, key: &DecodingKey, algorithm: Algorithm) -> Answer<Claims> {
    // The rest is checked below, by our own clock.
    let mut validation = Validation::new(algorithm);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let decoded = decode(token, key, &validation);
    decoded.map(|data| data.claims).map_err(|_| invalid("the signature or the content is wrong"))
}

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
    let names = [claims.name, claims.preferred_username, claims.nickname];
    let name = names.into_iter().flatten().find_map(|name| shortened(&name));
    Ok(Identity {
        issuer: claims.iss,
        subject: claims.sub,
        name: name.unwrap_or_else(|| "New member".to_owned()),
    })
}

/// A name that we can show: cut where it is too long; nothing when nothing is left.
fn shortened(name: &str) -> Option<String> {
    let short: String = name.chars().take(parley_protocol::limits::NAME_MAX_CHARS).collect();
    text::display_name(name).or_else(|_| text::display_name(&short)).ok()
}
