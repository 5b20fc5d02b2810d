//! `cargo xtask bench`: measurements that print a table.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::build::{self, Profile, cargo};
use crate::test::browser_env;
use crate::{compress, paths, process, split, tools};

/// Largest accepted first load, in bytes of brotli.
const FIRST_LOAD_LIMIT: usize = 250_000;
/// The parts of the page in the order in which a visit loads them, and the screen that each one brings.
const PARTS: [(&str, &str); 5] = [
    ("inside", "the list of conversations"),
    ("talk", "an open conversation"),
    ("calls", "it rings"),
    ("room", "an answered call"),
    ("around", "settings, groups, the list of calls"),
];
/// The part that a signed-in person needs before anything is shown.
const AT_ONCE: &str = "inside";
/// Desired size of the first load, in bytes of brotli.
const FIRST_LOAD_GOAL: usize = 150_000;

pub fn run(wanted: &[String]) -> Result<ExitCode> {
    if let Some((name, how)) = wanted.split_first()
        && name == "signaling"
    {
        return signaling(how);
    }
    if let Some((name, how)) = wanted.split_first()
        && name == "fuzz"
    {
        return fuzz(how);
    }
    if let Some(unknown) =
        wanted.iter().find(|name| !["room", "setup", "size", "steps"].contains(&name.as_str()))
    {
        bail!(
            "unknown benchmark `{unknown}`; name any of room, setup, size and steps, or signaling or fuzz alone"
        );
    }
    let wants = |name: &str| wanted.is_empty() || wanted.iter().any(|word| word == name);
    let mut code = ExitCode::SUCCESS;
    if wants("size") {
        code = size()?;
    }
    if wants("setup") {
        browsers("bench-setup", "Measuring call set-up", Profile::Release, &[])?;
    }
    if wants("room") {
        browsers("bench-room", "Measuring a call of eight", Profile::Debug, &[])?;
    }
    if wanted.iter().any(|word| word == "steps") {
        let how = ["--mode", "cold", "--rtt", "0", "--steps", "yes"];
        browsers("bench-setup", "Measuring each step of a call's set-up", Profile::Release, &how)?;
    }
    Ok(code)
}

/// Runs a benchmark in real browsers; it compares Parley with a bare baseline in the same run.
fn browsers(bench: &str, what: &str, server: Profile, flags: &[&str]) -> Result<()> {
    build::page()?;
    let server = build::server(server)?;
    let chromium = tools::chromium()?;
    let firefox = tools::firefox()?;
    if let Err(missing) = &chromium {
        bail!("{bench} needs Chromium: {missing}");
    }
    let mut command = cargo(["run", "--release", "--package=parley-e2e", "--bin", bench, "--"]);
    command.args(flags);
    browser_env(&mut command, &server, chromium.as_ref().ok(), firefox.as_ref().ok());
    process::run(what, &mut command)
}

/// Fuzzes everything that reads data of strangers, each reader for 60 seconds unless given.
fn fuzz(how: &[String]) -> Result<ExitCode> {
    // The fuzzer links the server, which embeds this folder and does not compile without it.
    std::fs::create_dir_all(paths::dist())?;
    let mut command = cargo(["run", "--package=parley-fuzz", "--"]);
    process::run("Fuzzing", command.args(how))?;
    Ok(ExitCode::SUCCESS)
}

