//! Bundles the page for release: everything that a browser loads, each file with the digest of its contents
//! in its name.
//!
//! Trunk does this for developers, with live reload. A release does not use it: Trunk cannot cut the page
//! into parts (`split.rs`), and compiling it takes longer than everything else before a first start.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::tools::PageTools;
use crate::{build, css, fingerprint, languages, paths, process, split};

/// Compiles the page and writes it into `dist`, replacing the folder.
pub fn run(tools: &PageTools, dist: &Path) -> Result<()> {
    css::run()?;
    languages::run()?;
    let target = "--target=wasm32-unknown-unknown";
    let args = ["build", "--package=parley", "--bin=parley", target, "--profile=web", "--features=split"];
    process::run("Compiling the page (five minutes or more the first time)", &mut build::cargo(args))?;
    if dist.exists() {
        fs::remove_dir_all(dist)?;
    }
    fs::create_dir_all(dist)?;
    let app = split::run(tools, dist)?;
    let root = paths::root();
    let style = fs::read_to_string(paths::generated().join("style.css"))?;
    let style = write(dist, "style", "css", &minified_css(&style))?;
    let boot = fs::read_to_string(root.join("src/boot.js"))?;
    let boot = write(dist, "boot", "js", &split::without_comments(&boot))?;
    copy(&root.join("public"), dist)?;
    copy(&paths::generated().join("words"), &dist.join("words"))?;
    let html = fs::read_to_string(root.join("index.html"))?;
    fs::write(dist.join("index.html"), index(&html, &Files { style, app, boot })?)?;
    Ok(())
}

/// Writes a file whose name contains the digest of its text; returns the name.
fn write(dist: &Path, stem: &str, extension: &str, text: &str) -> Result<String> {
    let name = format!("{stem}-{}.{extension}", fingerprint::of(&[], text)?);
    fs::write(dist.join(&name), text)?;
    Ok(name)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()))?;
        } else {
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// The names of the files that `index.html` refers to.
struct Files {
    style: String,
    /// The name of the wasm program and its JavaScript, without an extension.
    app: String,
    boot: String,
}

/// Rewrites `index.html`: removes the elements for Trunk, each on a line of its own, and names these files in
/// the head.
fn index(html: &str, files: &Files) -> Result<String> {
    const KNOWN: [&str; 4] = [" rel=\"css\"", " rel=\"rust\"", " rel=\"copy-dir\"", "src=\"src/boot.js\""];
    let Files { style, app, boot } = files;
    let mut lines: Vec<String> = Vec::new();
    for line in html.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if line.contains(" data-trunk") {
            if !KNOWN.iter().any(|known| line.contains(known)) {
                bail!("index.html has an element for Trunk that the release build does not know: {line}");
            }
            continue;
        }
        if line == "</head>" {
            lines.push(format!("<link rel=\"stylesheet\" href=\"/{style}\">"));
            lines.push(format!("<meta name=\"parley-app\" data-js=\"/{app}.js\" data-wasm=\"/{app}.wasm\">"));
            lines.push(format!("<script type=\"module\" src=\"/{boot}\"></script>"));
            lines.push(format!("<link rel=\"modulepreload\" href=\"/{app}.js\" crossorigin>"));
            lines.push(format!(
                "<link rel=\"preload\" href=\"/{app}.wasm\" as=\"fetch\" type=\"application/wasm\" crossorigin>"
            ));
        }
        lines.push(line.to_owned());
    }
    Ok(lines.join("\n"))
}

/// Removes comments and meaningless spaces from a stylesheet.
fn minified_css(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut space = false;
    let mut rest = css;
    while let Some(next) = rest.chars().next() {
        let taken = match next {
            '/' if rest.starts_with("/*") => {
                space = true;
                rest = rest.find("*/").map_or("", |end| &rest[end + 2..]);
                continue;
            }
            '"' | '\'' => string(rest),
            _ => &rest[..next.len_utf8()],
        };
        rest = &rest[taken.len()..];
        if next.is_whitespace() {
            space = true;
            continue;
        }
        let glued = out.is_empty() || out.ends_with(['{', '}', ';', ',', ':', '(']);
        if space && !glued && !matches!(next, '{' | '}' | ';' | ',' | ')') {
            out.push(' ');
        }
        space = false;
        if next == '}' && out.ends_with(';') {
            out.pop();
        }
        out.push_str(taken);
    }
    out
}

/// Returns the string that begins here, with its quotes.
fn string(text: &str) -> &str {
    let mut characters = text.char_indices();
    let quote = characters.next().map(|(_, quote)| quote);
    let mut escaped = false;
    for (at, character) in characters {
        if !escaped && Some(character) == quote {
            return &text[..=at];
        }
        escaped = !escaped && character == '\\';
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn index_names_the_files_in_place_of_elements_for_trunk() {
        let files = Files { style: "s.css".into(), app: "p-1".into(), boot: "b.js".into() };
        let html = "<html>\n  <head>\n    <link data-trunk rel=\"css\" href=\".parley/style.css\">\n    \
                    <title>T</title>\n  </head>\n\n  <body>\n";
        let index = index(html, &files).expect("an index");
        assert!(
            index
                .starts_with("<html>\n<head>\n<title>T</title>\n<link rel=\"stylesheet\" href=\"/s.css\">\n")
        );
        assert!(index.contains(
            "data-js=\"/p-1.js\" data-wasm=\"/p-1.wasm\">\n<script type=\"module\" src=\"/b.js\">"
        ));
        assert!(index.ends_with("</head>\n<body>"), "{index}");
    }

    #[test]
    fn an_element_that_only_trunk_knows_is_refused() {
        let files = Files { style: String::new(), app: String::new(), boot: String::new() };
        let error = index("<link data-trunk rel=\"sass\" href=\"a.scss\">", &files).unwrap_err();
        assert!(error.to_string().contains("sass"));
    }

    #[test]
    fn every_element_for_trunk_in_the_page_is_known() {
        let html = fs::read_to_string(paths::root().join("index.html")).expect("the page");
        let files = Files { style: String::new(), app: String::new(), boot: String::new() };
        assert!(!index(&html, &files).expect("an index").contains("data-trunk"));
    }

    #[test]
    fn a_minified_stylesheet_keeps_its_meaning() {
        let css = "/* a */\n@layer a, b;\n\n.a :hover > .b ,\n.c { color : red; width: calc(1px + (2px - var(--x)));\n\
                   content: \"a  /* b */ \\\" ; }\"; }\n@media (width < 9px) and (hover: hover) { .d { --e: ; } }\n";
        let expected = "@layer a,b;.a :hover > .b,.c{color :red;width:calc(1px + (2px - var(--x)));\
                        content:\"a  /* b */ \\\" ; }\"}@media (width < 9px) and (hover:hover){.d{--e:}}";
        assert_eq!(minified_css(css), expected);
    }
}
