//! The one accept loop: it takes connections, counts them by address, and hands each to a task of its own.

use super::{
    connection,
    places::{OpenConnections, Place},
    tls::Tls,
};
use crate::app::{App, Phases};
use axum::{
    Router,
    extract::Request,
    http::{StatusCode, Uri, header, uri::Authority},
    response::IntoResponse,
};
use socket2::{Domain, Protocol, Socket, Type};
use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    time::timeout,
};

/// The backlog of connections that wait to be accepted. A browser that finds it full retries only after a
/// second.
const WAITING: i32 = 4_096;
/// The longest time until the first byte of a connection.
const FIRST_BYTE_WITHIN: Duration = Duration::from_secs(20);
/// The pause after a connection could not be accepted. Most likely the process is out of file descriptors,
/// and accepting at once would only spin.
const REST: Duration = Duration::from_millis(200);

/// Opens a socket that listens. An unspecified IPv6 address takes IPv4 as well.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    if address.ip() == IpAddr::V6(Ipv6Addr::UNSPECIFIED) {
        return listen_everywhere(address.port());
    }
    bind(address)
}

fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    if address.is_ipv6() {
        socket.set_only_v6(!address.ip().is_unspecified())?;
    }
    // After a restart, connections of the old process may still linger on the port. On Windows the option
    // means something else: it would let another program listen on the same port.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(WAITING)?;
    socket.set_nonblocking(true)?;
    TcpListener::from_std(socket.into())
}

/// Opens a socket on all addresses of the machine, of IPv6 and IPv4 where it has both.
fn listen_everywhere(port: u16) -> io::Result<TcpListener> {
    let both = bind(SocketAddr::new(IpAddr::V6(Ipv6Addr::UNSPECIFIED), port));
    // A machine may have no IPv6.
    both.or_else(|_| bind(SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), port)))
}

pub struct Door {
    app: App,
    listener: TcpListener,
    tls: Option<Tls>,
    router: Router,
    open: OpenConnections,
}

impl Door {
    pub fn new(app: App, listener: TcpListener, tls: Option<Tls>, router: Router) -> Self {
        // Behind a proxy all connections have its address.
        let limit = (app.config.trusted_hops == 0).then_some(app.config.connections_per_address);
        Self { app, listener, tls, router, open: OpenConnections::new(limit) }
    }

    /// Returns a door that sends everybody to the public origin, or to https at the port where they came.
    pub fn to_https(app: App, listener: TcpListener) -> Self {
        let router = to_https(app.config.public_origin.clone());
        Self::new(app, listener, None, router)
    }

    /// Accepts connections until it is dropped.
    pub async fn accept_all(&self) {
        let mut refused_already = false;
        loop {
            match self.listener.accept().await {
                Ok((stream, peer)) => {
                    if let Some(place) = self.open.enter(peer.ip()) {
                        self.attend(stream, peer, place);
                        continue;
                    }
                    self.app.metrics.connection_refused();
                    if !std::mem::replace(&mut refused_already, true) {
                        let limit = self.app.config.connections_per_address;
                        tracing::warn!(limit, "refused: connections_per_address is reached");
                    }
                }
                Err(error) => {
                    self.app.metrics.accept_failed();
                    if self.app.descriptors.note_failed() {
                        tracing::error!(%error, "connections cannot be accepted");
                    }
                    tokio::time::sleep(REST).await;
                }
            }
        }
    }

    fn attend(&self, stream: TcpStream, peer: SocketAddr, place: Place) {
        let (tls, router, phases) = (self.tls.clone(), self.router.clone(), self.app.phases());
        tokio::spawn(greet(stream, peer, place, tls, router, phases));
    }
}

/// Looks at the first byte of a connection, and serves it accordingly. A stopping server waits for it as long
/// as it holds `phases`.
async fn greet(
    stream: TcpStream,
    peer: SocketAddr,
    place: Place,
    tls: Option<Tls>,
    router: Router,
    mut phases: Phases,
) {
    _ = stream.set_nodelay(true);
    let first = tokio::select! {
        first = timeout(FIRST_BYTE_WITHIN, first_byte(&stream)) => first,
        () = phases.stopping() => return,
    };
    let Ok(Ok(Some(first))) = first else { return };
    match (Opening::of(first), tls) {
        (Opening::Text, None) => connection::serve(stream, peer, place, router, phases.stopping()).await,
        (Opening::Tls, Some(tls)) => {
            let stream = tokio::select! {
                stream = tls.shake_hands(stream) => stream,
                () = phases.stopping() => return,
            };
            if let Some(stream) = stream {
                connection::serve(stream, peer, place, router, phases.stopping()).await;
            }
        }
        // Browsers try http first for an address that was typed without a scheme.
        (Opening::Text, Some(_)) => {
            let router = to_https(None);
            connection::serve(stream, peer, place, router, phases.stopping()).await;
        }
        (Opening::Tls, None) | (Opening::Other, _) => {}
    }
}

async fn first_byte(stream: &TcpStream) -> io::Result<Option<u8>> {
    let mut byte = [0];
    let read = stream.peek(&mut byte).await?;
    Ok((read > 0).then_some(byte[0]))
}

/// The protocol that a connection begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opening {
    /// The record of a TLS handshake.
    Tls,
    /// A method of HTTP/1.1, or the preface of HTTP/2.
    Text,
    Other,
}

impl Opening {
    const fn of(byte: u8) -> Self {
        match byte {
            0x16 => Self::Tls,
            b'A'..=b'Z' | b'a'..=b'z' | b'\r' | b'\n' => Self::Text,
            _ => Self::Other,
        }
    }
}

/// Builds a router that sends every client to the same path with https: at this origin, or else at the host
/// and port that the client has asked for.
fn to_https(origin: Option<String>) -> Router {
    Router::new().fallback(async move |uri: Uri, request: Request| {
        let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
        let asked = host.or_else(|| uri.authority().map(Authority::as_str));
        let is_plain = |host: &&str| !host.is_empty() && !host.contains(['/', '\\', '@', '?', '#']);
        let there = origin.or_else(|| asked.filter(is_plain).map(|host| format!("https://{host}")));
        let Some(there) = there else { return StatusCode::BAD_REQUEST.into_response() };
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, format!("{there}{path}"))]).into_response()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_byte_tells_the_protocol() {
        for (byte, opening) in [
            (0x16, Opening::Tls),
            (b'G', Opening::Text),
            (b'P', Opening::Text),
            // STUN and TURN begin with these.
            (0x00, Opening::Other),
            (0x01, Opening::Other),
            (0x40, Opening::Other),
        ] {
            assert_eq!(Opening::of(byte), opening, "{byte:#x}");
        }
    }
}
