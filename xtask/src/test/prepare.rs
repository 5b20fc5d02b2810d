//! The preparation: installs tools and builds the page while suites run that need neither. The last minutes
//! of that build use a single processor, so running the suites meanwhile saves time.

use std::env;
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::{paths, process};

/// A running `cargo xtask prepare`, whose output goes to a file.
pub struct Preparation {
    child: Child,
    log: PathBuf,
}

impl Preparation {
    pub fn begin() -> Result<Self> {
        fs::create_dir_all(paths::generated())?;
        let log = paths::generated().join("prepare.log");
        process::say(&format!(
            "Installing tools and building the page in parallel with the tests; output in {}",
            log.display()
        ));
        let out = File::create(&log)?;
        let child = Command::new(env::current_exe()?)
            .arg("prepare")
            .current_dir(paths::root())
            .stdin(Stdio::null())
            .stderr(out.try_clone()?)
            .stdout(out)
            .spawn()
            .context("cannot start the preparation")?;
        Ok(Self { child, log })
    }

    /// Waits for the end and lists the steps. The error of a failure contains the output.
    pub fn end(mut self) -> Result<()> {
        let status = process::with_ticker("Building the page", || self.child.wait())?;
        let said = fs::read_to_string(&self.log).unwrap_or_default();
        for (step, took) in steps(&said) {
            println!("    {:>7.1} s  {step}", took.as_secs_f32());
            process::note_installed(step, took);
        }
        ensure!(status.success(), "{said}");
        Ok(())
    }
}

/// Ends the process when the run stops early.
impl Drop for Preparation {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Parses the steps and their times from the lines that [`process`] prints. A step that failed is left out.
fn steps(log: &str) -> Vec<(&str, Duration)> {
    let mut step = None;
    let mut steps = Vec::new();
    for line in log.lines() {
        if let Some(begins) = line.strip_prefix("==> ") {
            step = Some(begins);
        } else if let Some(seconds) =
            line.strip_prefix("    done in ").and_then(|rest| rest.strip_suffix(" s"))
            && let (Some(step), Ok(seconds)) = (step.take(), seconds.parse())
        {
            steps.push((step, Duration::from_secs_f32(seconds)));
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_read_with_their_times() {
        let log = "==> Installing a\n  noise\n    done in 2.5 s\n==> Building\n    failed in 9.0 s\n==> More\n    done in 1.0 s\n";
        let expected = [("Installing a", Duration::from_millis(2_500)), ("More", Duration::from_secs(1))];
        assert_eq!(steps(log), expected);
    }
}
