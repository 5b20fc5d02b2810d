//! Cuts the compiled page into the parts that its source names with `part!`, each a file that is loaded when
//! needed.
//!
//! `wasm-split-cli` cuts the program by following its relocations, wasm-bindgen writes the JavaScript of the
//! main part, and `wasm-opt` shrinks every part. All files carry one digest in their names, because parts
//! work only with those of the same build:
//!
//! | file | |
//! |---|---|
//! | `parley-DIGEST.js`, `parley-DIGEST.wasm` | the main part, which every visit loads |
//! | `inside-DIGEST.wasm` | the part `inside` |
//! | `calls.inside-DIGEST.wasm` | code that `calls` and `inside` share |

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::tools::PageTools;
use crate::{fingerprint, paths, process};

const MAIN: &str = "parley";
/// The JavaScript module that `wasm-split-cli` writes to load the parts; the main part imports it.
const LOADER: &str = "./__wasm_split.js";

/// Writes the parts of the compiled page into `dist`; returns the name of the main one without its extension.
pub fn run(tools: &PageTools, dist: &Path) -> Result<String> {
    let folder = paths::generated().join("split");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let parts = folder.join("parts");
    let program = paths::target()?.join("wasm32-unknown-unknown/web/parley.wasm");
    process::quiet(
        "Cutting the page into parts",
        Command::new(&tools.split).arg(program).arg(&parts).args(["--out-name", MAIN]),
    )?;
    let main = folder.join("main");
    process::quiet(
        "Writing the JavaScript of the main part",
        Command::new(&tools.bindgen)
            .args([
                "--target",
                "web",
                "--no-typescript",
                "--keep-lld-exports",
                "--out-name",
                MAIN,
                "--out-dir",
            ])
            .args([&main, &parts.join(format!("{MAIN}.wasm"))]),
    )?;
    let loader = fs::read_to_string(parts.join(LOADER))?;
    let glue = fs::read_to_string(main.join(format!("{MAIN}.js")))?;

    let small = folder.join("small");
    fs::create_dir_all(&small)?;
    let mut names = names(&loader);
    names.insert(format!("{MAIN}_bg.wasm"), MAIN.to_owned());
    process::say("Making the parts smaller");
    let files: Vec<&String> = names.keys().collect();
    process::each_at_once(&files, |file| {
        let folder = if file.starts_with(MAIN) { &main } else { &parts };
        shrink(tools, &folder.join(file), &small.join(file))
    })?;

    let digest = fingerprint::of(&[&small], &(loader.clone() + &glue))?;
    let mut script = script(&glue, &loader, &names, &digest)?.into_bytes();
    let plain = plain_hashes(&script);
    replace_hashes(&mut script, &plain);
    for (file, name) in &names {
        let mut part = fs::read(small.join(file))?;
        if name == MAIN {
            replace_hashes(&mut part, &plain);
        }
        fs::write(dist.join(format!("{name}-{digest}.wasm")), part)?;
    }
    let main = format!("{MAIN}-{digest}");
    fs::write(dist.join(format!("{main}.js")), script)?;
    Ok(main)
}

/// Lists the parts that need a file of the page, from a name like `calls.inside-DIGEST.wasm`.
pub fn needed_by(file: &str) -> Vec<&str> {
    match file.strip_suffix(".wasm").and_then(|stem| stem.rsplit_once('-')) {
        Some((parts, _)) if parts != MAIN => parts.split('.').collect(),
        _ => Vec::new(),
    }
}

/// Maps the files that the loader names to their names on the page. A file that several parts share follows a
/// comment that lists these parts.
fn names(loader: &str) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    let mut shared_by = "";
    for line in loader.lines() {
        if let Some(parts) = line.strip_prefix("/* ").and_then(|rest| rest.strip_suffix(" */")) {
            shared_by = parts;
        }
        let url = line.split_once("new URL(\"./").and_then(|(_, rest)| rest.split_once('"'));
        let Some((file, _)) = url else { continue };
        let stem = file.trim_end_matches(".wasm");
        let name = stem.strip_prefix("split_").map_or_else(|| shared_by.replace(", ", "."), str::to_owned);
        names.insert(file.to_owned(), name);
    }
    names
}

/// Merges the JavaScript of wasm-bindgen with the loader of the parts, which saves a request.
fn script(glue: &str, loader: &str, names: &BTreeMap<String, String>, digest: &str) -> Result<String> {
    let (import, loader) = loader.split_once('\n').context("the loader is empty")?;
    if !import.starts_with("import { initSync }") {
        bail!("the loader does not begin as expected: {import}");
    }
    let mut loader = loader.replace("export const ", "loaders.");
    for (file, name) in names {
        loader = loader.replace(&format!("./{file}"), &format!("./{name}-{digest}.wasm"));
    }
    let from = format!(" from \"{LOADER}\"");
    let own = format!("\"{LOADER}\": import");
    let lines = glue.lines().filter(|line| !line.contains(&from)).map(|line| match line.split_once(&own) {
        Some(_) => format!("\"{LOADER}\": loaders,"),
        None => line.to_owned(),
    });
    let whole = lines.collect::<Vec<_>>().join("\n") + "\nconst loaders = {};\n" + &loader;
    Ok(without_comments(&whole))
}

/// Removes indentation, blank lines and comments that take whole lines.
pub fn without_comments(script: &str) -> String {
    let mut kept = String::new();
    let mut inside = false;
    for line in script.lines().map(str::trim) {
        inside |= line.starts_with("/*");
        if !inside && !line.is_empty() && !line.starts_with("//") {
            kept.push_str(line);
            kept.push('\n');
        }
        inside &= !line.ends_with("*/");
    }
    kept
}

