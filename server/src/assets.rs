//! The built page, served from inside the binary, or from a folder during development.

mod policy;

pub use policy::page_policy;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rust_embed::Embed;
use sha2::{Digest, Sha256};
use std::{borrow::Cow, fs, path::PathBuf};

/// The page inside the binary.
#[derive(Embed)]
#[folder = "../dist"]
struct Built;

/// A file and its digest, from which its `ETag` is made.
struct File {
    content: Cow<'static, [u8]>,
    digest: [u8; 32],
}

impl File {
    fn body(self) -> Body {
        match self.content {
            Cow::Borrowed(content) => Body::from(content),
            Cow::Owned(content) => Body::from(content),
        }
    }
}

/// The source of the files.
pub enum Assets {
    Built,
    Folder(PathBuf),
}

const INDEX: &str = "index.html";
/// The encodings that files are also built in, best first, with the suffix of each.
const ENCODINGS: [(&str, &str); 2] = [("br", "br"), ("gzip", "gz")];

impl Assets {
    pub fn new(folder: Option<PathBuf>) -> Self {
        folder.map_or(Self::Built, Self::Folder)
    }

    /// Answers with a file, or with the page itself for every path that may be one of its views: one without
    /// a dot in its last segment.
    pub fn answer(&self, path: &str, request: &HeaderMap) -> Response {
        let name = path.trim_start_matches('/');
        let last = name.rsplit('/').next().unwrap_or_default();
        if is_safe(name)
            && name != INDEX
            && last.contains('.')
            && let Some(content) = self.read(name)
        {
            return self.file(name, content, request);
        }
        if last.contains('.') && name != INDEX {
            return (StatusCode::NOT_FOUND, "no such file\n").into_response();
        }
        match self.read(INDEX) {
            Some(content) => self.file(INDEX, content, request),
            None => {
                (StatusCode::NOT_FOUND, "the page has not been built; run `cargo xtask up`\n").into_response()
            }
        }
    }

    fn read(&self, name: &str) -> Option<File> {
        match self {
            Self::Built => {
                Built::get(name).map(|file| File { digest: file.metadata.sha256_hash(), content: file.data })
            }
            Self::Folder(folder) => {
                let content = fs::read(folder.join(name)).ok()?;
                Some(File { digest: Sha256::digest(&content).into(), content: Cow::Owned(content) })
            }
        }
    }

    fn file(&self, name: &str, file: File, request: &HeaderMap) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind(name)));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if name == INDEX
            && let Ok(policy) = HeaderValue::from_str(&page_policy(&String::from_utf8_lossy(&file.content)))
        {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        let cache = if is_hashed(name) { "public, max-age=31536000, immutable" } else { "no-cache" };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        // Weak, because the tag is the same for every encoding of the file.
        let tag = format!("W/\"{}\"", URL_SAFE_NO_PAD.encode(&file.digest[..12]));
        let known = request.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
        let unchanged = known.is_some_and(|tags| tags.split(',').any(|known| known.trim() == tag));
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            headers.insert(header::ETAG, tag);
        }
        if unchanged {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        for (encoding, suffix) in ENCODINGS {
            if accepts(request, encoding)
                && let Some(packed) = self.read(&format!("{name}.{suffix}"))
            {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
                return (headers, packed.body()).into_response();
            }
        }
        (headers, file.body()).into_response()
    }
}

/// Tells whether the name stays inside the folder.
fn is_safe(name: &str) -> bool {
    !name.contains(['\\', '\0', ':'])
        && name.split('/').all(|part| !part.is_empty() && !part.starts_with('.'))
}

/// Tells whether the name contains a digest of the content, so that the file can be cached for ever.
fn is_hashed(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or_default();
    let is_digest = |part: &str| part.len() >= 15 && part.bytes().all(|b| b.is_ascii_hexdigit());
    last.split(['-', '_', '.']).any(is_digest)
        || name.split('/').any(|part| part.rsplit('-').next().is_some_and(is_digest))
}

/// Tells whether the client accepts an encoding.
fn accepts(request: &HeaderMap, encoding: &str) -> bool {
    let values = request.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|part| {
        let (name, quality) = part.split_once(';').unwrap_or((part, ""));
        name.trim().eq_ignore_ascii_case(encoding)
            && !matches!(quality.trim().trim_start_matches("q="), "0" | "0.0" | "0.00" | "0.000")
    })
}

/// Returns the content type of a file by its suffix.
fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "mp3" => "audio/mpeg",
        "ogg" => "audio/ogg",
        "wav" => "audio/wav",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_a_digest_never_change() {
        assert!(is_hashed("parley-1a2b3c4d5e6f7a8b_bg.wasm"));
        assert!(is_hashed("parley-1a2b3c4d5e6f7a8b.js"));
        assert!(is_hashed("snippets/parley-1a2b3c4d5e6f7a8b/inline0.js"));
        assert!(!is_hashed("index.html"));
        assert!(!is_hashed("favicon.svg"));
        assert!(!is_hashed("style.css"));
    }

    #[test]
    fn names_lead_nowhere_else() {
        assert!(is_safe("a/b.js"));
        for name in ["../x", "a/../b.js", "a//b", "/etc/passwd", "", ".git/config", "c:\\x", "a\\..\\b"] {
            assert!(!is_safe(name), "{name}");
        }
    }

    #[test]
    fn an_encoding_with_quality_zero_is_not_accepted() {
        let headers = |value: &'static str| {
            HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))])
        };
        assert!(accepts(&headers("gzip, br"), "br"));
        assert!(accepts(&headers("gzip;q=0.5"), "gzip"));
        assert!(!accepts(&headers("gzip;q=0, br"), "gzip"));
        assert!(!accepts(&headers("identity"), "br"));
    }
}
