//! The self-signed certificate of `--lan`: browsers give camera and microphone to secure origins only.
//!
//! It is kept in the data folder, so that a browser asks about it once. It is made again when the machine has
//! an address that it does not name, and after half of its lifetime.

use super::tls::CertificateFiles;
use anyhow::Context;
use rcgen::{CertificateParams, DnType, KeyPair};
use std::{fs, net::IpAddr, path::Path, sync::Arc, time::Duration, time::SystemTime};

/// The lifetime of the certificate. Some browsers refuse those that are valid for more than 825 days.
const LIFE: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Returns the files of the certificate for these addresses, which are made if needed.
pub fn files(data: &Path, addresses: &[IpAddr]) -> anyhow::Result<Arc<CertificateFiles>> {
    let folder = data.join("tls");
    let names = names(addresses);
    if !is_current(&folder, &names) {
        make(&folder, &names).context("cannot make a certificate")?;
    }
    CertificateFiles::open(folder.join("cert.pem"), folder.join("key.pem"))
}

fn names(addresses: &[IpAddr]) -> Vec<String> {
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    names.extend(addresses.iter().map(ToString::to_string));
    names
}

/// Tells whether the kept certificate names all of these addresses and is young enough.
fn is_current(folder: &Path, wanted: &[String]) -> bool {
    let young = fs::metadata(folder.join("cert.pem"))
        .and_then(|meta| meta.modified())
        .is_ok_and(|made| SystemTime::now().duration_since(made).is_ok_and(|age| age < LIFE / 2));
    let named = fs::read_to_string(folder.join("names")).unwrap_or_default();
    young && wanted.iter().all(|name| named.lines().any(|line| line == name))
}

fn make(folder: &Path, names: &[String]) -> anyhow::Result<()> {
    fs::create_dir_all(folder)?;
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, "Parley on this machine");
    let now = SystemTime::now();
    params.not_before = now.into();
    params.not_after = (now + LIFE).into();
    let certificate = params.self_signed(&key)?;
    write_private(&folder.join("key.pem"), &key.serialize_pem())?;
    fs::write(folder.join("cert.pem"), certificate.pem())?;
    fs::write(folder.join("names"), names.join("\n"))?;
    Ok(())
}

/// Writes a file that only its owner can read.
#[cfg(unix)]
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    // A file that exists would keep its old permissions.
    _ = fs::remove_file(path);
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}

#[cfg(not(unix))]
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    fs::write(path, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_certificate_is_kept_until_the_machine_moves() {
        let data = tempfile::tempdir().unwrap();
        let cert = || fs::read(data.path().join("tls/cert.pem")).unwrap();
        let home: IpAddr = "192.168.0.7".parse().unwrap();
        files(data.path(), &[home]).unwrap();
        let first = cert();
        files(data.path(), &[home]).unwrap();
        assert_eq!(first, cert());
        files(data.path(), &[home, "10.0.0.7".parse().unwrap()]).unwrap();
        assert_ne!(first, cert());
    }
}
