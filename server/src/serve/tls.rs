//! TLS: the handshake, and certificates that are read again when their files change.

use anyhow::{Context, ensure};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::{Acceptor, ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use rustls_acme::is_tls_alpn_challenge;
use std::{
    fmt, fs, io,
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, SystemTime},
};
use tokio::{io::AsyncWriteExt, net::TcpStream, time::timeout};
use tokio_rustls::{LazyConfigAcceptor, server::TlsStream};

/// The longest time of a handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// The time between two looks at the files of a certificate.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// The application protocols. The server speaks HTTP/2 and HTTP/1.1 by whatever comes first on the
/// connection; the others are named so that TURN clients which insist on an answer get one.
const PROTOCOLS: [&[u8]; 4] = [b"h2", b"http/1.1", b"stun.turn", b"stun.nat-discovery"];

/// The server's side of TLS, for any number of connections.
#[derive(Clone)]
pub struct Tls {
    config: Arc<ServerConfig>,
    /// Answers an authority that checks whether this server has the domain.
    challenges: Option<Arc<ServerConfig>>,
}

impl Tls {
    /// Uses the certificate that the resolver gives for each handshake.
    pub fn new(certificates: Arc<dyn ResolvesServerCert>) -> anyhow::Result<Self> {
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(certificates);
        config.alpn_protocols = PROTOCOLS.map(<[u8]>::to_vec).to_vec();
        Ok(Self { config: Arc::new(config), challenges: None })
    }

    /// Answers challenges of an authority with this configuration.
    pub fn with_challenges(self, challenges: Arc<ServerConfig>) -> Self {
        Self { challenges: Some(challenges), ..self }
    }

    /// Returns the encrypted stream, if the client shakes hands in time.
    pub async fn shake_hands(&self, stream: TcpStream) -> Option<TlsStream<TcpStream>> {
        timeout(HANDSHAKE, self.accept(stream)).await.ok()?.ok()?
    }

    async fn accept(&self, stream: TcpStream) -> io::Result<Option<TlsStream<TcpStream>>> {
        let hello = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
        match &self.challenges {
            Some(challenges) if is_tls_alpn_challenge(&hello.client_hello()) => {
                // The handshake is the whole answer.
                hello.into_stream(challenges.clone()).await?.shutdown().await?;
                Ok(None)
            }
            _ => hello.into_stream(self.config.clone()).await.map(Some),
        }
    }
}

/// A certificate chain and its key, in two PEM files.
pub struct CertificateFiles {
    chain: PathBuf,
    key: PathBuf,
    current: RwLock<Loaded>,
}

struct Loaded {
    key: Arc<CertifiedKey>,
    /// The times at which the two files were changed.
    changed: [Option<SystemTime>; 2],
}

impl CertificateFiles {
    /// Reads the files.
    pub fn open(chain: PathBuf, key: PathBuf) -> anyhow::Result<Arc<Self>> {
        let current = RwLock::new(read(&chain, &key)?);
        Ok(Arc::new(Self { chain, key, current }))
    }

    /// Reads the files again whenever they change. While they cannot be used, for example because only one of
    /// them has been replaced so far, the certificate stays as it is.
    pub async fn watch(self: Arc<Self>) {
        let mut failed = None;
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            match self.look() {
                Ok(true) => tracing::info!(file = %self.chain.display(), "the certificate was renewed"),
                Ok(false) => failed = None,
                Err(error) => {
                    let error = format!("{error:#}");
                    if failed.as_ref() != Some(&error) {
                        tracing::warn!(error, "the new certificate cannot be used; the old one stays");
                        failed = Some(error);
                    }
                }
            }
        }
    }

    /// Reads the files again if they have changed. Returns whether there is a new certificate.
    pub fn look(&self) -> anyhow::Result<bool> {
        let changed = [&self.chain, &self.key].map(modified);
        if self.current.read().unwrap_or_else(PoisonError::into_inner).changed == changed {
            return Ok(false);
        }
        let loaded = read(&self.chain, &self.key)?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = loaded;
        Ok(true)
    }
}

fn modified(file: &PathBuf) -> Option<SystemTime> {
    fs::metadata(file).and_then(|file| file.modified()).ok()
}

fn read(chain: &PathBuf, key: &PathBuf) -> anyhow::Result<Loaded> {
    // Before the files: a change while they are read must be seen by the next look.
    let changed = [chain, key].map(modified);
    let certificates = CertificateDer::pem_file_iter(chain)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .with_context(|| format!("cannot read the certificate {}", chain.display()))?;
    ensure!(!certificates.is_empty(), "there is no certificate in {}", chain.display());
    let private = PrivateKeyDer::from_pem_file(key)
        .with_context(|| format!("cannot read the private key {}", key.display()))?;
    let private = ring::sign::any_supported_type(&private)
        .with_context(|| format!("cannot use the private key {}", key.display()))?;
    let certified = CertifiedKey::new(certificates, private);
    certified
        .keys_match()
        .with_context(|| format!("{} is not the key of {}", key.display(), chain.display()))?;
    Ok(Loaded { key: Arc::new(certified), changed })
}

impl ResolvesServerCert for CertificateFiles {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current.read().unwrap_or_else(PoisonError::into_inner).key.clone())
    }
}

impl fmt::Debug for CertificateFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.chain.display())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// Writes a new pair of files.
    fn make(folder: &Path) -> Vec<u8> {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        fs::write(folder.join("cert.pem"), made.cert.pem()).unwrap();
        fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
        made.cert.der().to_vec()
    }

    /// Lets the files look changed also where the clock of the disk is coarse.
    fn touch(folder: &Path, seconds: u64) {
        for name in ["cert.pem", "key.pem"] {
            let file = fs::File::options().append(true).open(folder.join(name)).unwrap();
            file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)).unwrap();
        }
    }

    #[test]
    fn a_renewed_certificate_is_used_and_a_broken_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let first = make(path);
        let files = CertificateFiles::open(path.join("cert.pem"), path.join("key.pem")).unwrap();
        let used = || files.current.read().unwrap().key.cert[0].to_vec();
        assert_eq!((used(), files.look().unwrap()), (first.clone(), false));

        let key = fs::read(path.join("key.pem")).unwrap();
        let second = make(path);
        let new_key = fs::read(path.join("key.pem")).unwrap();
        fs::write(path.join("key.pem"), key).unwrap();
        touch(path, 1);
        assert!(files.look().is_err(), "the certificate is new and its key is old");
        assert_eq!(used(), first);

        fs::write(path.join("key.pem"), new_key).unwrap();
        touch(path, 2);
        assert!(files.look().unwrap());
        assert_eq!(used(), second);

        fs::write(path.join("cert.pem"), "nonsense").unwrap();
        touch(path, 3);
        assert!(files.look().is_err());
        assert_eq!(used(), second);
    }

    #[test]
    fn files_that_cannot_be_used_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let open = || {
            let files = CertificateFiles::open(path.join("cert.pem"), path.join("key.pem"));
            format!("{:#}", files.map(drop).unwrap_err())
        };
        assert!(open().contains("cannot read the certificate"), "{}", open());
        make(path);
        fs::write(path.join("key.pem"), "nonsense").unwrap();
        assert!(open().contains("cannot read the private key"), "{}", open());
        fs::write(path.join("cert.pem"), "").unwrap();
        assert!(open().contains("there is no certificate in"), "{}", open());
    }
}
