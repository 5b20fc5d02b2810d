//! The table of settings: name, what it means, and how its text becomes a value.

use super::Config;
use anyhow::{Context, bail, ensure};
use parley_core::time::Duration;

pub struct Setting {
    pub name: &'static str,
    /// What stands for the value in the help; nothing for a switch.
    pub value: &'static str,
    pub help: &'static str,
    pub set: fn(&mut Config, &str) -> anyhow::Result<()>,
}

impl Setting {
    pub fn flag(&self) -> String {
        format!("--{}", self.name.replace('_', "-"))
    }

    pub fn variable(&self) -> String {
        format!("PARLEY_{}", self.name.to_uppercase())
    }
}

macro_rules! setting {
    ($name:literal $value:literal $help:literal, $set:expr) => {
        Setting { name: $name, value: $value, help: $help, set: $set }
    };
}

#[rustfmt::skip]
pub const SETTINGS: &[Setting] = &[
    setting!("bind" "ADDRESS" "address to listen on (127.0.0.1)", |c, v| put(&mut c.bind, v)),
    setting!("port" "PORT" "port to listen on; 0 takes a free one (8080)", |c, v| put(&mut c.port, v)),
    setting!("data" "FOLDER" "where database and certificate are kept (./data)", |c, v| put(&mut c.data, v)),
    setting!("lan" "" "listen on all addresses with a self-signed certificate, and print them", |c, v| put(&mut c.lan, v)),
    setting!("database_url" "URL" "sqlite:… or postgres://… (a file in the data folder)", |c, v| some(&mut c.database_url, v)),
    setting!("redis_url" "URL" "redis://…, where several servers on one PostgreSQL meet (none: this is the only server)", |c, v| some(&mut c.redis_url, v)),
    setting!("redis_prefix" "NAME" "what the names of everything in Redis begin with (parley)", |c, v| put(&mut c.redis_prefix, v)),
    setting!("redis_dead_ms" "MS" "a Redis silent for so long is away (3000)", |c, v| ms(&mut c.redis_dead, v)),
    setting!("public_origin" "ORIGIN" "the one origin of the page (any whose host is the one asked for)", |c, v| some(&mut c.public_origin, v)),
    setting!("allowed_origins" "ORIGINS" "further origins that may call, separated by commas (none)", |c, v| {
        c.allowed_origins = v.split(',').map(|o| o.trim().to_owned()).filter(|o| !o.is_empty()).collect();
        Ok(())
    }),
    setting!("dist" "FOLDER" "serve the page from here, not from the binary", |c, v| some(&mut c.dist, v)),
    setting!("calls_enabled" "BOOL" "whether calls can be started (true)", |c, v| put(&mut c.calls_enabled, v)),
    setting!("preconnect" "BOOL" "whether devices connect while it rings (true)", |c, v| put(&mut c.preconnect, v)),
    setting!("ring_seconds" "10..120" "how long it rings (60)", |c, v| {
        let seconds: u64 = v.parse().context("not a number")?;
        ensure!((10..=120).contains(&seconds), "must be 10 to 120");
        c.rules.ring = Duration::from_secs(seconds);
        Ok(())
    }),
    setting!("ring_ms" "MS" "the same, in milliseconds and of any length, for tests", |c, v| ms(&mut c.rules.ring, v)),
    setting!("connect_ms" "MS" "from accept to media, at most (30000)", |c, v| ms(&mut c.rules.connect, v)),
    setting!("reconnect_ms" "MS" "how long a call waits for lost media or a lost socket (30000)", |c, v| ms(&mut c.rules.reconnect, v)),
    setting!("caller_gone_ms" "MS" "how long it rings on when the caller's socket is gone (15000)", |c, v| ms(&mut c.rules.caller_gone, v)),
    setting!("socket_dead_ms" "MS" "a socket silent for so long is dead (15000)", |c, v| ms(&mut c.socket_dead, v)),
    setting!("hello_ms" "MS" "how long a socket may take to say hello (10000)", |c, v| ms(&mut c.hello, v)),
    setting!("sweep_ms" "MS" "how often seats without a socket and sockets without a session are looked for (60000)", |c, v| ms(&mut c.sweep, v)),
    setting!("ice_servers" "JSON" "list of {\"urls\": […], \"username\"?, \"credential\"?} (none)", |c, v| {
        c.ice_servers = serde_json::from_str(v).context("not a list of ICE servers")?;
        Ok(())
    }),
    setting!("session_days" "DAYS" "how long a session lives unused (30)", |c, v| put(&mut c.session_days, v)),
    setting!("invite_days" "DAYS" "how long a personal invite link is good (7)", |c, v| put(&mut c.invite_days, v)),
    setting!("log" "FILTER" "what is logged to stderr: error, warn, info, debug or a tracing filter (info)", |c, v| put(&mut c.log, v)),
];

fn put<T: std::str::FromStr<Err: std::fmt::Display>>(place: &mut T, text: &str) -> anyhow::Result<()> {
    match text.parse() {
        Ok(value) => *place = value,
        Err(error) => bail!("{error}"),
    }
    Ok(())
}

fn some<T: std::str::FromStr<Err: std::fmt::Display>>(
    place: &mut Option<T>,
    text: &str,
) -> anyhow::Result<()> {
    match text.parse() {
        Ok(value) => *place = (!text.is_empty()).then_some(value),
        Err(error) => bail!("{error}"),
    }
    Ok(())
}

fn ms(place: &mut Duration, text: &str) -> anyhow::Result<()> {
    let millis: u64 = text.parse().context("not a number of milliseconds")?;
    ensure!(millis > 0, "must be more than 0");
    *place = Duration::from_millis(millis);
    Ok(())
}
