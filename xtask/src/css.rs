//! `cargo xtask css`: bundles `style/` into one stylesheet, so that the page needs one request for it.
//!
//! `style/main.css` is plain CSS that a browser could read by itself: it lists its parts with `@import`, in
//! order, each with its layer if it has one. Trunk runs this command before each build.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::paths;

pub fn run() -> Result<ExitCode> {
    let style = paths::root().join("style");
    let bundled = bundle(&style)?;
    let generated = paths::generated();
    fs::create_dir_all(&generated)?;
    let target = generated.join("style.css");
    if fs::read_to_string(&target).ok().as_ref() != Some(&bundled) {
        fs::write(target, bundled)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns `main.css` of this folder with every import replaced by the imported sheet. A sheet that is never
/// imported is an error.
pub fn bundle(style: &Path) -> Result<String> {
    let mut seen = Vec::new();
    let bundled = inline(style, "main.css", &mut seen)?;
    let forgotten: Vec<String> =
        sheets(style, "")?.into_iter().filter(|sheet| !seen.contains(sheet)).collect();
    if !forgotten.is_empty() {
        bail!("no stylesheet imports {}", forgotten.join(", "));
    }
    Ok(bundled)
}

fn inline(style: &Path, sheet: &str, seen: &mut Vec<String>) -> Result<String> {
    seen.push(sheet.to_owned());
    let file = style.join(sheet);
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read style/{sheet}"))?;
    let folder = sheet.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut bundled = String::new();
    for line in text.lines() {
        let Some(import) = Import::parse(line) else {
            bundled.push_str(line);
            bundled.push('\n');
            continue;
        };
        let name = import.path.trim_start_matches("./");
        let target = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        let part = inline(style, &target, seen)?;
        match import.layer {
            Some(layer) => bundled.extend(["@layer ", layer, " {\n", &part, "}\n"]),
            None => bundled.push_str(&part),
        }
    }
    Ok(bundled)
}

/// A line such as `@import "base.css" layer(base);`.
pub struct Import<'a> {
    pub path: &'a str,
    layer: Option<&'a str>,
}

impl<'a> Import<'a> {
    pub fn parse(line: &'a str) -> Option<Self> {
        let rest = line.trim().strip_prefix("@import")?.trim_start();
        let rest = rest.strip_prefix("url(").unwrap_or(rest);
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (path, rest) = rest[1..].split_once(quote)?;
        let layer = rest
            .split_once("layer(")
            .and_then(|(_, rest)| rest.split_once(')'))
            .map(|(layer, _)| layer.trim());
        Some(Self { path, layer })
    }
}

fn sheets(style: &Path, below: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(style.join(below))?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if below.is_empty() { name } else { format!("{below}/{name}") };
        if entry.path().is_dir() {
            found.extend(sheets(style, &path)?);
        } else if Path::new(&path).extension().is_some_and(|extension| extension == "css") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str, files: &[(&str, &str)]) -> std::path::PathBuf {
        let dir = std::env::temp_dir().join(format!("parley-css-{name}-{}", std::process::id()));
        for (file, text) in files {
            let path = dir.join(file);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, text).expect("written");
        }
        dir
    }

    #[test]
    fn imports_are_inlined_in_order_and_in_their_layer() {
        let dir = folder(
            "order",
            &[
                (
                    "main.css",
                    "@layer a, b;\n@import \"tokens.css\";\n@import './components/tile.css' layer(b);\nx{}\n",
                ),
                ("tokens.css", ":root{}\n"),
                ("components/tile.css", ".tile{}\n"),
            ],
        );
        assert_eq!(bundle(&dir).expect("bundled"), "@layer a, b;\n:root{}\n@layer b {\n.tile{}\n}\nx{}\n");
        fs::remove_dir_all(dir).expect("removed");
    }

    #[test]
    fn a_sheet_that_nothing_imports_is_an_error() {
        let dir = folder("forgotten", &[("main.css", "x{}\n"), ("components/tile.css", ".tile{}\n")]);
        let error = bundle(&dir).expect_err("tile.css is forgotten").to_string();
        assert!(error.contains("components/tile.css"), "{error}");
        fs::remove_dir_all(dir).expect("removed");
    }
}
