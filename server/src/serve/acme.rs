//! Certificates from an ACME authority such as Let's Encrypt (RFC 8555), by the challenge TLS-ALPN-01 (RFC
//! 8737): the authority connects to the server's own port and finds the answer in the handshake.
//!
//! Account and certificate are kept in the data folder. The certificate is renewed when two thirds of its
//! life have passed.

use super::tls::Tls;
use crate::config::Config;
use anyhow::{Context, ensure};
use futures_util::StreamExt;
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};
use rustls_acme::{AcmeConfig, EventOk, caches::DirCache};
use std::{path::Path, sync::Arc};

/// Begins to obtain and renew the certificate of a domain. Until there is one, handshakes fail.
pub fn begin(config: &Config, domain: &str) -> anyhow::Result<Tls> {
    let provider = Arc::new(ring::default_provider());
    let trusted = trusted(config.acme_ca.as_deref())?;
    let client = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()?
        .with_root_certificates(trusted)
        .with_no_client_auth();
    let contact = config.acme_email.iter().map(|address| format!("mailto:{address}"));
    let mut certificates = AcmeConfig::new_with_client_config([domain], Arc::new(client))
        .directory(&config.acme_directory)
        .contact(contact)
        .cache(DirCache::new(config.data.join("acme")))
        .state();
    let challenges = certificates.challenge_rustls_config_with_provider(provider);
    let tls = Tls::new(certificates.resolver())?.with_challenges(challenges);
    tokio::spawn(async move {
        while let Some(event) = certificates.next().await {
            match event {
                Ok(EventOk::DeployedCachedCert) => tracing::info!("the kept certificate is used"),
                Ok(EventOk::DeployedNewCert) => tracing::info!("there is a new certificate"),
                Ok(EventOk::CertCacheStore | EventOk::AccountCacheStore) => {}
                // It tries again by itself, less and less often.
                Err(error) => tracing::warn!(%error, "no certificate could be obtained; trying again"),
            }
        }
    });
    Ok(tls)
}

/// Returns the roots that the directory's own certificate may come from: those of the web, or one of our own.
fn trusted(own: Option<&Path>) -> anyhow::Result<RootCertStore> {
    let Some(file) = own else {
        return Ok(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() });
    };
    let mut roots = RootCertStore::empty();
    let certificates = CertificateDer::pem_file_iter(file)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .with_context(|| format!("cannot read {}", file.display()))?;
    ensure!(!certificates.is_empty(), "there is no certificate in {}", file.display());
    for certificate in certificates {
        roots.add(certificate).with_context(|| format!("cannot use {}", file.display()))?;
    }
    Ok(roots)
}
