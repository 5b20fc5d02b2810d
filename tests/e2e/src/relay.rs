//! A user-space network between two browsers: UDP with delay, loss, reordering and blackouts.
//!
//! The front replaces every ICE candidate by a port of this relay (`port_for`), which looks to ICE like a
//! cone NAT with one port per address. A packet that reaches such a port goes on to the address that the port
//! stands for, from the port that stands for its sender: later, or never.

use anyhow::{Context, Result};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    net::UdpSocket,
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::JoinSet,
    time::{Instant, sleep_until},
};

/// The behaviour of the network in each direction.
#[derive(Debug, Clone, Copy, Default)]
pub struct Conditions {
    pub delay: Duration,
    /// The share of packets that never arrive.
    pub loss: f64,
    /// The share of packets that arrive `late` after their turn.
    pub reorder: f64,
    pub late: Duration,
}

/// A handle of the relay, cheap to clone. Its ports close with the last clone.
#[derive(Debug, Clone)]
pub struct Relay(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    conditions: Mutex<Conditions>,
    random: Mutex<StdRng>,
    ports: Mutex<HashMap<SocketAddr, Port>>,
    tasks: Mutex<JoinSet<()>>,
    blackout: AtomicBool,
    carried: AtomicU64,
    dropped: AtomicU64,
}

/// A port that stands for one address of a browser.
#[derive(Debug, Clone)]
struct Port {
    socket: Arc<UdpSocket>,
    /// The queue of packets on their way to that address.
    line: UnboundedSender<Packet>,
}

#[derive(Debug)]
struct Packet {
    due: Instant,
    via: Arc<UdpSocket>,
    bytes: Vec<u8>,
}

impl Relay {
    /// Creates a relay and prints its seed, so that a run can be repeated.
    pub fn new(seed: u64, conditions: Conditions) -> Self {
        eprintln!("relay: seed {seed}, {conditions:?}");
        Self(Arc::new(Shared {
            conditions: Mutex::new(conditions),
            random: Mutex::new(StdRng::seed_from_u64(seed)),
            ports: Mutex::default(),
            tasks: Mutex::default(),
            blackout: AtomicBool::new(false),
            carried: AtomicU64::new(0),
            dropped: AtomicU64::new(0),
        }))
    }

    pub fn set(&self, conditions: Conditions) {
        *locked(&self.0.conditions) = conditions;
    }

    /// Starts or ends a blackout, in which nothing passes.
    pub fn blackout(&self, on: bool) {
        self.0.blackout.store(on, Ordering::Relaxed);
    }

    /// Returns the number of packets that were passed on.
    pub fn carried(&self) -> u64 {
        self.0.carried.load(Ordering::Relaxed)
    }

    pub fn dropped(&self) -> u64 {
        self.0.dropped.load(Ordering::Relaxed)
    }

    /// Returns the relay's address that stands for `real`, opening its port if need be.
    pub fn port_for(&self, real: SocketAddr) -> Result<SocketAddr> {
        Ok(self.port(real)?.socket.local_addr()?)
    }

    /// Tells whether `addr` is one of the relay's ports.
    pub fn owns(&self, addr: SocketAddr) -> bool {
        locked(&self.0.ports).values().any(|port| port.socket.local_addr().is_ok_and(|own| own == addr))
    }

    fn port(&self, real: SocketAddr) -> Result<Port> {
        let mut ports = locked(&self.0.ports);
        if let Some(port) = ports.get(&real) {
            return Ok(port.clone());
        }
        let socket = std::net::UdpSocket::bind((real.ip(), 0))
            .with_context(|| format!("no relay port beside {real}"))?;
        socket.set_nonblocking(true)?;
        let socket = Arc::new(UdpSocket::from_std(socket)?);
        let (line, packets) = unbounded_channel();
        let port = Port { socket, line };
        let mut tasks = locked(&self.0.tasks);
        tasks.spawn(deliver(packets, real));
        // The reference is weak, or the relay would keep itself alive.
        tasks.spawn(receive(Arc::downgrade(&self.0), port.clone()));
        ports.insert(real, port.clone());
        Ok(port)
    }

