//! The one accept loop: it takes connections, counts them by address, and hands each to a task of its own.

use super::{connection, tls::Tls};
use crate::{
    app::{App, Phases},
    cluster::limits::Network,
};
use axum::{
    Router,
    extract::Request,
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use socket2::{Domain, Protocol, Socket, Type};
use std::{
    collections::HashMap,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
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
pub fn listen_everywhere(port: u16) -> io::Result<TcpListener> {
    let both = listen(SocketAddr::new(IpAddr::V6(Ipv6Addr::UNSPECIFIED), port));
    both.or_else(|_| listen(SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), port)))
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

    /// Returns a door that sends everybody to https.
    pub fn to_https(app: App, listener: TcpListener) -> Self {
        Self::new(app, listener, None, Router::new().fallback(to_https))
    }

    /// Accepts connections until it is dropped.
    pub async fn accept_all(&self) {
        let mut refused_already = false;
        loop {
            match self.listener.accept().await {
                Ok((stream, peer)) => {
                    if self.app.descriptors.note_accepted() {
                        tracing::info!("connections can be accepted again");
                    }
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
        tokio::spawn(async move {
            let _place = place;
            greet(stream, peer, tls, router, phases).await;
        });
    }
}

/// Looks at the first byte of a connection, and serves it accordingly.
async fn greet(stream: TcpStream, peer: SocketAddr, tls: Option<Tls>, router: Router, mut phases: Phases) {
    _ = stream.set_nodelay(true);
    let first = tokio::select! {
        first = timeout(FIRST_BYTE_WITHIN, first_byte(&stream)) => first,
        () = phases.stopping() => return,
    };
    let Ok(Ok(Some(first))) = first else { return };
    let stopping = async move { phases.stopping().await };
    match (Opening::of(first), tls) {
        (Opening::Text, None) => connection::serve(stream, peer, router, stopping).await,
        (Opening::Tls, Some(tls)) => {
            if let Some(stream) = tls.shake_hands(stream).await {
                connection::serve(stream, peer, router, stopping).await;
            }
        }
        // Browsers try http first for an address that was typed without a scheme.
        (Opening::Text, Some(_)) => {
            connection::serve(stream, peer, Router::new().fallback(to_https), stopping).await;
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

/// Sends a client to the same address with https.
async fn to_https(uri: Uri, request: Request) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    match host.filter(|host| !host.is_empty() && !host.contains(['/', '\\', '@', '?', '#'])) {
        Some(host) => {
            let path = uri.path_and_query().map_or("/", |path| path.as_str());
            let headers = [
                (header::LOCATION, format!("https://{host}{path}")),
                (header::CONNECTION, "close".to_owned()),
            ];
            (StatusCode::PERMANENT_REDIRECT, headers).into_response()
        }
        None => StatusCode::BAD_REQUEST.into_response(),
    }
}

type Counts = Arc<Mutex<HashMap<Network, u32>>>;

/// The open connections of each network, up to a limit.
struct OpenConnections {
    limit: Option<u32>,
    counts: Counts,
}

impl OpenConnections {
    fn new(limit: Option<u32>) -> Self {
        Self { limit, counts: Arc::default() }
    }

    /// Counts a connection, which is open until its place is dropped. Returns nothing at the limit.
    fn enter(&self, from: IpAddr) -> Option<Place> {
        let Some(limit) = self.limit else { return Some(Place(None)) };
        let network = Network::from(from);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(network).or_default();
        if *count >= limit {
            return None;
        }
        *count += 1;
        Some(Place(Some((network, self.counts.clone()))))
    }
}

/// The place of one connection among those of its network.
struct Place(Option<(Network, Counts)>);

impl Drop for Place {
    fn drop(&mut self) {
        let Some((network, counts)) = self.0.take() else { return };
        let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&network) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_its_connections_and_no_more() {
        let open = OpenConnections::new(Some(2));
        let (here, mapped) = ("192.0.2.1".parse().unwrap(), "::ffff:192.0.2.1".parse().unwrap());
        let first = open.enter(here).unwrap();
        let _second = open.enter(mapped).unwrap();
        assert!(open.enter(here).is_none());
        let _other = open.enter("192.0.2.2".parse().unwrap()).unwrap();
        let six = |text: &str| open.enter(text.parse().unwrap());
        let _three = [six("2001:db8::1").unwrap(), six("2001:db8::2").unwrap()];
        assert!(six("2001:db8::3").is_none(), "one network of IPv6 counts as one");
        drop(first);
        let _again = open.enter(here).unwrap();
        assert!(open.enter(here).is_none());
    }

    #[test]
    fn closed_connections_leave_nothing_behind() {
        let open = OpenConnections::new(Some(2));
        drop(open.enter("192.0.2.1".parse().unwrap()));
        assert!(open.counts.lock().unwrap().is_empty());
    }

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
