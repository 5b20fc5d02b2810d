//! A client's WebSocket, and the loopback address that it connects from.

use anyhow::{Context, Result, bail};
use futures_util::{SinkExt, StreamExt};
use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::atomic::{AtomicU32, Ordering},
};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{
        Message, Utf8Bytes,
        client::IntoClientRequest,
        http::{HeaderValue, header},
        protocol::WebSocketConfig,
    },
};

/// Connections opened from one address. An address has only some 28,000 ephemeral ports.
const PER_ADDRESS: u32 = 8_000;

static OPENED: AtomicU32 = AtomicU32::new(0);

/// Connects from 127.0.0.2, and from the next address after every `PER_ADDRESS` connections.
pub async fn connect(to: SocketAddr) -> Result<TcpStream> {
    let nth = OPENED.fetch_add(1, Ordering::Relaxed) / PER_ADDRESS % 200;
    let from = Ipv4Addr::new(127, 0, 0, u8::try_from(nth + 2)?);
    let socket = TcpSocket::new_v4()?;
    socket.set_nodelay(true)?;
    socket.bind(SocketAddr::from((from, 0)))?;
    socket.connect(to).await.context("cannot connect")
}

pub struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    pub async fn open(to: SocketAddr, path: &str, token: Option<&str>) -> Result<Self> {
        let mut request = format!("ws://{to}{path}").into_client_request()?;
        if let Some(token) = token {
            let bearer = HeaderValue::from_str(&format!("Bearer {token}"))?;
            request.headers_mut().insert(header::AUTHORIZATION, bearer);
        }
        let config = WebSocketConfig::default().read_buffer_size(4_096).write_buffer_size(0);
        let stream = connect(to).await?;
        let (socket, _) = client_async_with_config(request, stream, Some(config)).await?;
        Ok(Self(socket))
    }

    pub async fn send(&mut self, text: impl Into<Utf8Bytes>) -> Result<()> {
        Ok(self.0.send(Message::Text(text.into())).await?)
    }

    /// Waits for the next text frame.
    pub async fn receive(&mut self) -> Result<Utf8Bytes> {
        loop {
            match self.0.next().await.context("the socket ended")?? {
                Message::Text(text) => return Ok(text),
                Message::Close(frame) => bail!("the server closed the socket: {frame:?}"),
                _ => {}
            }
        }
    }
}
