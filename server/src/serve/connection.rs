//! One connection, from its first byte to its last.

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

/// How long a client may take to say what it wants.
const FIRST_WITHIN: Duration = Duration::from_secs(20);
/// How long one is kept that has been answered. Proxies keep theirs for less, so that they never send a request on one
/// that is just being closed here.
const IDLE: Duration = Duration::from_secs(120);

/// Until it is over by itself, or until all of them are to stop: then it finishes what it is at.
pub async fn attend(
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
    // A connection that breaks is the other side's business.
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
        tokio::spawn(attend(theirs, PEER, router, pending()));
        ours
    }

    async fn answer(client: &mut DuplexStream) -> String {
        let mut heard = vec![0; 1_024];
        let length = client.read(&mut heard).await.unwrap();
        String::from_utf8_lossy(&heard[..length]).into_owned()
    }

    /// How long it stays open from here on.
    async fn closes_after(client: &mut DuplexStream) -> Duration {
        let begun = Instant::now();
        timeout(Duration::from_secs(600), client.read_to_end(&mut Vec::new())).await.unwrap().unwrap();
        begun.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn who_says_nothing_or_half_of_it_is_not_waited_for() {
        assert_eq!(closes_after(&mut client()).await.as_secs(), 20);
        let mut slow = client();
        slow.write_all(&REQUEST[..10]).await.unwrap();
        assert_eq!(closes_after(&mut slow).await.as_secs(), 20);
    }

    #[tokio::test(start_paused = true)]
    async fn who_was_answered_may_ask_again_for_two_minutes() {
        let mut client = client();
        for _ in 0..3 {
            client.write_all(REQUEST).await.unwrap();
            assert!(answer(&mut client).await.ends_with("heard"));
            advance(Duration::from_secs(100)).await;
        }
        assert_eq!(closes_after(&mut client).await.as_secs(), 20);
    }
}
