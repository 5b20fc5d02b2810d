//! The program itself: its first line of output, its commands, and how it stops.

use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use serde_json::Value;
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsConnector;

/// A running server, killed when dropped.
struct Running {
    child: Child,
    address: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have stopped already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn start(data: &Path) -> Running {
    start_with(data, &[], "listening on http://")
}

/// Starts the server and reads its address from the line that it prints, which must begin with `says`.
fn start_with(data: &Path, flags: &[&str], says: &str) -> Running {
    let mut child = Command::new(env!("CARGO_BIN_EXE_parley-server"))
        .args(["--port", "0", "--data"])
        .arg(data)
        .args(flags)
        .env("PARLEY_RING_MS", "1500")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix(says).expect(&line).to_owned();
    Running { child, address }
}

impl Running {
    fn request(&self, method: &str, path: &str, token: &str, body: &str) -> Value {
        let (_, answer) = ask(
            &self.address,
            &format!(
                "{method} {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\
                 content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            ),
        );
        let (_, json) = answer.split_once("\r\n\r\n").unwrap();
        serde_json::from_str(json).unwrap_or_else(|_| panic!("{answer}"))
    }

    /// Signs a guest in. Returns the token and the person's id.
    fn sign_in(&self, name: &str) -> (String, String) {
        let body = format!(r#"{{"display_name":"{name}"}}"#);
        let signed = self.request("POST", "/api/auth/guest", "", &body);
        (text(&signed["token"]), text(&signed["me"]["id"]))
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Sends a request and reads the beginning of the answer. Returns the open connection as well.
fn ask(address: &str, request: &str) -> (TcpStream, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = vec![0; 16 * 1024];
    let length = stream.read(&mut answer).unwrap();
    let text = String::from_utf8_lossy(&answer[..length]).into_owned();
    (stream, text)
}

#[test]
fn the_server_prints_its_address_and_stops_within_two_seconds() {
    let data = tempfile::tempdir().unwrap();
    let mut server = start(data.path());
    let config = server.request("GET", "/api/config", "", "");
    assert_eq!(config["ring_seconds"], 2);
    let token = server.sign_in("Ana").0;
    let upgrade = format!(
        "GET /api/ws HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\nconnection: upgrade\r\n\
         upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    let (mut socket, switched) = ask(&server.address, &upgrade);
    assert!(switched.starts_with("HTTP/1.1 101"), "{switched}");

    let told = Instant::now();
    let pid = server.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    let mut rest = Vec::new();
    socket.read_to_end(&mut rest).unwrap();
    assert_eq!(rest, [0x88, 2, 0x03, 0xf4], "a close frame with 1012");
    assert!(server.child.wait().unwrap().success());
    assert!(told.elapsed() < Duration::from_secs(2), "{:?}", told.elapsed());
    let mut more = String::new();
    server.child.stdout.take().unwrap().read_to_string(&mut more).unwrap();
    assert_eq!(more, "", "one line, no more");
}

#[test]
fn the_migrate_command_updates_the_schema_alone() {
    let data = tempfile::tempdir().unwrap();
    let migrate = || {
        let data = data.path().to_str().unwrap();
        Command::new(env!("CARGO_BIN_EXE_parley-server")).args(["migrate", "--data", data]).output().unwrap()
    };
    for _ in 0..2 {
        let output = migrate();
        assert!(output.status.success());
        assert_eq!(String::from_utf8_lossy(&output.stdout), "the schema is up to date\n");
    }
    assert!(data.path().join("parley.db").exists());
}

/// Checks that an operator gives plans while the server runs, and that mistakes are named.
#[test]
fn plans_are_given_from_the_command_line() {
    let data = tempfile::tempdir().unwrap();
    let server = start(data.path());
    let (ana, id) = server.sign_in("Ana");
    let (ben, _) = server.sign_in("Ben");
    server.sign_in("ben");
    let give = |words: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_parley-server"))
            .args(["--data", data.path().to_str().unwrap()])
            .args(words)
            .output()
            .unwrap();
        let text = if output.status.success() { &output.stdout } else { &output.stderr };
        (output.status.success(), String::from_utf8_lossy(text).into_owned())
    };
    let plan = |token: &str| text(&server.request("GET", "/api/me", token, "")["plan"]);
    assert_eq!(give(&["plan", "set", "ana", "pro"]), (true, format!("Ana ({id}) has the plan pro\n")));
    assert_eq!(plan(&ana), "pro");
    assert!(give(&["plan", "set", &id, "enterprise"]).0);
    assert_eq!(plan(&ana), "enterprise");
    let (done, why) = give(&["plan", "set", "Ben", "pro"]);
    assert!(!done && why.contains("2 people are called Ben; name one by id: "), "{why}");
    assert_eq!(plan(&ben), "free");
    for (words, because) in [
        (["plan", "set", "Eve", "pro"], "nobody here is called Eve"),
        (["plan", "set", "Ana", "gold"], "a plan is free, pro or enterprise"),
        (["plan", "get", "Ana", "pro"], "parley-server plan set PERSON PLAN"),
    ] {
        let (done, why) = give(&words);
        assert!(!done && why.contains(because), "{why}");
    }
}

#[test]
fn the_effective_configuration_is_printed() {
    let output = Command::new(env!("CARGO_BIN_EXE_parley-server"))
        .args(["config", "--database-url", "postgres://ana:tulip@db/parley"])
        .env("PARLEY_RING_SECONDS", "30")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    assert!(text.contains("ring_seconds = 30  # environment"), "{text}");
    assert!(!text.contains("tulip"), "{text}");
}

#[test]
fn help_and_mistakes_are_told_apart() {
    let run = |args: &[&str]| Command::new(env!("CARGO_BIN_EXE_parley-server")).args(args).output().unwrap();
    let help = run(&["--help"]);
    assert!(help.status.success() && String::from_utf8_lossy(&help.stdout).contains("PARLEY_RING_MS"));
    let wrong = run(&["--ring-seconds", "5"]);
    assert!(!wrong.status.success());
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("10 to 120"));
}

/// Checks that metrics at their own address need no token, and are then not served at the server's address.
#[test]
fn metrics_have_an_address_of_their_own() {
    let data = tempfile::tempdir().unwrap();
    // Nothing else is likely to take this port, which was free a moment ago.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let server = start_with(data.path(), &["--metrics-bind", &free], "listening on http://");
    server.sign_in("Ana");
    let get = "GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let mut answer = String::new();
    let mut stream = TcpStream::connect(&free).unwrap();
    stream.write_all(get.as_bytes()).unwrap();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let signed_in = r#"parley_http_requests_total{method="POST",route="/api/auth/guest",status="201"} 1"#;
    assert!(answer.contains(signed_in), "{answer}");
    let (_, here) = ask(&server.address, get);
    assert!(here.starts_with("HTTP/1.1 404"), "{here}");
}

/// Signs in over TLS, as a browser that trusts the server's own certificate.
#[tokio::test]
async fn a_server_in_the_local_network_speaks_tls() {
    let data = tempfile::tempdir().unwrap();
    let server = start_with(data.path(), &["--lan"], "listening on https://");
    let port = server.address.rsplit(':').next().unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(data.path().join("tls/cert.pem")).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let tcp = tokio::net::TcpStream::connect(format!("127.0.0.1:{port}")).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut tls = TlsConnector::from(Arc::new(config)).connect(name, tcp).await.unwrap();
    let request = format!(
        "POST /api/auth/guest HTTP/1.1\r\nhost: localhost:{port}\r\norigin: https://localhost:{port}\r\n\
         content-type: application/json\r\nconnection: close\r\ncontent-length: 23\r\n\r\n{{\"display_name\": \"Ana\"}}"
    );
    tls.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    // The server closes the connection without TLS's `close_notify`, which is reported as an error.
    _ = tls.read_to_string(&mut answer).await;
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    assert!(answer.contains("; Secure"), "{answer}");
}

/// Checks that a call whose start was answered survives SIGKILL, and so does its deadline.
#[test]
fn a_killed_server_forgets_no_call() {
    let data = tempfile::tempdir().unwrap();
    let mut server = start(data.path());
    let ((ana, _), (ben, ben_id)) = (server.sign_in("Ana"), server.sign_in("Ben"));
    let wish = format!(r#"{{"user_id":"{ben_id}"}}"#);
    let conversation = text(&server.request("POST", "/api/conversations", &ana, &wish)["id"]);
    server.request("POST", &format!("/api/conversations/{conversation}/accept"), &ben, "");
    let device = uuid::Uuid::now_v7();
    let start_call =
        format!(r#"{{"conversation_id":"{conversation}","call_type":"audio","device_id":"{device}"}}"#);
    let call = text(&server.request("POST", "/api/calls/start", &ana, &start_call)["call"]["id"]);
    server.child.kill().unwrap();
    server.child.wait().unwrap();

    let server = start(data.path());
    let path = format!("/api/calls/{call}");
    let status = loop {
        let call = &server.request("GET", &path, &ben, "")["call"];
        let status = text(&call["status"]);
        if status != "initiated" {
            break status;
        }
    };
    assert_eq!(status, "missed", "its deadline was kept as well");
}

/// Checks the panic strategies: a request that panics must not end every call, while the page may abort.
#[test]
fn the_release_build_survives_a_panic_bug() {
    let manifest = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml")).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    let panic = |profile: &str| manifest["profile"].get(profile)?.get("panic")?.as_str();
    assert_eq!(panic("release"), None);
    assert_eq!(panic("web"), Some("abort"));
}
