//! The table of settings: name, what it means, and how its text becomes a value.

use super::{Config, LogFormat};
use crate::cluster::limits::Limited;
use anyhow::{Context, bail, ensure};
use parley_core::time::Duration;
use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

/// A section of the file is a prefix: `url` in `[redis]` is `redis_url`.
pub struct Setting {
    pub name: &'static str,
    /// What stands for the value in the help; nothing for a switch.
    pub value: &'static str,
    /// Ends with the default in brackets.
    pub help: &'static str,
    pub set: fn(&mut Config, &str) -> anyhow::Result<()>,
    /// The value as text. Where there is none, what was set is the value.
    pub get: Option<fn(&Config) -> String>,
}

impl Setting {
    pub fn flag(&self) -> String {
        format!("--{}", self.name.replace('_', "-"))
    }

    pub fn variable(&self) -> String {
        format!("PARLEY_{}", self.name.to_uppercase())
    }

    /// Nobody may read it in what the server prints.
    pub fn is_secret(&self) -> bool {
        ["secret", "token", "password", "key"].iter().any(|word| self.name.ends_with(word))
    }

    /// As the help says it.
    pub fn default(&self) -> &'static str {
        let rest = self.help.strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
        rest.map_or("", |(_, default)| default)
    }
}

/// `put`, `some` and `ms` name the field that is meant, `limit` the limit; anything else says how its text becomes a value.
macro_rules! setting {
    ($name:literal $value:literal $help:literal, put $($field:ident).+) => {
        setting!(@ $name $value $help, |c, v| put(&mut c.$($field).+, v), Some(|c| shown(&c.$($field).+)))
    };
    ($name:literal $value:literal $help:literal, some $($field:ident).+) => {
        setting!(@ $name $value $help, |c, v| some(&mut c.$($field).+, v),
            Some(|c| c.$($field).+.as_ref().map(shown).unwrap_or_default()))
    };
    ($name:literal $value:literal $help:literal, ms $($field:ident).+) => {
        setting!(@ $name $value $help, |c, v| ms(&mut c.$($field).+, v),
            Some(|c| c.$($field).+.as_millis().to_string()))
    };
    ($name:literal $value:literal $help:literal, limit $what:ident) => {
        setting!(@ $name $value $help, |c, v| c.limits.set(Limited::$what, v),
            Some(|c| c.limits.rule(Limited::$what).to_string()))
    };
    ($name:literal $value:literal $help:literal, $set:expr) => {
        setting!(@ $name $value $help, $set, None)
    };
    (@ $name:literal $value:literal $help:literal, $set:expr, $get:expr) => {
        Setting { name: $name, value: $value, help: $help, set: $set, get: $get }
    };
}

