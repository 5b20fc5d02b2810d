//! Listening, and stopping: calls stay in the database, sockets are told to come back.

mod certificate;
mod lan;
mod tls;

use crate::{app::App, routes};
use anyhow::Context;
use axum::{Router, serve::ListenerExt};
use std::{
    future::Future,
    io::Write,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};
use tokio::net::TcpListener;

/// From the signal to the end, at most.
const STOP_WITHIN: Duration = Duration::from_millis(1_500);

/// Serves until the process is told to stop.
pub async fn run(app: App) -> anyhow::Result<()> {
    app.begin().await.map_err(|error| anyhow::anyhow!("cannot take up the live calls: {}", error.message))?;
    let ip = if app.config.lan { IpAddr::V4(Ipv4Addr::UNSPECIFIED) } else { app.config.bind };
    let address = SocketAddr::new(ip, app.config.port);
    let listener = TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
    let port = listener.local_addr()?.port();
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

/// Standard output is for whoever started the server; everything else is logged.
fn say(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

async fn serve<L>(app: App, listener: L) -> anyhow::Result<()>
where
    L: axum::serve::Listener<Addr: std::fmt::Debug>,
{
    let router: Router = routes::router(app.clone());
    let stopping = app.clone();
    let serving = axum::serve(listener, router).with_graceful_shutdown(async move {
        told_to_stop().await;
        tracing::info!("stopping");
        stopping.drain();
    });
    let mut draining = app.draining();
    let late = async {
        // The sender lives as long as `app`.
        let _ = draining.wait_for(|stop| *stop).await;
        tokio::time::sleep(STOP_WITHIN).await;
    };
    tokio::select! {
        served = serving => served?,
        () = late => tracing::info!("some connections were cut"),
    }
    if tokio::time::timeout(Duration::from_millis(400), app.store.close()).await.is_err() {
        tracing::warn!("the database was still busy");
    }
    Ok(())
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
