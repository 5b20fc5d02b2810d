//! The door of the real process: TLS from files, HTTP/2, connections by address, and bodies that do not come.

use axum::http::{Request, Version};
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName},
};
use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

const SOON: Duration = Duration::from_secs(20);
const HEALTH: &[u8] = b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n";

struct Running {
    child: Child,
    address: String,
    data: tempfile::TempDir,
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have stopped already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts the server with these flags; `scheme` is the one that it must print.
fn start(flags: &[&str], scheme: &str) -> Running {
    let data = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_parley-server"))
        .args(["--port", "0", "--data"])
        .arg(data.path().join("parley"))
        .args(flags)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix(&format!("listening on {scheme}://")).expect(&line).to_owned();
    Running { child, address, data }
}

/// Writes a certificate for `localhost` and its key, and returns the certificate.
fn certificate(folder: &Path) -> CertificateDer<'static> {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    fs::write(folder.join("cert.pem"), made.cert.pem()).unwrap();
    fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    made.cert.der().clone()
}

async fn secure(
    address: &str,
    trusted: &CertificateDer<'static>,
    protocols: &[&[u8]],
) -> TlsStream<TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap()
}

async fn read(stream: &mut (impl AsyncReadExt + Unpin)) -> String {
    let mut bytes = vec![0; 4_096];
    let length = timeout(SOON, stream.read(&mut bytes)).await.unwrap().unwrap_or(0);
    String::from_utf8_lossy(&bytes[..length]).into_owned()
}

