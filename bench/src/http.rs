//! A client's connection for requests, kept as a browser keeps it: opened again when the server has closed one that
//! was idle for long. By hand, and in the task that asks, as the frames to the relays are: the load runs on the same
//! processors as the servers, and what it takes is missing there.

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::socket::connect;

pub struct Http {
    stream: TcpStream,
    to: SocketAddr,
    /// What has been read of an answer.
    read: Vec<u8>,
}

impl Http {
    pub async fn open(to: SocketAddr) -> Result<Self> {
        Ok(Self { stream: connect(to).await?, to, read: Vec::with_capacity(4_096) })
    }

    /// The answer's body; a refusal is an error.
    pub async fn post(&mut self, path: &str, token: &str, body: &Value) -> Result<Vec<u8>> {
        let body = body.to_string();
        let bearer =
            if token.is_empty() { String::new() } else { format!("authorization: Bearer {token}\r\n") };
        let (to, length) = (self.to, body.len());
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {to}\r\ncontent-type: application/json\r\n{bearer}content-length: {length}\r\n\r\n{body}"
        );
        let answer = if let Some(answer) = self.exchange(&request).await? {
            answer
        } else {
            self.stream = connect(to).await?;
            self.exchange(&request).await?.context("the connection ended without an answer")?
        };
        ensure!(answer.is_success, "{path}: {}", String::from_utf8_lossy(&answer.body));
        Ok(answer.body)
    }

    /// Nothing when the connection had been closed.
    async fn exchange(&mut self, request: &str) -> Result<Option<Answer>> {
        self.read.clear();
        if self.stream.write_all(request.as_bytes()).await.is_err() {
            return Ok(None);
        }
        loop {
            match self.stream.read_buf(&mut self.read).await {
                Ok(0) | Err(_) if self.read.is_empty() => return Ok(None),
                Ok(0) => bail!("half an answer"),
                Ok(_) => {}
                Err(error) => return Err(error.into()),
            }
            if let Some(answer) = answer(&self.read)? {
                return Ok(Some(answer));
            }
        }
    }
}

struct Answer {
    is_success: bool,
    body: Vec<u8>,
}

/// The answer as soon as all of it is there. It says how long it is, as Parley's do.
fn answer(read: &[u8]) -> Result<Option<Answer>> {
    let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
    let (head, body) = (str::from_utf8(&read[..end])?, &read[end + 4..]);
    let status = head.split(' ').nth(1).context("no status")?;
    let mut fields = head.lines().filter_map(|line| line.split_once(": "));
    let length = fields.find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length: usize = length.map_or("0", |(_, value)| value).parse()?;
    let is_success = status.starts_with('2');
    Ok(body.get(..length).map(|body| Answer { is_success, body: body.to_vec() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_taken_when_it_is_whole() {
        let whole = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}";
        for cut in 0..whole.len() {
            assert!(answer(&whole[..cut]).unwrap().is_none(), "{cut}");
        }
        let taken = answer(whole).unwrap().unwrap();
        assert_eq!((taken.is_success, taken.body.as_slice()), (true, b"{}".as_slice()));
        let refused = answer(b"HTTP/1.1 409 Conflict\r\n\r\n").unwrap().unwrap();
        assert_eq!((refused.is_success, refused.body.len()), (false, 0));
    }
}
