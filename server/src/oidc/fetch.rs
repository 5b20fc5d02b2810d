//! Asking the issuer: short answers, in time, from where we asked and nowhere else.

use reqwest::{Client, Request, Response, StatusCode, redirect::Policy};
use serde::de::DeserializeOwned;
use std::time::Duration;

const TIME_LIMIT: Duration = Duration::from_secs(5);
/// Far more than documents, keys and tokens need.
const ANSWER_MAX: usize = 256 * 1024;

/// Why there is no answer.
#[derive(Debug)]
pub enum Failed {
    /// It answered, and refused.
    Refused(StatusCode),
    Unreachable(String),
}

pub fn client(direct: bool) -> Result<Client, reqwest::Error> {
    // The page is served with the same; whoever was first in this process chose it as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder().timeout(TIME_LIMIT).redirect(Policy::none());
    // An issuer on this very machine is not behind a proxy.
    if direct { builder.no_proxy() } else { builder }.build()
}

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

/// Without the address: it may have more in it than a log should.
fn unreachable(error: reqwest::Error) -> Failed {
    Failed::Unreachable(error.without_url().to_string())
}
