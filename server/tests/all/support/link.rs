//! A TCP proxy in front of a database or Redis, which the test can cut, stall and slow down.

use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    task::JoinHandle,
};

/// The state of the proxied connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Whole,
    /// Every chunk of data arrives later by this much.
    Slow(Duration),
    /// Connections stall: they stay open, but no data arrives.
    Held,
    /// Connections break, and so do new ones.
    Cut,
}

/// A running proxy.
pub struct Link {
    pub address: SocketAddr,
    state: watch::Sender<State>,
    accepting: JoinHandle<()>,
}

impl Link {
    pub async fn to(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = watch::Sender::new(State::Whole);
        let seen = state.subscribe();
        let accepting = tokio::spawn(async move {
            loop {
                let (near, _) = listener.accept().await.unwrap();
                let seen = seen.clone();
                tokio::spawn(async move {
                    let Ok(far) = TcpStream::connect(("127.0.0.1", port)).await else { return };
                    let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
                    let mut cut = seen.clone();
                    tokio::select! {
                        () = carry(near_in, far_out, seen.clone()) => {}
                        () = carry(far_in, near_out, seen) => {}
                        _ = cut.wait_for(|state| *state == State::Cut) => {}
                    }
                });
            }
        });
        Self { address, state, accepting }
    }

    pub fn set(&self, state: State) {
        self.state.send_replace(state);
    }

    pub fn redis_url(&self) -> String {
        format!("redis://{}", self.address)
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut state: watch::Receiver<State>) {
    let mut piece = vec![0; 16 * 1024];
    loop {
        let Ok(length @ 1..) = from.read(&mut piece).await else { return };
        let Ok(now) = state.wait_for(|state| *state != State::Held).await.map(|state| *state) else { return };
        if let State::Slow(by) = now {
            // tidy: allow sleep: being slow is what it is for
            tokio::time::sleep(by).await;
        }
        if to.write_all(&piece[..length]).await.is_err() {
            return;
        }
    }
}
