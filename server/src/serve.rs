//! Listening, and stopping: calls stay in the database, sockets are told to come back.

mod certificate;
mod connection;
mod lan;
mod tls;

use crate::{app::App, routes, start};
use anyhow::Context;
use axum::{
    Router,
    serve::{Listener, ListenerExt},
};
use std::{
    io::{self, Write},
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpSocket},
    time::timeout,
};

/// From the signal to the end, at most.
const STOP_WITHIN: Duration = Duration::from_millis(1_500);
/// Connections that wait to be taken. A browser that finds no room tries again only after a second.
const WAITING: u32 = 4_096;

/// Serves until the process is told to stop.
pub async fn run(app: App) -> anyhow::Result<()> {
    start::begin(&app)
        .await
        .map_err(|error| anyhow::anyhow!("cannot take up the live calls: {}", error.message))?;
    let ip = if app.config.lan { IpAddr::V4(Ipv4Addr::UNSPECIFIED) } else { app.config.bind };
    let address = SocketAddr::new(ip, app.config.port);
    let listener = listen(address).with_context(|| format!("cannot listen on {address}"))?;
    let port = listener.local_addr()?.port();
    if let Some(address) = app.config.metrics_bind {
        let inside =
            TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
        tokio::spawn(serve_metrics(app.clone(), inside));
    }
    if app.config.lan {
        let addresses = lan::addresses();
        let config = certificate::tls_config(&app.config.data, &addresses)?;
        say(&lan::greeting(&addresses, port))?;
        serve(app, tls::TlsListener::new(listener, config)).await
    } else {
        let shown = if ip.is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { ip };
        say(&format!("listening on http://{}\n", SocketAddr::new(shown, port)))?;
        serve(app, listener.tap_io(|stream| _ = stream.set_nodelay(true))).await
    }
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // Elsewhere it would let another program listen here, too.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(WAITING)
}

async fn serve_metrics(app: App, listener: TcpListener) {
    let mut phases = app.phases();
    let serving = axum::serve(listener, routes::metrics_alone(app)).into_future();
    tokio::select! {
        _ = serving => {}
        () = phases.stopping() => {}
    }
}

/// Standard output is for whoever started the server; everything else is logged.
fn say(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// Until the process is told to stop; then requests that are being answered are, for a moment.
async fn serve<L: Listener<Addr = SocketAddr>>(app: App, mut listener: L) -> anyhow::Result<()> {
    let router: Router = routes::router(app.clone());
    let stop = wound_up(&app);
    tokio::pin!(stop);
    loop {
        let (io, peer) = tokio::select! {
            connection = listener.accept() => connection,
            () = &mut stop => break,
        };
        let (router, mut phases) = (router.clone(), app.phases());
        tokio::spawn(connection::attend(io, peer, router, async move { phases.stopping().await }));
    }
    tracing::info!("stopping");
    drop(listener);
    app.stop();
    if timeout(STOP_WITHIN, app.drained()).await.is_err() {
        tracing::info!("some connections were cut");
    }
    let _ = timeout(Duration::from_millis(200), app.directory.depart()).await;
    if timeout(Duration::from_millis(400), app.store.close()).await.is_err() {
        tracing::warn!("the database was still busy");
    }
    Ok(())
}

/// Returns when the process was told to stop and those who are here had time to go elsewhere; a second word from outside
/// is the last one.
async fn wound_up(app: &App) {
    told_to_stop().await;
    app.drain();
    let grace = app.config.drain();
    if !grace.is_zero() {
        tracing::info!(?grace, "draining");
        let _ = timeout(grace, told_to_stop()).await;
    }
}

#[cfg(unix)]
fn told_to_stop() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    async {
        let terminated = async {
            match signal(SignalKind::terminate()) {
                Ok(mut signal) => _ = signal.recv().await,
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! {
            () = terminated => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    }
}

#[cfg(not(unix))]
fn told_to_stop() -> impl Future<Output = ()> {
    async {
        _ = tokio::signal::ctrl_c().await;
    }
}
