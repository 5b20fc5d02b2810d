//! Tokens, their digests, and sealed texts.
//!
//! A token is 256 random bits and known to its holder alone; the database keeps a digest of it. A text that
//! has to be told to the holder again is sealed with the secret that the holder sends.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    error::Unspecified,
};
use sha2::{Digest, Sha256};

pub fn new_token() -> String {
    let bits: [u8; 32] = rand::random();
    URL_SAFE_NO_PAD.encode(bits)
}

pub fn digest(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(text))
}

/// Returns the digest of several parts, separated by a zero byte. No part but the last may contain one:
/// otherwise two lists of parts could have the same digest.
pub fn digest_of(parts: &[&[u8]]) -> String {
    let mut digest = Sha256::new();
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            digest.update([0]);
        }
        digest.update(part);
    }
    URL_SAFE_NO_PAD.encode(digest.finalize())
}

/// Encrypts a text so that only `secret` opens it.
pub fn seal(secret: &str, text: &str) -> Result<String, Unspecified> {
    let nonce: [u8; NONCE_LEN] = rand::random();
    let mut sealed = text.as_bytes().to_vec();
    sealing_key(secret)?.seal_in_place_append_tag(
        Nonce::assume_unique_for_key(nonce),
        Aad::empty(),
        &mut sealed,
    )?;
    Ok(URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat()))
}

/// Opens a sealed text. Fails with another secret, and when the text was changed.
pub fn open(secret: &str, sealed: &str) -> Result<String, Unspecified> {
    let bytes = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| Unspecified)?;
    let (nonce, sealed) = bytes.split_first_chunk::<NONCE_LEN>().ok_or(Unspecified)?;
    let (nonce, mut sealed) = (Nonce::assume_unique_for_key(*nonce), sealed.to_vec());
    let text = sealing_key(secret)?.open_in_place(nonce, Aad::empty(), &mut sealed)?;
    str::from_utf8(text).map(str::to_owned).map_err(|_| Unspecified)
}

/// Derives the key. It must not be the plain digest of the secret, which the database keeps beside the sealed
/// text.
fn sealing_key(secret: &str) -> Result<LessSafeKey, Unspecified> {
    let key = Sha256::new().chain_update("parley: seal\0").chain_update(secret).finalize();
    UnboundKey::new(&CHACHA20_POLY1305, &key).map(LessSafeKey::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_text_opens_with_its_secret_alone() {
        let sealed = seal("k", "a token").unwrap();
        assert_eq!(open("k", &sealed).unwrap(), "a token");
        assert!(open("l", &sealed).is_err());
        assert_ne!(seal("k", "a token").unwrap(), sealed, "nobody sees that it is the same");
        let changed = if sealed.starts_with('A') { "B" } else { "A" };
        assert!(open("k", &format!("{changed}{}", &sealed[1..])).is_err());
        for cut in ["", "A", "not base64!", &sealed[..NONCE_LEN]] {
            assert!(open("k", cut).is_err(), "{cut}");
        }
    }
}
