//! The command: reads the configuration, and does what it is asked to: serve until it is told to stop, or less.

use anyhow::Context;
use parley_server::{
    app::App,
    clock::SystemClock,
    config::{Command, Config, Loaded, load, unknown_variables},
    log, serve,
    storage::Store,
};
use std::{env, fs, process::ExitCode, sync::Arc};

/// Most of what a request allocates is gone with it, and this one is good at that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
    let (command, config) = match load(env::args_os(), |name| env::var(name).ok())? {
        Loaded::Run(command, config) => (command, *config),
        Loaded::Print(text) => {
            print!("{text}");
            return Ok(());
        }
    };
    log::begin(&config)?;
    let names = env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    for name in unknown_variables(names) {
        tracing::warn!(name, "this variable is not a setting");
    }
    fs::create_dir_all(&config.data).with_context(|| format!("cannot use {}", config.data.display()))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = runtime.block_on(async {
        if command == Command::Migrate {
            return migrate(&config).await;
        }
        let app = App::open(config, Arc::new(SystemClock)).await?;
        serve::run(app).await
    });
    // Nothing that still hangs may keep the process from stopping.
    runtime.shutdown_background();
    done
}

async fn migrate(config: &Config) -> anyhow::Result<()> {
    let store = Store::open_with(&config.database_url(), config.pool)
        .await
        .context("cannot bring the schema up to date")?;
    println!("the schema is up to date");
    Ok(store.close().await?)
}
