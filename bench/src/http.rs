//! A client's connection for requests, kept as a browser keeps it: opened again when the server has closed one that
//! was idle for long.

use anyhow::{Result, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Request, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::net::SocketAddr;

use crate::socket::connect;

pub struct Http {
    sender: http1::SendRequest<Full<Bytes>>,
    to: SocketAddr,
}

impl Http {
    pub async fn open(to: SocketAddr) -> Result<Self> {
        let (sender, connection) = http1::handshake(TokioIo::new(connect(to).await?)).await?;
        tokio::spawn(async move {
            // The next request finds out.
            _ = connection.await;
        });
        Ok(Self { sender, to })
    }

    /// The answer's body; a refusal is an error.
    pub async fn post(&mut self, path: &str, token: &str, body: &Value) -> Result<Bytes> {
        let mut request = Request::post(path)
            .header(header::HOST, self.to.to_string())
            .header(header::CONTENT_TYPE, "application/json");
        if !token.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let request = request.body(Full::from(serde_json::to_vec(body)?))?;
        if self.sender.ready().await.is_err() {
            *self = Self::open(self.to).await?;
        }
        let response = self.sender.send_request(request).await?;
        let status = response.status();
        let bytes = response.into_body().collect().await?.to_bytes();
        ensure!(status.is_success(), "{path}: {status}: {}", String::from_utf8_lossy(&bytes));
        Ok(bytes)
    }
}
