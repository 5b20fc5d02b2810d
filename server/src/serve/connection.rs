//! One HTTP connection, from its first byte to its last.

use super::{
    pace::{Pace, Paced},
    places::Place,
};
use crate::http::address::Peer;
use axum::{Router, http::Request};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use std::{net::SocketAddr, pin::pin};
use tokio::io::{AsyncRead, AsyncWrite};
use tower::ServiceExt;

/// The most requests at once on one connection of HTTP/2.
const STREAMS_MAX: u32 = 32;
/// The longest list of headers on HTTP/2, in bytes.
const HEADERS_MAX: u32 = 16 * 1_024;
/// The most bytes that are read ahead on HTTP/1, and so the longest head of a request.
const READ_AHEAD: usize = 64 * 1_024;

/// Serves one connection until it closes, as HTTP/1.1 or HTTP/2, whichever its first bytes are. Once
/// `stopping` is ready, it answers the requests it is at and then closes.
pub async fn serve(
    io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: SocketAddr,
    its: Place,
    router: Router,
    stopping: impl Future<Output = ()>,
) {
    let pace = Pace::new();
    let service = {
        let pace = pace.clone();
        service_fn(move |mut request: Request<Incoming>| {
            let busy = pace.begin(request.version());
            request.extensions_mut().insert(Peer(peer));
            let answer = router.clone().oneshot(request);
            async move {
                let answer = answer.await;
                answer.map(|answer| busy.answer(answer))
            }
        })
    };
    let mut http = auto::Builder::new(TokioExecutor::new());
    http.http1().timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(READ_AHEAD);
    http.http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS_MAX)
        .max_header_list_size(HEADERS_MAX);
    let io = TokioIo::new(Paced::new(io, pace.clone(), its));
    let mut connection = pin!(http.serve_connection_with_upgrades(io, service));
    // An error of the connection is not logged: clients break connections all the time.
    tokio::select! {
        _ = connection.as_mut() => {}
        () = pace.overdue() => {}
        () = stopping => {
            connection.as_mut().graceful_shutdown();
            _ = connection.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::places::OpenConnections, *};
    use axum::routing::get;
    use std::{future::pending, time::Duration};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex},
        time::{Instant, advance, timeout},
    };

    const PEER: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 9);
    const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nhost: here\r\n\r\n";

    fn client() -> DuplexStream {
        let (ours, theirs) = duplex(4_096);
        let router = Router::new().route("/", get(async || "heard"));
        let place = OpenConnections::new(None).enter(PEER.ip()).unwrap();
        tokio::spawn(serve(theirs, PEER, place, router, pending()));
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

    /// Checks that a half-sent request closes its connection soon, whether it is the first one or not.
    #[tokio::test(start_paused = true)]
    async fn the_head_of_a_later_request_has_a_deadline_bug() {
        let mut client = client();
        client.write_all(REQUEST).await.unwrap();
        assert!(answer(&mut client).await.ends_with("heard"));
        advance(Duration::from_secs(50)).await;
        client.write_all(&REQUEST[..10]).await.unwrap();
        assert_eq!(closes_after(&mut client).await.as_secs(), 20);
    }

    #[tokio::test(start_paused = true)]
    async fn bytes_now_and_then_do_not_extend_the_deadline_of_a_head() {
        let mut client = client();
        let begun = Instant::now();
        while client.write_all(b"G").await.is_ok() {
            advance(Duration::from_secs(1)).await;
            assert!(begun.elapsed() < Duration::from_secs(30), "the connection is still open");
        }
        assert!(begun.elapsed() >= Duration::from_secs(20), "{:?}", begun.elapsed());
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

    /// Checks that HTTP/2 is answered on the same connection as HTTP/1.1, and that silence closes it.
    #[tokio::test(start_paused = true)]
    async fn http_2_is_spoken_to_those_who_ask_for_it() {
        use hyper::client::conn::http2;
        let io = TokioIo::new(client());
        let (mut sender, connection) = http2::handshake(TokioExecutor::new(), io).await.unwrap();
        let open = tokio::spawn(connection);
        let request = || Request::get("http://here/").body(String::new()).unwrap();
        let (one, two) = tokio::join!(sender.send_request(request()), sender.clone().send_request(request()));
        for answer in [one.unwrap(), two.unwrap()] {
            assert_eq!((answer.version(), answer.status().as_u16()), (axum::http::Version::HTTP_2, 200));
        }
        let quiet = Instant::now();
        timeout(Duration::from_secs(600), open).await.unwrap().unwrap().ok();
        assert_eq!(quiet.elapsed().as_secs(), 120);
    }

    /// Checks that a client that asks and does not read loses its connection, whatever else it sends.
    #[tokio::test(start_paused = true)]
    async fn an_answer_that_is_not_read_has_a_deadline_bug() {
        let (mut client, theirs) = duplex(64);
        let router = Router::new().route("/", get(async || "x".repeat(409_600)));
        let place = OpenConnections::new(None).enter(PEER.ip()).unwrap();
        let served = tokio::spawn(serve(theirs, PEER, place, router, pending()));
        client.write_all(REQUEST).await.unwrap();
        let begun = Instant::now();
        served.await.unwrap();
        assert_eq!(begun.elapsed().as_secs(), 30 + 100);
    }
}
