//! Sign-in at an OpenID Connect issuer. The server is a client of one configured issuer.
//!
//! `provider` has the issuer's endpoints and keys, `token` checks ID tokens, and `signature` their
//! signatures. The account and session of the person are made in `people::accounts`.

mod fetch;
mod provider;
mod signature;
mod token;

pub use provider::Provider;
pub use token::Identity;

use crate::{
    config::OidcConfig,
    error::{Answer, ApiError},
    secret,
};
use parley_protocol::{ErrorCode, Timestamp};

/// The secrets of one sign-in, which the server keeps until the browser is back.
pub struct Secrets {
    pub state: String,
    pub nonce: String,
    pub verifier: String,
}

impl Secrets {
    pub fn new() -> Self {
        Self { state: secret::new_token(), nonce: secret::new_token(), verifier: secret::new_token() }
    }
}

impl Default for Secrets {
    fn default() -> Self {
        Self::new()
    }
}

impl Provider {
    /// Checks an ID token and returns the identity in it. With `nonce`, the token must have been made for
    /// that nonce.
    pub async fn verify(&self, id_token: &str, nonce: Option<&str>, now: Timestamp) -> Answer<Identity> {
        let header = token::header(id_token)?;
        let key = self.key(header.kid.as_deref(), header.alg, now).await?;
        let claims = token::claims(id_token, &key, header.alg)?;
        token::check(claims, self.config(), nonce, now)
    }

    /// Builds the address at which the browser signs in.
    pub async fn authorize(&self, secrets: &Secrets, redirect: &str, now: Timestamp) -> Answer<String> {
        let endpoint = self.metadata(now).await?.authorization_endpoint.ok_or_else(provider::no_page)?;
        let mut url = self.address(&endpoint).map_err(|why| self.unavailable(&why))?;
        let OidcConfig { client_id, scopes, .. } = self.config();
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", client_id)
            .append_pair("redirect_uri", redirect)
            .append_pair("scope", scopes)
            .append_pair("state", &secrets.state)
            .append_pair("nonce", &secrets.nonce)
            .append_pair("code_challenge", &secret::digest(&secrets.verifier))
            .append_pair("code_challenge_method", "S256");
        Ok(url.into())
    }
}

/// Returns the error for a token that is not good. Its code is always the same, and `why` is for people.
fn invalid(why: &str) -> ApiError {
    ApiError::new(ErrorCode::TokenInvalid, format!("the sign-in was refused: {why}"))
}
