//! `cargo xtask dev`: serves the page with live reload, beside a debug server.
//!
//! Trunk serves the page and proxies `/api` to the server (`Trunk.toml`). When either ends, or on Ctrl-C,
//! both end.

use std::process::{Child, Command, ExitCode};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::tools::Trunk;
use crate::{ServeOptions, build, paths, process};

/// The ports of the page and of the server behind it. `Trunk.toml` names the same two.
const PAGE_PORT: u16 = 8081;
const SERVER_PORT: u16 = 8080;
const POLL: Duration = Duration::from_millis(200);

pub fn run(options: &ServeOptions) -> Result<ExitCode> {
    if options.port != SERVER_PORT || options.lan {
        bail!("`dev` has fixed ports, {PAGE_PORT} and {SERVER_PORT}, and serves this machine only");
    }
    let trunk = Trunk::ensure()?;
    let server = build::server(build::Profile::Debug)?;
    let stopped = Arc::new(AtomicBool::new(false));
    let on_signal = Arc::clone(&stopped);
    ctrlc::set_handler(move || on_signal.store(true, Ordering::SeqCst))?;

    let mut server = KillOnDrop(
        Command::new(&server)
            .args(options.server_args())
            .current_dir(paths::root())
            .spawn()
            .with_context(|| format!("cannot start {}", server.display()))?,
    );
    let mut trunk = KillOnDrop(serve_page(&trunk)?);
    process::say(&format!("Open http://localhost:{PAGE_PORT}"));
    while !stopped.load(Ordering::SeqCst) && server.is_running()? && trunk.is_running()? {
        thread::sleep(POLL);
    }
    Ok(ExitCode::SUCCESS)
}

fn serve_page(trunk: &Trunk) -> Result<Child> {
    // The folder `dist/` belongs to the release build.
    let dist = paths::generated().join("dev");
    let mut trunk = trunk.command()?;
    trunk.args(["serve", "--port", &PAGE_PORT.to_string(), "--dist"]).arg(dist);
    trunk.spawn().context("cannot start trunk")
}

/// A child process that is killed on drop.
struct KillOnDrop(Child);

impl KillOnDrop {
    fn is_running(&mut self) -> Result<bool> {
        Ok(self.0.try_wait()?.is_none())
    }
}

impl Drop for KillOnDrop {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
