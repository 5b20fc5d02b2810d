//! Running other programs, with their output shown or captured.
//!
//! While a program runs, a line with the time so far is printed every ten seconds, so that no step looks
//! stuck.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};

const TICK: Duration = Duration::from_secs(10);

/// The installation steps of this run, each with the time it took.
static INSTALLED: Mutex<Vec<(String, Duration)>> = Mutex::new(Vec::new());

/// Returns the installation steps so far, each with the time it took.
pub fn installed() -> Vec<(String, Duration)> {
    INSTALLED.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Returns the time that installing has taken so far.
pub fn installing() -> Duration {
    installed().iter().map(|(_, took)| *took).sum()
}

/// Records a step if its text says that it installed something.
pub fn note_installed(what: &str, took: Duration) {
    if what.starts_with("Installing") || what.starts_with("Updating the package lists") {
        INSTALLED.lock().unwrap_or_else(PoisonError::into_inner).push((what.to_owned(), took));
    }
}

/// Prints a headline that says what is being done and why.
pub fn say(line: &str) {
    println!("==> {line}");
    // In a pipe stdout is buffered: without the flush, the line would follow the output of the program it
    // announces.
    let _ = std::io::stdout().flush();
}

/// Runs a program with its output shown; returns an error when it fails.
pub fn run(what: &str, command: &mut Command) -> Result<()> {
    if succeeds(what, command)? {
        return Ok(());
    }
    bail!("{what} failed: {}", shown(command))
}

/// Runs a program with its output shown; tells whether it succeeded.
pub fn succeeds(what: &str, command: &mut Command) -> Result<bool> {
    say(what);
    let started = Instant::now();
    let status = with_ticker(what, || command.status()).with_context(|| missing(command))?;
    println!("    {} in {:.1} s", outcome(status.success()), started.elapsed().as_secs_f32());
    note_installed(what, started.elapsed());
    Ok(status.success())
}

/// Runs a program with its output captured and returns it; the error of a failure contains it.
pub fn quiet(what: &str, command: &mut Command) -> Result<String> {
    say(what);
    let started = Instant::now();
    let output =
        with_ticker(what, || command.stdin(Stdio::null()).output()).with_context(|| missing(command))?;
    let text = finished(command, &output)?;
    println!("    done in {:.1} s", started.elapsed().as_secs_f32());
    note_installed(what, started.elapsed());
    Ok(text)
}

/// Runs a program that answers at once, without a headline; returns its output.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| missing(command))?;
    finished(command, &output)
}

/// Runs a program, shows its standard output and passes every line to `line`; tells whether it succeeded.
pub fn lines(what: &str, command: &mut Command, mut line: impl FnMut(&str)) -> Result<bool> {
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().with_context(|| missing(command))?;
    let stdout = child.stdout.take().context("the output is not piped")?;
    let status = with_ticker(what, || {
        for read in BufReader::new(stdout).split(b'\n') {
            let text = String::from_utf8_lossy(&read?).into_owned();
            println!("{text}");
            line(&text);
        }
        child.wait()
    })?;
    Ok(status.success())
}

/// Finds the first of these programs that is on `PATH`.
pub fn find(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    names
        .iter()
        .find_map(|name| env::split_paths(&path).map(|dir| dir.join(name)).find(|file| is_program(file)))
}

pub fn is_program(file: &Path) -> bool {
    file.is_file()
}

/// Returns `PATH` with these folders first.
pub fn path_with(first: &[PathBuf]) -> Result<std::ffi::OsString> {
    let rest = env::var_os("PATH").unwrap_or_default();
    let all = first.iter().cloned().chain(env::split_paths(&rest));
    env::join_paths(all).context("a folder name contains the separator of PATH")
}

/// Does the work for each item, as many at a time as there are processors. Returns the first error.
pub fn each_at_once<T: Sync>(items: &[T], work: impl Fn(&T) -> Result<()> + Sync) -> Result<()> {
    let next = AtomicUsize::new(0);
    let worker = || -> Result<()> {
        while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
            work(item)?;
        }
        Ok(())
    };
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let started: Vec<_> = (0..workers).map(|_| scope.spawn(worker)).collect();
        let ended =
            started.into_iter().map(|worker| worker.join().map_err(|_| anyhow!("a worker panicked"))?);
        ended.collect::<Result<Vec<()>>>().map(drop)
    })
}

/// Does some work and prints a line with the time so far every ten seconds.
pub fn with_ticker<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let (done, wait) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            let started = Instant::now();
            while wait.recv_timeout(TICK) == Err(mpsc::RecvTimeoutError::Timeout) {
                eprintln!("    … {what} ({} s)", started.elapsed().as_secs());
            }
        });
        let result = work();
        drop(done);
        result
    })
}

fn finished(command: &Command, output: &Output) -> Result<String> {
    if !output.status.success() {
        bail!(
            "{} failed\n{}{}",
            shown(command),
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn outcome(success: bool) -> &'static str {
    if success { "done" } else { "failed" }
}

fn missing(command: &Command) -> String {
    format!("cannot start {}", command.get_program().display())
}

fn shown(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|part| part.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_done_once_for_each_item_and_an_error_is_returned() {
        let done = Mutex::new(Vec::new());
        let items: Vec<u32> = (0..100).collect();
        each_at_once(&items, |item| {
            done.lock().expect("no panic").push(*item);
            Ok(())
        })
        .expect("no error");
        let mut done = done.into_inner().expect("no panic");
        done.sort_unstable();
        assert_eq!(done, items);
        let error = each_at_once(&items, |item| if *item == 50 { bail!("not {item}") } else { Ok(()) });
        assert_eq!(error.unwrap_err().to_string(), "not 50");
    }
}
