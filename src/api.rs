//! REST client: one function per route on top of [`get`] and [`send`].

use gloo_net::http::{Method, RequestBuilder, Response};
use parley_protocol::{ErrorBody, ErrorCode, ErrorDetail};
use serde::{Serialize, de::DeserializeOwned};

/// Why a request has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The server could not be reached, or its answer made no sense.
    Unreachable,
    Refused(ErrorDetail),
}

impl Failure {
    pub fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Unreachable => None,
            Self::Refused(detail) => Some(detail.code),
        }
    }
}

pub async fn get<T: DeserializeOwned>(path: &str) -> Result<T, Failure> {
    let response = RequestBuilder::new(path).send().await.map_err(|_| Failure::Unreachable)?;
    read(response).await
}

pub async fn send<T: DeserializeOwned>(
    method: Method,
    path: &str,
    body: &impl Serialize,
) -> Result<T, Failure> {
    let request =
        RequestBuilder::new(path).method(method).json(body).map_err(|_| Failure::Unreachable)?;
    read(request.send().await.map_err(|_| Failure::Unreachable)?).await
}

async fn read<T: DeserializeOwned>(response: Response) -> Result<T, Failure> {
    if response.ok() {
        return response.json().await.map_err(|_| Failure::Unreachable);
    }
    match response.json::<ErrorBody>().await {
        Ok(body) => Err(Failure::Refused(body.error)),
        Err(_) => Err(Failure::Unreachable),
    }
}
