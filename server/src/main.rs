//! The `parley-server` command: serves until it is told to stop, migrates the database, gives a person a
//! plan, or prints the configuration.

use anyhow::Context;
use parley_protocol::people::Plan;
use parley_server::{
    app::App,
    clock::SystemClock,
    config::{Command, Config, Loaded, load, unknown_variables},
    log,
    people::plans,
    serve,
    storage::{Store, folder},
};
use std::{env, process::ExitCode, sync::Arc};

/// The allocator: mimalloc is fast at the many short-lived allocations of requests.
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
        tracing::warn!(name, "unknown setting in the environment");
    }
    folder::make(&config.data)?;
    let is_sole_owner = command == Command::Serve && config.database_url().starts_with("sqlite:");
    let _lock = is_sole_owner.then(|| folder::lock(&config.data)).transpose()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = runtime.block_on(async {
        match command {
            Command::Migrate => migrate(&config).await,
            Command::SetPlan(person, plan) => set_plan(&config, &person, plan).await,
            Command::Serve => serve::run(App::open(config, Arc::new(SystemClock)).await?).await,
        }
    });
    // A task that hangs must not keep the process from exiting, so nothing is waited for here.
    runtime.shutdown_background();
    done
}

/// Opens the database, which brings its schema up to date, and closes it again.
async fn migrate(config: &Config) -> anyhow::Result<()> {
    let store = Store::open_with(&config.database_url(), config.pool)
        .await
        .context("cannot bring the schema up to date")?;
    println!("the schema is up to date");
    Ok(store.close().await?)
}

async fn set_plan(config: &Config, person: &str, plan: Plan) -> anyhow::Result<()> {
    let store =
        Store::open_with(&config.database_url(), config.pool).await.context("cannot open the database")?;
    let given = plans::give(&store, person, plan).await?;
    println!("{} ({}) has the plan {plan}", given.display_name, given.id);
    Ok(store.close().await?)
}
