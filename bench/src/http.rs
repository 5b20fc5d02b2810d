//! A minimal HTTP client: one kept-alive connection, opened again when the server has closed it.
//!
//! It is written by hand and runs in the task that asks, as sending a frame to a relay does. The load runs on
//! the same processors as the servers, so time that the client spends is taken from them; a full HTTP client
//! would put Parley at a disadvantage.

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
    /// The bytes read of the current answer.
    read: Vec<u8>,
}

impl Http {
    pub async fn open(to: SocketAddr) -> Result<Self> {
        Ok(Self { stream: connect(to).await?, to, read: Vec::with_capacity(4_096) })
    }

    /// Sends a request and returns the answer's body; a status other than 2xx is an error.
    pub async fn post(&mut self, path: &str, token: &str, body: &Value) -> Result<Vec<u8>> {
        let body = body.to_string();
        let bearer =
            if token.is_empty() { String::new() } else { format!("authorization: Bearer {token}\r\n") };
        let (to, length) = (self.to, body.len());
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {to}\r\ncontent-type: application/json\r\n{bearer}content-length: {length}\r\n\r\n{body}"
        );
        // An idle connection may have been closed by the server. The request is then sent once more on a new
        // one.
        let answer = if let Some(answer) = self.exchange(&request).await? {
            answer
        } else {
            self.stream = connect(to).await?;
            self.exchange(&request).await?.context("the connection ended without an answer")?
        };
        ensure!(answer.is_success, "{path}: {}", String::from_utf8_lossy(&answer.body));
        Ok(answer.body)
    }

    /// Sends the request and reads the answer; `None` if the connection turned out to be closed.
    async fn exchange(&mut self, request: &str) -> Result<Option<Answer>> {
        self.read.clear();
        if self.stream.write_all(request.as_bytes()).await.is_err() {
            return Ok(None);
        }
        loop {
            match self.stream.read_buf(&mut self.read).await {
                Ok(0) | Err(_) if self.read.is_empty() => return Ok(None),
                Ok(0) => bail!("the connection ended in the middle of an answer"),
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

/// Parses the answer once it is complete. It must have a `Content-Length`, as Parley's answers do.
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
    fn an_answer_is_parsed_only_when_it_is_complete() {
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
