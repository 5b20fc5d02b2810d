//! The program itself, restarted on the same port.

use crate::support::{Database, redis};
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::Mutex,
};
use tempfile::TempDir;

pub struct Server {
    pub port: u16,
    data: TempDir,
    settings: Vec<(String, String)>,
    child: Mutex<Option<Child>>,
}

impl Server {
    pub fn start(database: &Database) -> Self {
        let mut config = parley_server::config::Config::default();
        database.settle(&mut config);
        let mut settings = vec![
            ("DATABASE_URL".to_owned(), database.url()),
            ("RING_MS".to_owned(), "1500".to_owned()),
            ("CONNECT_MS".to_owned(), "3000".to_owned()),
            ("RECONNECT_MS".to_owned(), "3000".to_owned()),
            ("CALLER_GONE_MS".to_owned(), "1500".to_owned()),
            ("SWEEP_MS".to_owned(), "500".to_owned()),
            ("LEASE_MS".to_owned(), "500".to_owned()),
            ("LOG".to_owned(), "error".to_owned()),
        ];
        for limit in ["CALL_STARTS", "SIGN_INS", "USER_SOCKETS", "ADDRESS_SOCKETS", "INVITATIONS", "CHANGES"]
        {
            settings.push((format!("LIMIT_{limit}"), "100000/1".to_owned()));
        }
        if let Some(url) = config.redis_url {
            settings.push(("REDIS_URL".to_owned(), url));
            settings.push(("REDIS_PREFIX".to_owned(), config.redis_prefix));
        }
        let server = Self {
            port: redis::free_port(),
            data: tempfile::tempdir().unwrap(),
            settings,
            child: Mutex::new(None),
        };
        server.kill_and_start();
        server
    }

    pub fn pid(&self) -> u32 {
        self.child.lock().unwrap().as_ref().map(Child::id).unwrap()
    }

    /// Kills the program with SIGKILL, so that it cannot clean up, and starts it again.
    pub fn kill_and_start(&self) {
        let mut place = self.child.lock().unwrap();
        if let Some(mut child) = place.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_parley-server"));
        command.args(["--port", &self.port.to_string(), "--data"]).arg(self.data.path());
        for (name, value) in &self.settings {
            command.env(format!("PARLEY_{name}"), value);
        }
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("listening on"), "it did not start: {line}");
        *place = Some(child);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.lock().unwrap().take() {
            // It may have stopped already.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
