//! `cargo xtask up`: builds Parley, on a fresh machine too, and runs the server.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::{ServeOptions, build, process};

pub fn run(options: &ServeOptions) -> Result<ExitCode> {
    let server = build::release()?;
    process::say("Starting Parley");
    let mut command = Command::new(&server);
    command.args(options.server_args());
    replace_process(command).with_context(|| format!("cannot start {}", server.display()))
}

/// Replaces this process with the server, so that signals reach the server itself and its exit code is the
/// command's.
#[cfg(unix)]
fn replace_process(mut command: Command) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    Err(command.exec().into())
}

#[cfg(not(unix))]
fn replace_process(mut command: Command) -> Result<ExitCode> {
    let status = command.status()?;
    Ok(ExitCode::from(u8::try_from(status.code().unwrap_or(1)).unwrap_or(1)))
}
