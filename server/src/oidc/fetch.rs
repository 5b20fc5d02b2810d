//! HTTP requests to the issuer, with limits on time and size and without redirects.

use reqwest::{Client, Request, Response, StatusCode, redirect::Policy};
use serde::de::DeserializeOwned;
use std::time::Duration;

/// The longest time of a request.
const TIME_LIMIT: Duration = Duration::from_secs(5);
/// The largest answer, far more than documents, keys and tokens need.
const ANSWER_MAX: usize = 256 * 1024;

/// The reason why a request failed.
#[derive(Debug)]
pub enum Failed {
    /// The issuer answered with a client error.
    Refused(StatusCode),
    Unreachable(String),
}

/// Builds the client. A `direct` one ignores configured proxies.
pub fn client(direct: bool) -> Result<Client, reqwest::Error> {
    // An error means that a provider is installed already, and this process installs only this one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder().timeout(TIME_LIMIT).redirect(Policy::none());
    // An issuer on this machine cannot be reached through a proxy.
    if direct { builder.no_proxy() } else { builder }.build()
}

/// Sends a request and parses its JSON answer.
pub async fn json<T: DeserializeOwned>(client: &Client, request: Request) -> Result<T, Failed> {
    let mut response = client.execute(request).await.map_err(unreachable)?;
    let status = response.status();
    if status.is_client_error() {
        return Err(Failed::Refused(status));
    }
    if status != StatusCode::OK {
        return Err(Failed::Unreachable(format!("it answers {status}")));
    }
    let body = read(&mut response).await?;
    serde_json::from_slice(&body).map_err(|_| Failed::Unreachable("its answer cannot be read".to_owned()))
}

/// Reads the body, up to the size limit.
async fn read(response: &mut Response) -> Result<Vec<u8>, Failed> {
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await.map_err(unreachable)? {
        if body.len() + part.len() > ANSWER_MAX {
            return Err(Failed::Unreachable("its answer is too long".to_owned()));
        }
        body.extend_from_slice(&part);
    }
    Ok(body)
}

/// Converts an error without its URL, which may hold secrets that do not belong in a log.
fn unreachable(error: reqwest::Error) -> Failed {
    Failed::Unreachable(error.without_url().to_string())
}