/// Measures the server under load, against relays in the same run: memory of idle sockets, and times of
/// calls.
fn signaling(how: &[String]) -> Result<ExitCode> {
    const PARTS: [&str; 2] = ["idle", "calls"];
    let mut command = cargo(["run", "--release", "--package=parley-bench", "--"]);
    for word in how {
        match word.as_str() {
            "quick" | "alone" => command.arg(format!("--{word}")),
            part if PARTS.contains(&part) => command.args(["--only", part]),
            other => bail!("unknown word `{other}`; use bench signaling [quick] [alone] [idle|calls]"),
        };
    }
    let peers = tools::bench_peers()?;
    command.arg("--server").arg(build::server(Profile::Release)?);
    command.arg("--node").arg(peers.node).arg("--peers").arg(peers.folder);
    process::run("Measuring signaling", &mut command)?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the sizes of a first visit and of each later part of the page. Fails when a first load exceeds its
/// limit.
fn size() -> Result<ExitCode> {
    build::page()?;
    let dist = paths::dist();
    println!("\n{:<48} {:>10} {:>10} {:>10}", "bytes", "raw", "gzip -9", "brotli 11");
    let mut loaded = first_load(&dist)?;
    let signed_out = Row::sum("a visit without a session", &dist, &loaded)?.brotli;
    let mut so_far = signed_out;
    let mut signed_in = signed_out;
    for (part, then) in PARTS {
        let files: Vec<PathBuf> = compress::files(&dist)?
            .into_iter()
            .filter(|file| {
                let name = file.file_name().unwrap_or_default().to_string_lossy();
                split::needed_by(&name).contains(&part) && !loaded.contains(file)
            })
            .collect();
        println!();
        so_far += Row::sum(&format!("`{part}`"), &dist, &files)?.brotli;
        println!("{:<70} {so_far:>10}", format!("with it, {then}"));
        if part == AT_ONCE {
            signed_in = so_far;
        }
        loaded.extend(files);
    }
    println!("\nwithout a session:");
    let mut due = verdict("limit", signed_out, FIRST_LOAD_LIMIT);
    verdict("goal", signed_out, FIRST_LOAD_GOAL);
    println!("with a session, until the list of conversations is there:");
    due &= verdict("limit", signed_in, FIRST_LOAD_LIMIT);
    verdict("goal", signed_in, FIRST_LOAD_GOAL);
    Ok(if due { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints the distance of a size from a budget; tells whether it is within.
fn verdict(name: &str, bytes: usize, budget: usize) -> bool {
    let within = bytes <= budget;
    let (word, by) = if within { ("under", budget - bytes) } else { ("over", bytes - budget) };
    println!("{by} bytes {word} the {name} of {budget} bytes brotli");
    within
}

struct Row {
    name: String,
    raw: usize,
    gzip: usize,
    brotli: usize,
}

impl Row {
    /// Prints each file and the sum of all.
    fn sum(name: &str, dist: &Path, files: &[PathBuf]) -> Result<Self> {
        let mut total = Row { name: name.to_owned(), raw: 0, gzip: 0, brotli: 0 };
        for file in files {
            let row = Row::measure(dist, file)?;
            total.raw += row.raw;
            total.gzip += row.gzip;
            total.brotli += row.brotli;
            row.print();
        }
        total.print();
        Ok(total)
    }

    fn measure(dist: &Path, file: &Path) -> Result<Self> {
        let bytes = fs::read(file)?;
        let name = file.strip_prefix(dist)?.display().to_string();
        // The server sends other files uncompressed.
        let (gzip, brotli) = if compress::is_compressible(file) {
            (compress::gzip(&bytes)?.len(), compress::brotli(&bytes)?.len())
        } else {
            (bytes.len(), bytes.len())
        };
        Ok(Self { name, raw: bytes.len(), gzip, brotli })
    }

    fn print(&self) {
        println!("{:<48} {:>10} {:>10} {:>10}", self.name, self.raw, self.gzip, self.brotli);
    }
}

/// Lists `index.html` and every file that it names.
fn first_load(dist: &Path) -> Result<Vec<PathBuf>> {
    let index = dist.join("index.html");
    let html = fs::read_to_string(&index).with_context(|| format!("no {}", index.display()))?;
    let files = compress::files(dist)?.into_iter().filter(|file| {
        let name = file.strip_prefix(dist).map(|name| format!("/{}", name.display()));
        *file == index || name.is_ok_and(|name| names(&html, &name))
    });
    Ok(files.collect())
}

/// Tells whether the page names exactly this file. Minified HTML may omit the quotes.
fn names(html: &str, name: &str) -> bool {
    html.match_indices(name).any(|(at, _)| {
        let before = html[..at].chars().next_back();
        let after = html[at + name.len()..].chars().next();
        before.is_some_and(|c| matches!(c, '"' | '\'' | '='))
            && after.is_some_and(|c| matches!(c, '"' | '\'' | '>' | '?') || c.is_whitespace())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_that_the_page_names_are_loaded_first() {
        let html = "<link href=\"/a.css\"><meta data-js=/b.js data-wasm=/c.wasm>";
        assert!(names(html, "/a.css"));
        assert!(names(html, "/b.js"));
        assert!(names(html, "/c.wasm"));
        assert!(!names(html, "/a.css.br"));
        assert!(!names(html, "/a.cs"));
        assert!(!names(html, "/later.js"));
    }
}
