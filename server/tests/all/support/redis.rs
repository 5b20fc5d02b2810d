//! A Redis server for this process: on a free port, without persistence, stopped when the process ends.

use super::programs;
use std::{
    env,
    io::{BufRead, BufReader},
    net::TcpListener,
    process::{Child, Command, Stdio},
    sync::{
        Mutex, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

/// A running Redis.
pub struct Redis {
    pub port: u16,
    /// The shell that keeps the server; the process holds its input open.
    _keeper: Mutex<Child>,
}

/// Returns the URL of the Redis that all tests of this run share, each under its own prefix.
pub fn shared() -> String {
    format!("redis://127.0.0.1:{}", shared_port())
}

pub fn shared_port() -> u16 {
    static SERVER: OnceLock<Redis> = OnceLock::new();
    SERVER.get_or_init(Redis::start).port
}

pub fn fresh_prefix() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("test_{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

impl Redis {
    pub fn start() -> Self {
        Self::start_on(free_port())
    }

    pub fn start_on(port: u16) -> Self {
        let program = env::var_os("PARLEY_TEST_REDIS").unwrap_or_else(|| "redis-server".into());
        let mut server = Command::new(program);
        server.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]);
        let mut keeper = programs::kept(&server, "TERM", "true").stdout(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(keeper.stdout.take().unwrap()).lines();
        let ready =
            log.by_ref().map_while(Result::ok).find(|line| line.contains("eady to accept connections"));
        ready.expect("Redis did not start");
        // The log is read on, or the server would block on a full pipe.
        std::thread::spawn(move || log.for_each(drop));
        Self { port, _keeper: Mutex::new(keeper) }
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }
}

/// Finds a free port outside the range from which the system assigns ports, so that a program that is started
/// again finds it free.
pub fn free_port() -> u16 {
    loop {
        let port = rand::random_range(20_000..30_000);
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
