//! A certificate from an ACME authority: Pebble, with a DNS server that says that every name is this machine.

use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName},
};
use std::{
    fs,
    io::{BufRead, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;

const DOMAIN: &str = "calls.parley.test";
/// The longest time until the certificate is there.
const PATIENCE: Duration = Duration::from_secs(60);

struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        // It may have stopped already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn run(command: &mut Command) -> Program {
    Program(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap())
}

/// Returns ports that were free a moment ago, so that nothing else is likely to take them.
fn free<const N: usize>() -> [u16; N] {
    let open = [(); N].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    open.map(|listener| listener.local_addr().unwrap().port())
}

/// Starts the DNS server and the authority, and returns them with the URL of the directory and the file of
/// the root of its own certificate.
fn authority(bin: &Path, folder: &Path, server_port: u16) -> (Vec<Program>, String, PathBuf) {
    let [dns, directory, management, challenges] = free();
    let dns_server = run(Command::new(bin.join("pebble-challtestsrv")).args([
        "-defaultIPv4",
        "127.0.0.1",
        "-defaultIPv6",
        "",
        "-dnsserver",
        &format!("127.0.0.1:{dns}"),
        "-management",
        &format!("127.0.0.1:{challenges}"),
        "-http01",
        "",
        "-https01",
        "",
        "-tlsalpn01",
        "",
        "-doh",
        "",
    ]));
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let (cert, key) = (folder.join("authority.pem"), folder.join("authority-key.pem"));
    fs::write(&cert, made.cert.pem()).unwrap();
    fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let config = serde_json::json!({ "pebble": {
        "listenAddress": format!("127.0.0.1:{directory}"),
        "managementListenAddress": format!("127.0.0.1:{management}"),
        "certificate": cert, "privateKey": key,
        "httpPort": 1, "tlsPort": server_port,
        "ocspResponderURL": "", "externalAccountBindingRequired": false,
    }});
    let file = folder.join("pebble.json");
    fs::write(&file, config.to_string()).unwrap();
    let mut pebble = Command::new(bin.join("pebble"));
    pebble.arg("-config").arg(&file).args(["-dnsserver", &format!("127.0.0.1:{dns}")]);
    // Without pauses and refusals that the authority makes up to test clients.
    pebble.env("PEBBLE_VA_NOSLEEP", "1").env("PEBBLE_WFE_NONCEREJECT", "0");
    let pebble = run(&mut pebble);
    (vec![dns_server, pebble], format!("https://127.0.0.1:{directory}/dir"), cert)
}

/// Returns the chain that the server presents, once the handshake succeeds. The test does not know the root
/// that Pebble makes at its start, so it looks at the name alone.
async fn chain(port: u16) -> Vec<CertificateDer<'static>> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    config.dangerous().set_certificate_verifier(Arc::new(Anything(provider)));
    let connector = TlsConnector::from(Arc::new(config));
    let begun = Instant::now();
    loop {
        if let Ok(stream) = TcpStream::connect(("127.0.0.1", port)).await
            && let Ok(mut tls) = connector.connect(ServerName::try_from(DOMAIN).unwrap(), stream).await
        {
            let request = format!("GET /health HTTP/1.1\r\nhost: {DOMAIN}\r\nconnection: close\r\n\r\n");
            tls.write_all(request.as_bytes()).await.unwrap();
            let mut answer = String::new();
            // The server closes the connection without TLS's `close_notify`, which is reported as an error.
            _ = tls.read_to_string(&mut answer).await;
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
            return tls
                .get_ref()
                .1
                .peer_certificates()
                .unwrap()
                .iter()
                .map(|one| one.clone().into_owned())
                .collect();
        }
        assert!(begun.elapsed() < PATIENCE, "there is no certificate");
        tokio::time::timeout(Duration::from_millis(100), std::future::pending::<()>()).await.ok();
    }
}

/// Accepts every certificate.
#[derive(Debug)]
struct Anything(Arc<rustls::crypto::CryptoProvider>);

impl rustls::client::danger::ServerCertVerifier for Anything {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: rustls::pki_types::UnixTime,
    ) -> Result<rustls::client::danger::ServerCertVerified, rustls::Error> {
        Ok(rustls::client::danger::ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(
            message,
            cert,
            signature,
            &self.0.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(
            message,
            cert,
            signature,
            &self.0.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// Starts the server with a domain and nothing else that a deployment would need.
fn serve(folder: &Path, directory: &str, root: &Path, [port, redirect]: [u16; 2]) -> Program {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parley-server"));
    command.args(["--domain", DOMAIN, "--bind", "127.0.0.1", "--port", &port.to_string()]);
    command.args(["--redirect-port", &redirect.to_string(), "--acme-directory", directory]);
    command.arg("--acme-ca").arg(root).arg("--data").arg(folder.join("data"));
    let mut server = run(&mut command);
    let mut line = String::new();
    BufReader::new(server.0.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line.trim(), format!("listening on https://127.0.0.1:{port}"));
    server
}

#[tokio::test]
async fn a_domain_alone_is_a_complete_deployment() {
    let Ok(bin) = std::env::var("PARLEY_TEST_PEBBLE_BIN") else {
        return println!("skipped: there is no Pebble");
    };
    let folder = tempfile::tempdir().unwrap();
    let ports = free();
    let (authority, directory, root) = authority(Path::new(&bin), folder.path(), ports[0]);
    let server = serve(folder.path(), &directory, &root, ports);
    let first = chain(ports[0]).await;
    assert!(first.len() > 1, "the chain has the certificate of the authority");

    let mut plain = TcpStream::connect(("127.0.0.1", ports[1])).await.unwrap();
    plain.write_all(format!("GET /c/1 HTTP/1.1\r\nhost: {DOMAIN}\r\n\r\n").as_bytes()).await.unwrap();
    let mut answer = String::new();
    plain.read_to_string(&mut answer).await.unwrap();
    assert!(answer.to_lowercase().contains(&format!("location: https://{DOMAIN}/c/1\r\n")), "{answer}");

    // The certificate is kept: a server that starts again does not need the authority.
    drop((server, authority));
    let _server = serve(folder.path(), &directory, &root, ports);
    assert_eq!(chain(ports[0]).await, first);
}
