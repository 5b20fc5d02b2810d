//! Listening for connections, and the orderly stop.
//!
//! The first signal drains the server for `drain_ms`: it takes no new sockets or calls, and tells its sockets
//! to go to another server. A second signal ends that early. Then connections finish the request that they
//! are answering, and sockets close with a code that means "come back". Calls stay in the database; the next
//! server goes on with them.

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

/// The longest time between the end of draining and the moment when remaining connections are cut.
const STOP_WITHIN: Duration = Duration::from_millis(1_500);
/// The backlog of connections that wait to be accepted. A browser that finds it full retries only after a
/// second.
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
        print(&lan::greeting(&addresses, port))?;
        serve(app, tls::TlsListener::new(listener, config)).await
    } else {
        let shown = if ip.is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { ip };
        print(&format!("listening on http://{}\n", SocketAddr::new(shown, port)))?;
        serve(app, listener.tap_io(|stream| _ = stream.set_nodelay(true))).await
    }
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // After a restart, connections of the old process may still linger on the port. On Windows the option
    // means something else: it would let another program listen on the same port.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(WAITING)
}

/// Serves `/metrics` at `metrics_bind` until the server stops.
async fn serve_metrics(app: App, listener: TcpListener) {
    let mut phases = app.phases();
    let serving = axum::serve(listener, routes::metrics_alone(app)).into_future();
    tokio::select! {
        _ = serving => {}
        () = phases.stopping() => {}
    }
}

/// Prints to standard output, which is for the person who started the server; everything else is logged.
fn print(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// Accepts connections until the process is told to stop, then lets those that are busy finish, for a moment.
async fn serve<L: Listener<Addr = SocketAddr>>(app: App, mut listener: L) -> anyhow::Result<()> {
    let router: Router = routes::router(app.clone());
    let stop = shutdown_requested(&app);
    tokio::pin!(stop);
    loop {
        let (io, peer) = tokio::select! {
            connection = listener.accept() => connection,
            () = &mut stop => break,
        };
        let (router, mut phases) = (router.clone(), app.phases());
        tokio::spawn(connection::serve(io, peer, router, async move { phases.stopping().await }));
    }
    tracing::info!("stopping");
    drop(listener);
    app.stop();
    if timeout(STOP_WITHIN, app.drained()).await.is_err() {
        tracing::info!("cutting connections that did not end in time");
    }
    let _ = timeout(Duration::from_millis(200), app.directory.depart()).await;
    if timeout(Duration::from_millis(400), app.store.close()).await.is_err() {
        tracing::warn!("the database was still busy");
    }
    Ok(())
}

/// Returns when the process was told to stop and connected devices had time to go elsewhere. A second signal
/// ends that time early.
async fn shutdown_requested(app: &App) {
    stop_signal().await;
    app.drain();
    let grace = app.config.drain();
    if !grace.is_zero() {
        tracing::info!(?grace, "draining");
        let _ = timeout(grace, stop_signal()).await;
    }
}

#[cfg(unix)]
fn stop_signal() -> impl Future<Output = ()> {
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
fn stop_signal() -> impl Future<Output = ()> {
    async {
        _ = tokio::signal::ctrl_c().await;
    }
}