type Hash = [u8; 16];

/// Assigns a running number to every hash that ends a name in the script. wasm-bindgen tells functions apart
/// by hashes, which do not compress; numbers of the same length do.
fn plain_hashes(script: &[u8]) -> BTreeMap<Hash, Hash> {
    let mut plain = BTreeMap::new();
    for (at, hash) in hashes(script) {
        let named = at.checked_sub(2).is_some_and(|before| matches!(&script[before..at], [_, b'_'] | b"_h"));
        if named {
            let number = format!("{:016}", plain.len());
            plain.entry(hash).or_insert_with(|| std::array::from_fn(|digit| number.as_bytes()[digit]));
        }
    }
    plain
}

fn replace_hashes(text: &mut [u8], plain: &BTreeMap<Hash, Hash>) {
    for (at, hash) in hashes(text) {
        if let Some(number) = plain.get(&hash) {
            text[at..at + number.len()].copy_from_slice(number);
        }
    }
}

/// Finds the hashes in a text: the last sixteen digits of every long enough run of hexadecimal digits.
fn hashes(text: &[u8]) -> Vec<(usize, Hash)> {
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let mut found = Vec::new();
    let mut run = 0;
    for (at, byte) in text.iter().copied().chain([b' ']).enumerate() {
        if is_hex(byte) {
            run += 1;
            continue;
        }
        if run >= 16
            && let Ok(hash) = Hash::try_from(&text[at - 16..at])
        {
            found.push((at - 16, hash));
        }
        run = 0;
    }
    found
}

/// Optimises a part with `wasm-opt`, with the flags that `index.html` gives to Trunk.
fn shrink(tools: &PageTools, file: &Path, small: &Path) -> Result<()> {
    let html = fs::read_to_string(paths::root().join("index.html"))?;
    let level = attribute(&html, "data-wasm-opt").context("index.html has no data-wasm-opt")?;
    let params = attribute(&html, "data-wasm-opt-params").unwrap_or_default();
    let mut command = Command::new(&tools.opt);
    command.arg(format!("--output={}", small.display())).arg(format!("-O{level}"));
    command.args(params.split_whitespace()).arg(file);
    process::output(&mut command)?;
    Ok(())
}

fn attribute<'a>(html: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = html.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOADER_TEXT: &str = "import { initSync } from \"./parley.js\";\n\n\
        /* calls, inside */\n\
        const __chunk_4 = makeLoad(() => {\n    const src = fetch(new URL(\"./chunk_4.wasm\", import.meta.url));\n}\n, []);\n\
        export const __wasm_split_load_inside = wrapAsyncCb(makeLoad(() => {\n\
            const src = fetch(new URL(\"./split_inside.wasm\", import.meta.url));\n}\n, [__chunk_4]));\n";

    #[test]
    fn a_file_is_called_after_the_parts_that_need_it() {
        let names = names(LOADER_TEXT);
        assert_eq!(names["chunk_4.wasm"], "calls.inside");
        assert_eq!(names["split_inside.wasm"], "inside");
        assert_eq!(needed_by("calls.inside-0123456789abcdef.wasm"), ["calls", "inside"]);
        assert_eq!(needed_by("inside-0123456789abcdef.wasm"), ["inside"]);
        assert!(needed_by("parley-0123456789abcdef.wasm").is_empty());
        assert!(needed_by("parley-0123456789abcdef.js").is_empty());
    }

    #[test]
    fn the_script_contains_the_loader_and_names_the_files_in_dist() {
        let glue = "import * as import1 from \"./__wasm_split.js\"\n/**\n * Words\n */\nfunction get() {\n    \
                    return {\n        \"./__wasm_split.js\": import1,\n    }\n}\nexport { get };\n";
        let script = script(glue, LOADER_TEXT, &names(LOADER_TEXT), "d1").expect("a script");
        assert!(
            script.starts_with("function get() {\nreturn {\n\"./__wasm_split.js\": loaders,\n"),
            "{script}"
        );
        assert!(script.contains("new URL(\"./calls.inside-d1.wasm\""), "{script}");
        assert!(script.contains("\nloaders.__wasm_split_load_inside = wrapAsyncCb("), "{script}");
        assert!(!script.contains("import {") && !script.contains("Words"), "{script}");
    }

    #[test]
    fn hashes_become_numbers_in_script_and_program_alike() {
        let mut script = b"wasm.__wbg_a_0123456789abcdef(); h0123456789abcdee; _h0123456789abcded;".to_vec();
        let mut part = b"\x17__wbg_a_0123456789abcdef\0\x0123456789abcdee".to_vec();
        let plain = plain_hashes(&script);
        replace_hashes(&mut script, &plain);
        replace_hashes(&mut part, &plain);
        assert_eq!(script, b"wasm.__wbg_a_0000000000000000(); h0123456789abcdee; _h0000000000000001;");
        assert_eq!(part, b"\x17__wbg_a_0000000000000000\0\x0123456789abcdee");
    }

    #[test]
    fn the_flags_are_read_from_the_page() {
        let html = "<link data-wasm-opt=\"z\" data-wasm-opt-params=\"--a --b\">";
        assert_eq!(attribute(html, "data-wasm-opt"), Some("z"));
        assert_eq!(attribute(html, "data-wasm-opt-params"), Some("--a --b"));
        assert_eq!(attribute(html, "data-no"), None);
    }
}
