//! Child processes that never outlive their owner, nor do the processes that they start.

use anyhow::{Context, Result, bail};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use std::{
    collections::HashMap,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use crate::wait::{PATIENCE, within};

/// A running program whose output goes to a file.
#[derive(Debug)]
pub struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts `command` and appends its output to `log`.
    pub fn start(command: &mut Command, log: &Path) -> Result<Self> {
        let out = File::options().create(true).append(true).open(log)?;
        let child = command
            .stdin(Stdio::null())
            .stderr(out.try_clone()?)
            .stdout(out)
            .spawn()
            .with_context(|| format!("cannot start {}", command.get_program().display()))?;
        Ok(Self { child, log: log.to_owned() })
    }

    /// Waits until the program has logged a line with `marker` after byte `from` of its log, and returns the
    /// number at the end of that line.
    pub async fn announced(&mut self, from: u64, marker: &str) -> Result<u16> {
        self.announced_within(PATIENCE, from, marker).await
    }

    /// Waits as [`Self::announced`] does, with another limit.
    pub async fn announced_within(&mut self, patience: Duration, from: u64, marker: &str) -> Result<u16> {
        let what = format!("\"{marker}\" in {}", self.log.display());
        within(patience, what, async || {
            let text = self.output()?;
            let fresh = text.get(usize::try_from(from)?..).unwrap_or_default();
            if let Some(port) = number_after(fresh, marker) {
                return Ok(Ok(port));
            }
            if let Some(status) = self.child.try_wait()? {
                return Ok(Err(anyhow::anyhow!("ended with {status}:\n{fresh}")));
            }
            bail!("not yet in:\n{fresh}")
        })
        .await?
    }

    /// Sends SIGTERM, as an operator does.
    pub fn ask_to_end(&self) -> Result<()> {
        Ok(kill(Pid::from_raw(i32::try_from(self.child.id())?), Signal::SIGTERM)?)
    }

    pub fn output(&self) -> Result<String> {
        Ok(String::from_utf8_lossy(&fs::read(&self.log)?).into_owned())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        kill_tree(self.child.id());
        let _ = self.child.wait();
    }
}

/// Returns the number at the end of the line with `marker`. A line without its line break counts as not
/// written yet.
fn number_after(text: &str, marker: &str) -> Option<u16> {
    let (_, rest) = text.split_once(marker)?;
    let (line, _) = rest.split_once('\n')?;
    let line = line.trim_end_matches(|c: char| !c.is_ascii_digit());
    let digits = line.rsplit(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

/// Kills a child process and all of its descendants. Drivers start browsers, and browsers start helpers; none
/// of them end by themselves when the driver is killed.
fn kill_tree(root: u32) {
    let parents = parents();
    let mut doomed = vec![root];
    let mut next = 0;
    while let Some(&parent) = doomed.get(next) {
        doomed.extend(parents.iter().filter(|&(_, p)| *p == parent).map(|(child, _)| *child));
        next += 1;
    }
    for pid in doomed.into_iter().filter_map(|pid| i32::try_from(pid).ok()) {
        let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
    }
}

/// Returns the parent of every process.
fn parents() -> HashMap<u32, u32> {
    let Ok(entries) = fs::read_dir("/proc") else { return HashMap::new() };
    entries
        .flatten()
        .filter_map(|entry| {
            let pid = entry.file_name().to_str()?.parse().ok()?;
            let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
            // The format is "pid (name) state ppid …", and the name may contain anything.
            let parent = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()?;
            Some((pid, parent))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dropped_process_takes_its_children_along() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 600 & echo started $!; wait"]);
        let process = Process::start(&mut command, &log).unwrap();
        let child = loop {
            if let Some((_, rest)) = process.output().unwrap().split_once("started ") {
                break rest.trim().parse::<u32>().unwrap();
            }
            std::thread::yield_now();
        };
        assert!(parents().contains_key(&child));
        drop(process);
        while fs::read_to_string(format!("/proc/{child}/stat")).is_ok_and(|stat| !stat.contains(") Z")) {
            std::thread::yield_now();
        }
    }

    #[test]
    fn ports_are_read_from_what_programs_print() {
        let chromedriver = "ChromeDriver was started successfully on port 34567.\n";
        assert_eq!(number_after(chromedriver, "started successfully on port"), Some(34567));
        assert_eq!(number_after("… Listening on 127.0.0.1:4444\n", "Listening on "), Some(4444));
        assert_eq!(
            number_after("listening on http://127.0.0.1:80", "listening on"),
            None,
            "line not complete"
        );
    }
}