#[tokio::test]
async fn https_comes_from_files_and_speaks_both_versions() {
    let folder = tempfile::tempdir().unwrap();
    let trusted = certificate(folder.path());
    let (cert, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    let flags = ["--tls-cert", cert.to_str().unwrap(), "--tls-key", key.to_str().unwrap()];
    let server = start(&flags, "https");

    let mut old = secure(&server.address, &trusted, &[b"http/1.1"]).await;
    old.write_all(HEALTH).await.unwrap();
    assert!(read(&mut old).await.starts_with("HTTP/1.1 200"));

    let new = secure(&server.address, &trusted, &[b"h2", b"http/1.1"]).await;
    assert_eq!(new.get_ref().1.alpn_protocol(), Some(b"h2".as_slice()));
    let (mut sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(new)).await.unwrap();
    tokio::spawn(connection);
    let request = Request::get("https://localhost/health").body(String::new()).unwrap();
    let answer = timeout(SOON, sender.send_request(request)).await.unwrap().unwrap();
    assert_eq!((answer.status().as_u16(), answer.version()), (200, Version::HTTP_2));

    // Browsers try http first for an address that was typed without a scheme.
    let mut plain = TcpStream::connect(&server.address).await.unwrap();
    plain.write_all(b"GET /c/1?a=b HTTP/1.1\r\nhost: calls.example:8443\r\n\r\n").await.unwrap();
    let answer = read(&mut plain).await.to_lowercase();
    assert!(answer.starts_with("http/1.1 308"), "{answer}");
    assert!(answer.contains("location: https://calls.example:8443/c/1?a=b\r\n"), "{answer}");
}

#[test]
fn tls_needs_both_files() {
    let run = |flags: &[&str]| {
        let server = Command::new(env!("CARGO_BIN_EXE_parley-server")).args(flags).output().unwrap();
        assert!(!server.status.success());
        String::from_utf8_lossy(&server.stderr).into_owned()
    };
    assert!(run(&["--tls-cert", "a.pem"]).contains("tls_cert and tls_key need each other"));
    let data = tempfile::tempdir().unwrap();
    let data = data.path().to_str().unwrap();
    let missing =
        run(&["--port", "0", "--data", data, "--tls-cert", "/none/a.pem", "--tls-key", "/none/b.pem"]);
    assert!(missing.contains("cannot read the certificate /none/a.pem"), "{missing}");
}

#[tokio::test]
async fn one_address_cannot_take_all_connections() {
    let server = start(&["--connections-per-address", "3"], "http");
    let mut held = Vec::new();
    for _ in 0..3 {
        let mut stream = TcpStream::connect(&server.address).await.unwrap();
        stream.write_all(HEALTH).await.unwrap();
        assert!(read(&mut stream).await.starts_with("HTTP/1.1 200"));
        held.push(stream);
    }
    let mut one_more = TcpStream::connect(&server.address).await.unwrap();
    _ = one_more.write_all(HEALTH).await;
    assert_eq!(read(&mut one_more).await, "", "it is closed without an answer");
    held.pop();
    // The server learns of the closed connection in its own time.
    let begun = Instant::now();
    loop {
        let mut next = TcpStream::connect(&server.address).await.unwrap();
        _ = next.write_all(HEALTH).await;
        if read(&mut next).await.starts_with("HTTP/1.1 200") {
            return;
        }
        assert!(begun.elapsed() < SOON, "the place is not given back");
    }
}

/// Checks that connections with the beginning of a body are given back, and that others are answered
/// meanwhile.
#[tokio::test]
async fn half_a_body_holds_no_connection_bug() {
    let server = start(&[], "http");
    let mut held = Vec::new();
    for _ in 0..100 {
        let mut stream = TcpStream::connect(&server.address).await.unwrap();
        let half = b"PATCH /api/me HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{\"";
        stream.write_all(half).await.unwrap();
        held.push(stream);
    }
    let mut other = TcpStream::connect(&server.address).await.unwrap();
    other.write_all(HEALTH).await.unwrap();
    assert!(read(&mut other).await.starts_with("HTTP/1.1 200"));
    for stream in &mut held {
        let mut all = String::new();
        timeout(SOON, stream.read_to_string(&mut all)).await.expect("the connection is held").unwrap();
        assert!(all.starts_with("HTTP/1.1 408"), "{all}");
        assert!(all.contains("request_timeout"), "{all}");
    }
}

#[tokio::test]
async fn a_huge_body_is_refused_before_it_is_sent() {
    let server = start(&[], "http");
    let mut stream = TcpStream::connect(&server.address).await.unwrap();
    let head = b"PATCH /api/me HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99000000\r\nexpect: 100-continue\r\n\r\n";
    stream.write_all(head).await.unwrap();
    let mut all = String::new();
    timeout(SOON, stream.read_to_string(&mut all)).await.unwrap().unwrap();
    assert!(all.starts_with("HTTP/1.1 413"), "{all}");
}

/// Checks that two servers cannot write into one folder, and that others on the machine cannot read it.
#[cfg(unix)]
#[test]
fn a_data_folder_has_one_server_and_one_reader() {
    use std::os::unix::fs::PermissionsExt;
    let first = start(&[], "http");
    let data = first.data.path().join("parley");
    for (name, mode) in [("", 0o700), ("parley.db", 0o600), ("parley.db-wal", 0o600), ("parley.lock", 0o600)]
    {
        let found = fs::metadata(data.join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!(found, mode, "{name}: {found:o}");
    }
    let second = Command::new(env!("CARGO_BIN_EXE_parley-server"))
        .args(["--port", "0", "--data", data.to_str().unwrap()])
        .output()
        .unwrap();
    let why = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(!second.status.success() && why.contains("another server uses"), "{why}");
}

/// Checks that a request for another host is refused when the host is known, as that of a page whose name was
/// made to point here (DNS rebinding).
#[tokio::test]
async fn a_foreign_host_is_refused_when_ours_is_known() {
    let server = start(&["--public-origin", "https://calls.example"], "http");
    for (request, status) in [
        ("GET /api/config HTTP/1.1\r\nhost: calls.example\r\n\r\n", "HTTP/1.1 200"),
        ("GET /api/config HTTP/1.1\r\nhost: CALLS.example\r\n\r\n", "HTTP/1.1 200"),
        ("GET /api/config HTTP/1.1\r\nhost: evil.example\r\n\r\n", "HTTP/1.1 421"),
        ("GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n", "HTTP/1.1 421"),
        ("GET /health HTTP/1.1\r\nhost: 10.0.0.7\r\n\r\n", "HTTP/1.1 200"),
        ("GET /ready HTTP/1.1\r\nhost: 10.0.0.7\r\n\r\n", "HTTP/1.1 200"),
        ("GET /health HTTP/1.1\r\n\r\n", "HTTP/1.1 400"),
        (
            "GET /api/config HTTP/1.1\r\nhost: calls.example\r\norigin: https://calls.example\r\norigin: https://evil.example\r\n\r\n",
            "HTTP/1.1 400",
        ),
    ] {
        let mut stream = TcpStream::connect(&server.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let answer = read(&mut stream).await;
        assert!(answer.starts_with(status), "{request}: {answer}");
        let insists = answer.to_lowercase().contains("strict-transport-security: max-age=31536000\r\n");
        assert!(insists, "{answer}");
    }
}