#[rustfmt::skip]
pub const SETTINGS: &[Setting] = &[
    setting!("bind" "ADDRESS" "address to listen on (127.0.0.1)", put bind),
    setting!("port" "PORT" "port to listen on; 0 takes a free one (8080)", put port),
    setting!("data" "FOLDER" "where database and certificate are kept (./data)", put data),
    setting!("lan" "" "listen on all addresses with a self-signed certificate, and print them", put lan),
    setting!("database_url" "URL" "sqlite:… or postgres://… (a file in the data folder)", some database_url),
    setting!("database_connections" "COUNT" "connections to PostgreSQL at most (16)", put pool.connections),
    setting!("database_wait_ms" "MS" "how long a request waits for a connection to the database (5000)", ms pool.wait),
    setting!("redis_url" "URL" "redis://…, where several servers on one PostgreSQL meet (none: this is the only server)", some redis_url),
    setting!("redis_prefix" "NAME" "what the names of everything in Redis begin with (parley)", put redis_prefix),
    setting!("redis_dead_ms" "MS" "a Redis silent for so long is away (3000)", ms redis_dead),
    setting!("public_origin" "ORIGIN" "the one origin of the page (any whose host is the one asked for)", some public_origin),
    setting!("allowed_origins" "ORIGINS" "further origins that may call, separated by commas (none)", |c, v| {
        c.allowed_origins = v.split(',').map(|o| o.trim().to_owned()).filter(|o| !o.is_empty()).collect();
        Ok(())
    }),
    setting!("dist" "FOLDER" "serve the page from here, not from the binary", some dist),
    setting!("trusted_hops" "COUNT" "proxies in front, each of which adds to X-Forwarded-For (0)", put trusted_hops),
    setting!("limit_call_starts" "COUNT/SECONDS" "calls that one person starts and nobody answers (10/3600)", limit CallStarts),
    setting!("limit_sign_ins" "COUNT/SECONDS" "sign-ins from one address (60/600)", limit SignIns),
    setting!("limit_messages" "COUNT/SECONDS" "messages of one person (120/60)", limit Messages),
    setting!("limit_invitations" "COUNT/SECONDS" "conversations that one person begins, and people whom they invite to groups and calls (60/3600)", limit Invitations),
    setting!("limit_searches" "COUNT/SECONDS" "searches of one person (120/60)", limit Searches),
    setting!("limit_invite_tries" "COUNT/SECONDS" "invite links tried from one address (60/600)", limit InviteTries),
    setting!("limit_user_sockets" "COUNT/SECONDS" "sockets that one person opens, on each server (120/60)", limit UserSockets),
    setting!("limit_address_sockets" "COUNT/SECONDS" "sockets opened from one address, on each server (1200/60)", limit AddressSockets),
    setting!("limit_frames" "COUNT/SECONDS" "frames on one socket (600/10)", limit Frames),
    setting!("limit_call_changes" "COUNT/SECONDS" "changes of one person's microphone, camera and media in calls, on each server (600/60)", limit CallChanges),
    setting!("limit_typing" "COUNT/SECONDS" "how often it is said that one person writes (1/2)", limit Typing),
    setting!("calls_enabled" "BOOL" "whether calls can be started (true)", put calls_enabled),
    setting!("preconnect" "BOOL" "whether devices connect while it rings (true)", put preconnect),
    setting!("ring_seconds" "10..120" "how long it rings (60)", |c, v| {
        let seconds: u64 = v.parse().context("not a number")?;
        ensure!((10..=120).contains(&seconds), "must be 10 to 120");
        c.rules.ring = Duration::from_secs(seconds);
        Ok(())
    }),
    setting!("ring_ms" "MS" "the same, in milliseconds and of any length, for tests", |c, v| ms(&mut c.rules.ring, v)),
    setting!("connect_ms" "MS" "from accept to media, at most (30000)", ms rules.connect),
    setting!("reconnect_ms" "MS" "how long a call waits for lost media or a lost socket (30000)", ms rules.reconnect),
    setting!("caller_gone_ms" "MS" "how long it rings on when the caller's socket is gone (15000)", ms rules.caller_gone),
    setting!("free_call_minutes" "MINUTES" "how long a call may last that somebody with the plan free starts; 0 for no end (120)", put call_minutes.free),
    setting!("pro_call_minutes" "MINUTES" "the same for the plan pro (480)", put call_minutes.pro),
    setting!("enterprise_call_minutes" "MINUTES" "the same for the plan enterprise (0)", put call_minutes.enterprise),
    setting!("alone_ms" "MS" "how long somebody may sit in a group call alone (300000)", ms rules.alone),
    setting!("warning_ms" "MS" "how long before the longest duration of a call everybody is told (300000)", ms rules.warning),
    setting!("socket_dead_ms" "MS" "a socket silent for so long is dead (15000)", ms socket_dead),
    setting!("answer_ms" "MS" "how long a request may wait for its answer (30000)", ms answer),
    setting!("hello_ms" "MS" "how long a socket may take to say hello (10000)", ms hello),
    setting!("lease_ms" "MS" "how long after its last sign of life a server is taken for dead by the others (10000)", ms lease),
    setting!("presence_ms" "MS" "how long news about who is online are gathered (500)", ms presence),
    setting!("drain_ms" "MS" "how long sockets may stay when the server is told to stop (10000 with redis_url, else 0)", some drain_ms),
    setting!("sweep_ms" "MS" "how often seats without a socket and sockets without a session are looked for (60000)", ms sweep),
    setting!("ice_servers" "JSON" "list of {\"urls\": […], \"username\"?, \"credential\"?} (none)", |c, v| {
        c.ice_servers = serde_json::from_str(v).context("not a list of ICE servers")?;
        Ok(())
    }),
    setting!("guests" "BOOL" "whether a name is enough to sign in (true)", put guests),
    setting!("oidc_issuer" "URL" "OpenID Connect issuer, exactly as it calls itself; needs public_origin (none)", put oidc.issuer),
    setting!("oidc_client_id" "ID" "who this server is to the issuer (none)", put oidc.client_id),
    setting!("oidc_client_secret" "SECRET" "the client's secret, if it has one (none)", some oidc.client_secret),
    setting!("oidc_scopes" "SCOPES" "what is asked for, separated by blanks (openid profile)", put oidc.scopes),
    setting!("oidc_name" "NAME" "what people know the issuer by; empty: the page does not offer it (single sign-on)", put oidc.name),
    setting!("session_days" "DAYS" "how long a session lives unused (30)", put session_days),
    setting!("invite_days" "DAYS" "how long a personal invite link is good (7)", put invite_days),
    setting!("metrics_bind" "ADDRESS" "serve /metrics there, without a token, as in 127.0.0.1:9100 (none)", some metrics_bind),
    setting!("metrics_token" "TOKEN" "serve /metrics at the server's own address to whoever has this token (none)", some metrics_token),
    setting!("log_format" "text|json" "how a line of the log is written (text)", put log_format),
    setting!("log" "FILTER" "what is logged to stderr: error, warn, info, debug or a tracing filter (info)", put log),
];

fn shown(value: &impl Shown) -> String {
    value.shown()
}

/// Values whose text is what was read.
trait Shown {
    fn shown(&self) -> String;
}

macro_rules! shown {
    ($($kind:ty)+) => {$(
        impl Shown for $kind {
            fn shown(&self) -> String {
                self.to_string()
            }
        }
    )+};
}

shown!(bool u8 u16 u32 u64 usize String IpAddr SocketAddr LogFormat);

impl Shown for PathBuf {
    fn shown(&self) -> String {
        self.display().to_string()
    }
}

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
