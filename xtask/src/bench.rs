//! `cargo xtask bench`: measurements that print a table.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::build::{self, Profile, cargo};
use crate::test::browser_env;
use crate::{compress, paths, process, split, tools};

/// Largest first load that is accepted, in bytes as brotli leaves them.
const FIRST_LOAD_DUE: usize = 250_000;
/// The parts of the page in the order in which a visit loads them, and what can be done with each.
const PARTS: [(&str, &str); 5] = [
    ("inside", "the list of conversations"),
    ("talk", "an open conversation"),
    ("calls", "it rings"),
    ("room", "an answered call"),
    ("around", "settings, groups, the list of calls"),
];
/// What is loaded before a person who is signed in sees anything.
const AT_ONCE: &str = "inside";
/// What the first load is to come down to.
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
            "there is no benchmark `{unknown}`; there are room, setup, size, steps and, by themselves, signaling and fuzz"
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

/// What is measured in real browsers, against something bare in the same run.
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

/// Bent input for everything that reads what strangers send; 60 seconds for each, unless told otherwise.
fn fuzz(how: &[String]) -> Result<ExitCode> {
    std::fs::create_dir_all(paths::dist())?;
    let mut command = cargo(["run", "--package=parley-fuzz", "--"]);
    process::run("Throwing bent input", command.args(how))?;
    Ok(ExitCode::SUCCESS)
}

/// How many people the server holds, and how fast it rings them, against two relays in the same run.
fn signaling(how: &[String]) -> Result<ExitCode> {
    const PARTS: [&str; 2] = ["idle", "calls"];
    let mut command = cargo(["run", "--release", "--package=parley-bench", "--"]);
    for word in how {
        match word.as_str() {
            "quick" | "alone" => command.arg(format!("--{word}")),
            part if PARTS.contains(&part) => command.args(["--only", part]),
            other => bail!("bench signaling [quick] [alone] [idle|calls]: not `{other}`"),
        };
    }
    let peers = tools::bench_peers()?;
    command.arg("--server").arg(build::server(Profile::Release)?);
    command.arg("--node").arg(peers.node).arg("--peers").arg(peers.folder);
    process::run("Measuring signaling", &mut command)?;
    Ok(ExitCode::SUCCESS)
}

/// What a first visit loads, and each part of the page that comes later.
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
    let mut due = verdict("due", signed_out, FIRST_LOAD_DUE);
    verdict("goal", signed_out, FIRST_LOAD_GOAL);
    println!("with a session, until the list of conversations is there:");
    due &= verdict("due", signed_in, FIRST_LOAD_DUE);
    verdict("goal", signed_in, FIRST_LOAD_GOAL);
    Ok(if due { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn verdict(name: &str, bytes: usize, budget: usize) -> bool {
    let within = bytes <= budget;
    let (word, by) = if within { ("within", budget - bytes) } else { ("over", bytes - budget) };
    println!("{word} what is {name} ({budget} bytes brotli), by {by}");
    within
}

struct Row {
    name: String,
    raw: usize,
    gzip: usize,
    brotli: usize,
}

impl Row {
    /// Prints each of the files and what they are together.
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
        // The server sends the others as they are.
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

/// `index.html` and every file that it names.
fn first_load(dist: &Path) -> Result<Vec<PathBuf>> {
    let index = dist.join("index.html");
    let html = fs::read_to_string(&index).with_context(|| format!("no {}", index.display()))?;
    let files = compress::files(dist)?.into_iter().filter(|file| {
        let name = file.strip_prefix(dist).map(|name| format!("/{}", name.display()));
        *file == index || name.is_ok_and(|name| names(&html, &name))
    });
    Ok(files.collect())
}

/// Whether the page names exactly this file: minified HTML may leave the quotes out.
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
    fn only_what_the_page_names_is_loaded_first() {
        let html = "<link href=\"/a.css\"><meta data-js=/b.js data-wasm=/c.wasm>";
        assert!(names(html, "/a.css"));
        assert!(names(html, "/b.js"));
        assert!(names(html, "/c.wasm"));
        assert!(!names(html, "/a.css.br"));
        assert!(!names(html, "/a.cs"));
        assert!(!names(html, "/later.js"));
    }
}
