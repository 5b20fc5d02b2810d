//! The Content-Security-Policy of the HTML pages that the server serves.

use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Builds the policy of a page. It allows the page's own inline scripts and styles by their digest, and
/// nothing from another origin.
pub fn page_policy(html: &str) -> String {
    let scripts = digests(inline(html, "script"));
    let styles = digests(inline(html, "style"));
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self'{styles}; \
         connect-src 'self'; img-src 'self' data: blob:; media-src 'self' blob: mediastream:; font-src 'self'; \
         manifest-src 'self'; worker-src 'self' blob:; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'"
    )
}

/// Writes the digests of these contents as sources of a policy.
fn digests(contents: Vec<&str>) -> String {
    contents.into_iter().fold(String::new(), |mut out, content| {
        let _ = write!(out, " 'sha256-{}'", STANDARD.encode(Sha256::digest(content)));
        out
    })
}

/// Lists the contents of the page's inline elements of this kind.
fn inline<'a>(html: &'a str, element: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{element}"), format!("</{element}>"));
    let elements = html.split(&open).skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (content, _) = rest.split_once(&close)?;
        (!attributes.contains("src=") && !content.is_empty()).then_some(content)
    });
    elements.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_are_allowed_by_their_digest_alone() {
        let html = "<script type=\"module\">go()</script><script src=\"/a.js\"></script><script></script>";
        assert_eq!(inline(html, "script"), ["go()"]);
        let policy = page_policy(html);
        assert!(policy.contains(&format!("'sha256-{}'", STANDARD.encode(Sha256::digest("go()")))));
        assert_eq!(policy.matches("sha256-").count(), 1);
        assert!(!policy.contains("'unsafe-eval'"));
    }
}
