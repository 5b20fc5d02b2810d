//! References to the outside: addresses of third parties in the page, and hosts of package registries in any
//! file.

use super::repo::{File, Problem, Repo};

/// XML namespaces, which look like addresses but are never loaded.
const NAMESPACES: [&str; 3] =
    ["http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink", "http://www.w3.org/1999/xhtml"];

/// The comment that excuses an address; a reason must follow.
const MAY_NAME: &str = "tidy: allow address: ";

/// Reports addresses of third parties in the page, which must load nothing from them. An address that is only
/// shown is excused by a comment with a reason.
pub fn addresses(repo: &Repo) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in repo.files.iter().filter(|file| is_page(file)) {
        for (at, (line, code)) in file.text.lines().zip(file.shipped.lines()).enumerate() {
            // In Rust, an address in a comment is only a reference; one in a string is code.
            let in_code = !file.is("rs") || !is_comment_at_address(line, code);
            let excused = line.split_once(MAY_NAME).is_some_and(|(_, reason)| !reason.trim().is_empty());
            if in_code && !excused && names_third_party(line) {
                problems.push(file.problem(at + 1, "the page must not load anything from third parties"));
            }
        }
    }
    problems
}

fn is_page(file: &File) -> bool {
    file.within("src") || file.within("style") || file.within("public") || file.path == "index.html"
}

/// Tells whether the address on this line is in a comment: comments are blank in `code`, while strings keep
/// their quotes.
fn is_comment_at_address(line: &str, code: &str) -> bool {
    let address = line.find("://").unwrap_or(0);
    let code_end = code.trim_end().len();
    code_end <= address
}

fn names_third_party(line: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| {
        line.match_indices(scheme).any(|(at, _)| {
            let address = &line[at..];
            let host = address[scheme.len()..].chars().next();
            let local = address[scheme.len()..].starts_with("localhost")
                || address[scheme.len()..].starts_with("127.0.0.1");
            // A scheme without a host is code that examines addresses.
            host.is_some_and(char::is_alphanumeric)
                && !local
                && !NAMESPACES.iter().any(|name| address.starts_with(name))
        })
    })
}

/// Names of registry hosts, split in two because this file is checked as well. Registries belong in the
/// configuration of the package managers: a lock file that names a host fails where a mirror is used.
const REGISTRIES: [(&str, &str); 6] = [
    ("npm", "js"),
    ("pypi", ".org"),
    ("deb.", "debian"),
    ("proxy.", "golang"),
    ("static.", "rust-lang"),
    ("\"resolved", "\":"),
];

/// Reports names of registry hosts in any file.
pub fn registries(repo: &Repo) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in &repo.files {
        for (at, line) in file.text.lines().enumerate() {
            let named = REGISTRIES
                .iter()
                .any(|(a, b)| line.match_indices(a).any(|(at, _)| line[at + a.len()..].starts_with(b)));
            if named {
                problems.push(file.problem(at + 1, "must not name the host of a package registry"));
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn third_parties_are_found_in_the_page() {
        let repo = Repo::fixture(&[
            ("index.html", "<script src=\"https://cdn.example/x.js\"></script>"),
            ("style/a.css", "@import url(http://fonts.example/f.css);"),
            ("src/a.rs", "const A: &str = \"https://example.com/\";"),
        ]);
        assert_eq!(addresses(&repo).len(), 3);
    }

    #[test]
    fn links_in_comments_and_namespaces_are_allowed() {
        let repo = Repo::fixture(&[
            ("src/a.rs", "// see https://w3c.github.io/webrtc-pc/\nlet a = 1; // https://example.com/\n"),
            ("src/b.rs", "if text.starts_with(\"https://\") {}\n"),
            ("src/c.rs", "#[cfg(test)]\nmod tests {\n const A: &str = \"https://example.com\";\n}\n"),
            ("src/d.rs", "f(\"https://example.com\"); // tidy: allow address: a sample of a message\n"),
            ("public/a.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
            ("docs/a.md", "https://example.com/"),
        ]);
        assert_eq!(addresses(&repo).len(), 0);
    }

    #[test]
    fn registries_are_found_anywhere() {
        let text = REGISTRIES.map(|(a, b)| format!("{a}{b}\n")).concat();
        assert_eq!(registries(&Repo::fixture(&[("docs/a.md", &text)])).len(), REGISTRIES.len());
    }
}
