//! The socket proxy: it passes frames, delayed if a delay is set, until it is cut.

use super::{Link, rewrite};
use anyhow::{Context, Result};
use axum::{
    body::Body,
    extract::{
        Request, State,
        ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade},
    },
    http::{HeaderMap, Response, StatusCode, header},
    response::IntoResponse,
};
use futures_util::{Sink, SinkExt, Stream, StreamExt};
use std::{
    net::SocketAddr,
    sync::{Arc, atomic::Ordering},
};
use tokio::{
    net::TcpStream,
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    time::{Instant, sleep_until},
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{self, client::IntoClientRequest},
};

pub async fn pass(
    State(link): State<Arc<Link>>,
    upgrade: WebSocketUpgrade,
    request: Request,
) -> Response<Body> {
    link.travel().await;
    let Some(server) = link.server() else { return StatusCode::BAD_GATEWAY.into_response() };
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let upstream = connect(server, &path, request.headers()).await;
    link.travel().await;
    match upstream {
        Ok(Ok(upstream)) => {
            link.sockets.fetch_add(1, Ordering::Relaxed);
            upgrade.on_upgrade(move |browser| carry(link, browser, upstream))
        }
        Ok(Err(refusal)) => refusal,
        Err(error) => (StatusCode::BAD_GATEWAY, format!("front: {error:#}")).into_response(),
    }
}

/// Opens the socket to the server with the browser's headers. The inner error is the server's refusal.
async fn connect(
    server: SocketAddr,
    path: &str,
    headers: &HeaderMap,
) -> Result<Result<WebSocketStream<TcpStream>, Response<Body>>> {
    let stream = TcpStream::connect(server).await.context("no server")?;
    stream.set_nodelay(true)?;
    let mut request = format!("ws://{server}{path}").into_client_request()?;
    for name in [header::HOST, header::ORIGIN, header::COOKIE, header::AUTHORIZATION, header::USER_AGENT] {
        if let Some(value) = headers.get(&name) {
            request.headers_mut().insert(name, value.clone());
        }
    }
    match client_async(request, stream).await {
        Ok((socket, _)) => Ok(Ok(socket)),
        Err(tungstenite::Error::Http(response)) => {
            let body = response.body().clone().unwrap_or_default();
            Ok(Err((response.status(), body).into_response()))
        }
        Err(error) => Err(error.into()),
    }
}

async fn carry(link: Arc<Link>, browser: WebSocket, server: WebSocketStream<TcpStream>) {
    let mut cuts = link.cuts.subscribe();
    let (to_browser, from_browser) = browser.split();
    let (to_server, from_server) = server.split();
    let up = leg(&link, from_browser, to_server, |message| Some(for_server(message)));
    let down = leg(&link, from_server, to_browser, |message| for_browser(&link, message));
    tokio::select! {
        () = up => {}
        () = down => {}
        _ = cuts.changed() => {}
    }
}

/// Carries one direction: messages leave in order, each after the delay that was set when it came.
async fn leg<A, B, E>(
    link: &Link,
    mut from: impl Stream<Item = Result<A, E>> + Unpin,
    to: impl Sink<B> + Unpin,
    change: impl Fn(A) -> Option<B>,
) {
    let (line, late) = unbounded_channel();
    let read = async {
        while let Some(Ok(message)) = from.next().await {
            if let Some(message) = change(message)
                && line.send((Instant::now() + link.delay(), message)).is_err()
            {
                break;
            }
        }
        drop(line);
    };
    tokio::join!(read, write(late, to));
}

pub async fn write<B>(mut late: UnboundedReceiver<(Instant, B)>, mut to: impl Sink<B> + Unpin) {
    while let Some((due, message)) = late.recv().await {
        if due > Instant::now() {
            sleep_until(due).await; // tidy: allow sleep: this is the network's delay
        }
        if to.send(message).await.is_err() {
            return;
        }
    }
}

fn for_server(message: Message) -> tungstenite::Message {
    match message {
        Message::Text(text) => tungstenite::Message::text(text.as_str()),
        Message::Binary(bytes) => tungstenite::Message::Binary(bytes),
        Message::Ping(bytes) => tungstenite::Message::Ping(bytes),
        Message::Pong(bytes) => tungstenite::Message::Pong(bytes),
        Message::Close(frame) => {
            tungstenite::Message::Close(frame.map(|frame| tungstenite::protocol::CloseFrame {
                code: frame.code.into(),
                reason: frame.reason.as_str().into(),
            }))
        }
    }
}

fn for_browser(link: &Link, message: tungstenite::Message) -> Option<Message> {
    Some(match message {
        tungstenite::Message::Text(text) => Message::Text(match link.relay() {
            Some(relay) => Utf8Bytes::from(rewrite::frame(&relay, text.as_str())),
            None => Utf8Bytes::from(text.as_str()),
        }),
        tungstenite::Message::Binary(bytes) => Message::Binary(bytes),
        tungstenite::Message::Ping(bytes) => Message::Ping(bytes),
        tungstenite::Message::Pong(bytes) => Message::Pong(bytes),
        tungstenite::Message::Close(frame) => Message::Close(
            frame.map(|frame| CloseFrame { code: frame.code.into(), reason: frame.reason.as_str().into() }),
        ),
        tungstenite::Message::Frame(_) => return None,
    })
}
