//! The command: reads the configuration, and runs the server until it is told to stop.

use anyhow::Context;
use parley_server::{
    app::App,
    clock::SystemClock,
    config::{Loaded, load},
    serve,
};
use std::{env, fs, io::stderr, process::ExitCode, sync::Arc};
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("parley-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<()> {
    let config = match load(env::args_os(), |name| env::var(name).ok())? {
        Loaded::Run(config) => *config,
        Loaded::Help(text) => {
            print!("{text}");
            return Ok(());
        }
    };
    let filter = EnvFilter::try_new(&config.log).context("--log")?;
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr).with_target(false).init();
    fs::create_dir_all(&config.data).with_context(|| format!("cannot use {}", config.data.display()))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = runtime.block_on(async {
        let app = App::open(config, Arc::new(SystemClock)).await?;
        serve::run(app).await
    });
    // Nothing that still hangs may keep the process from stopping.
    runtime.shutdown_background();
    done
}