    /// Handles a packet that has arrived at `port` from the browser's address `from`.
    fn pass(&self, port: &Port, from: SocketAddr, bytes: Vec<u8>) {
        let conditions = *locked(&self.0.conditions);
        let (lost, late) = {
            let mut random = locked(&self.0.random);
            (random.random_bool(conditions.loss), random.random_bool(conditions.reorder))
        };
        let Ok(sender) = self.port(from) else { return };
        if lost || self.0.blackout.load(Ordering::Relaxed) {
            self.0.dropped.fetch_add(1, Ordering::Relaxed);
            return;
        }
        self.0.carried.fetch_add(1, Ordering::Relaxed);
        let packet = Packet { due: Instant::now() + conditions.delay, via: sender.socket, bytes };
        if late {
            let line = port.line.clone();
            let held = Packet { due: packet.due + conditions.late, ..packet };
            tokio::spawn(async move {
                sleep_until(held.due).await; // tidy: allow sleep: this is the network's delay
                let _ = line.send(held);
            });
        } else {
            let _ = port.line.send(packet);
        }
    }
}

async fn receive(relay: std::sync::Weak<Shared>, port: Port) {
    let mut buffer = vec![0; 2048];
    // An error here is the ICMP answer to an earlier packet to a closed browser port; the next packet may be
    // a good one.
    loop {
        let received = port.socket.recv_from(&mut buffer).await;
        let Some(shared) = relay.upgrade() else { return };
        if let Ok((length, from)) = received {
            Relay(shared).pass(&port, from, buffer[..length].to_vec());
        }
    }
}

/// Sends packets in order, each when it is due.
async fn deliver(mut packets: UnboundedReceiver<Packet>, to: SocketAddr) {
    while let Some(packet) = packets.recv().await {
        if packet.due > Instant::now() {
            sleep_until(packet.due).await; // tidy: allow sleep: this is the network's delay
        }
        let _ = packet.via.send_to(&packet.bytes, to).await;
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn packets_arrive_late_from_the_port_of_their_sender() {
        let delay = Duration::from_millis(30);
        let relay = Relay::new(7, Conditions { delay, ..Conditions::default() });
        let ana = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let ben = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let for_ana = relay.port_for(ana.local_addr().unwrap()).unwrap();
        let for_ben = relay.port_for(ben.local_addr().unwrap()).unwrap();
        assert!(relay.owns(for_ana) && !relay.owns(ana.local_addr().unwrap()));

        let start = Instant::now();
        ana.send_to(b"one", for_ben).await.unwrap();
        ana.send_to(b"two", for_ben).await.unwrap();
        let mut buffer = [0; 16];
        let (length, from) = ben.recv_from(&mut buffer).await.unwrap();
        assert_eq!((&buffer[..length], from), (&b"one"[..], for_ana));
        assert!(start.elapsed() >= delay);
        ben.recv_from(&mut buffer).await.unwrap();
        ben.send_to(b"back", for_ana).await.unwrap();
        let (length, from) = ana.recv_from(&mut buffer).await.unwrap();
        assert_eq!((&buffer[..length], from), (&b"back"[..], for_ben));
        assert_eq!((relay.carried(), relay.dropped()), (3, 0));
    }

    #[tokio::test]
    async fn a_blackout_swallows_everything_and_ends() {
        let relay = Relay::new(7, Conditions::default());
        let ana = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let ben = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let for_ben = relay.port_for(ben.local_addr().unwrap()).unwrap();
        relay.blackout(true);
        ana.send_to(b"lost", for_ben).await.unwrap();
        while relay.dropped() == 0 {
            tokio::task::yield_now().await;
        }
        relay.blackout(false);
        ana.send_to(b"there", for_ben).await.unwrap();
        let mut buffer = [0; 16];
        let (length, _) = ben.recv_from(&mut buffer).await.unwrap();
        assert_eq!(&buffer[..length], b"there");
    }
}
