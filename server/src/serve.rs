//! Listening for connections, and the orderly stop.
//!
//! The first signal drains the server for `drain_ms`: it takes no new sockets or calls, and tells its sockets
//! to go to another server. A second signal ends that early. Then connections finish the request that they
//! are answering, and sockets close with a code that means "come back". Calls stay in the database; the next
//! server goes on with them.

mod acme;
mod certificate;
mod connection;
mod door;
mod lan;
mod pace;
mod places;
mod tls;

use crate::{
    app::{App, raise_descriptor_limit},
    routes, start,
};
use anyhow::Context;
use door::Door;
use std::{
    io::Write,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::LazyLock,
    time::Duration,
};
use tls::{CertificateFiles, Tls};
use tokio::{net::TcpListener, time::timeout};

/// The longest time between the end of draining and the moment when remaining connections are cut.
const STOP_WITHIN: Duration = Duration::from_millis(1_500);

/// Serves until the process is told to stop.
pub async fn run(app: App) -> anyhow::Result<()> {
    raise_descriptor_limit();
    #[cfg(unix)]
    let _ = is_hangup_ignored();
    start::begin(&app)
        .await
        .map_err(|error| anyhow::anyhow!("cannot take up the live calls: {}", error.message))?;
    let (lan, port) = (app.config.lan, app.config.port);
    let ip = if lan { IpAddr::V6(Ipv6Addr::UNSPECIFIED) } else { app.config.bind };
    let address = SocketAddr::new(ip, port);
    let listener = door::listen(address).with_context(|| format!("cannot listen on {address}"))?;
    let port = listener.local_addr()?.port();
    if let Some(address) = app.config.metrics_bind {
        let inside =
            TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
        tokio::spawn(serve_metrics(app.clone(), inside));
    }
    let addresses = if lan { lan::addresses() } else { Vec::new() };
    let files = match app.config.tls_files() {
        Some((chain, key)) => Some(CertificateFiles::open(chain.to_owned(), key.to_owned())?),
        None if lan => Some(certificate::files(&app.config.data, &addresses)?),
        None => None,
    };
    let tls = match (&files, &app.config.domain) {
        (Some(files), _) => Some(Tls::new(files.clone())?),
        (None, Some(domain)) => Some(acme::begin(&app.config, domain)?),
        (None, None) => None,
    };
    if let Some(files) = files.filter(|_| !lan) {
        tokio::spawn(files.watch());
    }
    if lan {
        print(&lan::greeting(&addresses, port))?;
    } else {
        let ip = app.config.bind;
        let shown = if ip.is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { ip };
        let scheme = if tls.is_some() { "https" } else { "http" };
        print(&format!("listening on {scheme}://{}\n", SocketAddr::new(shown, port)))?;
    }
    if let Some(port) = app.config.redirect_port {
        redirect(&app, port);
    }
    let router = routes::router(app.clone());
    serve(&app, Door::new(app.clone(), listener, tls, router)).await
}

/// Sends those who come by http at this port to https, until the server stops. The server goes on without it:
/// another program may have the port.
fn redirect(app: &App, port: u16) {
    let address = SocketAddr::new(app.config.bind, port);
    match door::listen(address) {
        Ok(listener) => {
            let (door, mut phases) = (Door::to_https(app.clone(), listener), app.phases());
            tokio::spawn(async move {
                tokio::select! {
                    () = door.accept_all() => {}
                    () = phases.stopping() => {}
                }
            });
        }
        Err(error) => tracing::warn!(%error, port, "http cannot be redirected to https"),
    }
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
async fn serve(app: &App, door: Door) -> anyhow::Result<()> {
    tokio::select! {
        () = door.accept_all() => {}
        () = shutdown_requested(app) => {}
    }
    tracing::info!("stopping");
    drop(door);
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
        let told = async |kind| match signal(kind) {
            Ok(mut signal) => _ = signal.recv().await,
            Err(_) => std::future::pending().await,
        };
        tokio::select! {
            () = told(SignalKind::terminate()) => {}
            // The terminal of the server was closed. Under `nohup` that does not matter.
            () = told(SignalKind::hangup()), if !is_hangup_ignored() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    }
}

/// Tells whether the process was started with SIGHUP ignored, as `nohup` does. Where the system does not say,
/// it was not.
#[cfg(unix)]
fn is_hangup_ignored() -> bool {
    static IGNORED: LazyLock<bool> = LazyLock::new(|| {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        // Signals count from 1, and SIGHUP is the first.
        mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
    });
    *IGNORED
}

#[cfg(not(unix))]
fn stop_signal() -> impl Future<Output = ()> {
    async {
        _ = tokio::signal::ctrl_c().await;
    }
}
