//! One HTTP connection, from its first byte to its last.

use crate::http::address::Peer;
use axum::{Router, http::Request};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use std::{
    future::pending,
    net::SocketAddr,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::sleep,
};
use tower::ServiceExt;

/// The longest time until the first whole request of a connection.
const FIRST_WITHIN: Duration = Duration::from_secs(20);
/// The time for which an idle connection is kept. Proxies usually keep theirs for less, so they close first
/// and never send a request on a connection that is just being closed here.
const IDLE: Duration = Duration::from_secs(120);

/// Serves one connection until it closes. Once `stopping` is ready, it answers the request it is at and then
/// closes.
pub async fn serve(
    io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: SocketAddr,
    router: Router,
    stopping: impl Future<Output = ()>,
) {
    let asked = Arc::new(AtomicBool::new(false));
    let from = {
        let asked = asked.clone();
        move |mut request: Request<Incoming>| {
            asked.store(true, Relaxed);
            request.extensions_mut().insert(Peer(peer));
            request
        }
    };
    let service = TowerToHyperService::new(router.map_request(from));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(IDLE);
    let mut connection = pin!(http.serve_connection(TokioIo::new(io), service).with_upgrades());
    let says_nothing = async {
        sleep(FIRST_WITHIN).await;
        if asked.load(Relaxed) {
            pending::<()>().await;
        }
    };
    // hyper's header timeout covers every wait between requests and is long; the first request has a shorter
    // one. An error of the connection is not logged: clients break connections all the time.
    tokio::select! {
        _ = connection.as_mut() => {}
        () = says_nothing => {}
        () = stopping => {
            connection.as_mut().graceful_shutdown();
            _ = connection.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex},
        time::{Instant, advance, timeout},
    };

    const PEER: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 9);
    const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nhost: here\r\n\r\n";

    fn client() -> DuplexStream {
        let (ours, theirs) = duplex(4_096);
        let router = Router::new().route("/", get(async || "heard"));
        tokio::spawn(serve(theirs, PEER, router, pending()));
        ours
    }

    async fn answer(client: &mut DuplexStream) -> String {
        let mut heard = vec![0; 1_024];
        let length = client.read(&mut heard).await.unwrap();
        String::from_utf8_lossy(&heard[..length]).into_owned()
    }

    /// Returns the time after which the server closes the connection.
    async fn closes_after(client: &mut DuplexStream) -> Duration {
        let begun = Instant::now();
        timeout(Duration::from_secs(600), client.read_to_end(&mut Vec::new())).await.unwrap().unwrap();
        begun.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_without_a_whole_request_is_closed() {
        assert_eq!(closes_after(&mut client()).await.as_secs(), 20);
        let mut slow = client();
        slow.write_all(&REQUEST[..10]).await.unwrap();
        assert_eq!(closes_after(&mut slow).await.as_secs(), 20);
    }

    #[tokio::test(start_paused = true)]
    async fn an_idle_connection_is_kept_for_two_minutes() {
        let mut client = client();
        for _ in 0..3 {
            client.write_all(REQUEST).await.unwrap();
            assert!(answer(&mut client).await.ends_with("heard"));
            advance(Duration::from_secs(100)).await;
        }
        assert_eq!(closes_after(&mut client).await.as_secs(), 20);
    }
}
