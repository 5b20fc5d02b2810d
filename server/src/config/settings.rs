//! The table of settings: name, help, and the conversion between text and value.

use super::{Config, LogFormat};
use crate::cluster::limits::Limited;
use anyhow::{Context, bail, ensure};
use parley_core::time::Duration;
use parley_protocol::rest::IceServer;
use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

/// One setting.
pub struct Setting {
    pub name: &'static str,
    /// The placeholder of the value in the help; empty for a switch.
    pub value: &'static str,
    /// The help text, which ends with the default in parentheses.
    pub help: &'static str,
    pub set: fn(&mut Config, &str) -> anyhow::Result<()>,
    /// The effective value as text. Without this function, the text that was set is shown.
    pub get: Option<fn(&Config) -> String>,
}

impl Setting {
    /// Returns the name as a flag.
    pub fn flag(&self) -> String {
        format!("--{}", self.name.replace('_', "-"))
    }

    /// Returns the name as an environment variable.
    pub fn variable(&self) -> String {
        format!("PARLEY_{}", self.name.to_uppercase())
    }

    /// Tells whether the value must not be printed.
    pub fn is_secret(&self) -> bool {
        // The name of a file is no secret.
        self.name != "tls_key"
            && ["secret", "token", "password", "key"].iter().any(|word| self.name.ends_with(word))
    }

    /// Returns the default, as the help text names it.
    pub fn default(&self) -> &'static str {
        let rest = self.help.strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
        rest.map_or("", |(_, default)| default)
    }
}

/// Writes one line of the table. `put`, `some` and `ms` set a field from its text, an optional field, and a
/// duration in milliseconds; `limit` sets a limit; anything else is a function that sets the value.
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
    setting!("port" "PORT" "port to listen on; 0 picks a free one (8080)", put port),
    setting!("data" "FOLDER" "folder of the database and the certificate (./data)", put data),
    setting!("lan" "" "listen on all addresses with a self-signed certificate, and print them", put lan),
    setting!("domain" "NAME" "host name of this server, such as calls.example.org: listens on 443 with a certificate from acme_directory, and redirects 80 (none)", some domain),
    setting!("acme_directory" "URL" "ACME directory of the authority that certificates come from (https://acme-v02.api.letsencrypt.org/directory)", put acme_directory),
    setting!("acme_email" "ADDRESS" "address to which that authority may write (none)", some acme_email),
    setting!("acme_ca" "FILE" "PEM file of the root that signs the directory's own certificate, if that is not one of the web's (none)", some acme_ca),
    setting!("redirect_port" "PORT" "port whose visitors are sent from http to public_origin; 80 with a domain at port 443 (none)", some redirect_port),
    setting!("tls_cert" "FILE" "PEM file of the certificate chain; with tls_key the server speaks https, and reads both again when they change (none)", some tls_cert),
    setting!("tls_key" "FILE" "PEM file of the private key of tls_cert (none)", some tls_key),
    setting!("connections_per_address" "COUNT" "most connections at once from one address or one IPv6 /64; does not count behind trusted_hops (256)", put connections_per_address),
    setting!("database_url" "URL" "sqlite:… or postgres://… (a file in the data folder)", some database_url),
    setting!("database_connections" "COUNT" "most connections to PostgreSQL (16)", put pool.connections),
    setting!("database_wait_ms" "MS" "longest wait for a connection to the database (5000)", ms pool.wait),
    setting!("redis_url" "URL" "redis://…, shared by several servers on one PostgreSQL (none: this is the only server)", some redis_url),
    setting!("redis_prefix" "NAME" "prefix of every key and channel in Redis (parley)", put redis_prefix),
    setting!("redis_dead_ms" "MS" "silence after which Redis counts as down (3000)", ms redis_dead),
    setting!("public_origin" "ORIGIN" "the only origin of the page (any whose host matches the request)", some public_origin),
    setting!("allowed_origins" "ORIGINS" "more origins that may use the API, separated by commas (none)", |c, v| {
        c.allowed_origins = v.split(',').map(|o| o.trim().to_owned()).filter(|o| !o.is_empty()).collect();
        Ok(())
    }),
    setting!("dist" "FOLDER" "serve the page from this folder instead of the binary", some dist),
    setting!("trusted_hops" "COUNT" "proxies in front that each append to X-Forwarded-For (0)", put trusted_hops),
    setting!("limit_call_starts" "COUNT/SECONDS" "unanswered calls that one person starts (10/3600)", limit CallStarts),
    setting!("limit_sign_ins" "COUNT/SECONDS" "sign-ins from one address (60/600)", limit SignIns),
    setting!("limit_messages" "COUNT/SECONDS" "messages from one person (120/60)", limit Messages),
    setting!("limit_invitations" "COUNT/SECONDS" "conversations that one person starts, and people they invite to groups and calls (60/3600)", limit Invitations),
    setting!("limit_searches" "COUNT/SECONDS" "searches by one person (120/60)", limit Searches),
    setting!("limit_invite_tries" "COUNT/SECONDS" "invite links tried from one address (60/600)", limit InviteTries),
    setting!("limit_user_sockets" "COUNT/SECONDS" "sockets that one person opens, per server (120/60)", limit UserSockets),
    setting!("limit_address_sockets" "COUNT/SECONDS" "sockets opened from one address, per server (1200/60)", limit AddressSockets),
    setting!("limit_frames" "COUNT/SECONDS" "frames on one socket (600/10)", limit Frames),
    setting!("limit_call_changes" "COUNT/SECONDS" "changes of one person's microphone, camera and media state in calls, per server (600/60)", limit CallChanges),
    setting!("limit_changes" "COUNT/SECONDS" "other changes by one person, such as names, roles, blocks and joining calls, per server (120/60)", limit Changes),
    setting!("limit_quality_rows" "COUNT/SECONDS" "quality samples and connections reported by one person, per server (300/60)", limit QualityRows),
    setting!("limit_typing" "COUNT/SECONDS" "typing notices about one person (1/2)", limit Typing),
    setting!("calls_enabled" "BOOL" "whether calls can be started (true)", put calls_enabled),
    setting!("preconnect" "BOOL" "whether devices connect while a call still rings (true)", put preconnect),
    setting!("ring_seconds" "10..120" "how long a call rings (60)", |c, v| {
        let seconds: u64 = v.parse().context("not a number")?;
        ensure!((10..=120).contains(&seconds), "must be 10 to 120");
        c.rules.ring = Duration::from_secs(seconds);
        Ok(())
    }),
    setting!("ring_ms" "MS" "ring_seconds in milliseconds and of any length, for tests", |c, v| ms(&mut c.rules.ring, v)),
    setting!("connect_ms" "MS" "longest time from accepting a call to media (30000)", ms rules.connect),
    setting!("reconnect_ms" "MS" "how long a call waits for lost media or a lost socket (30000)", ms rules.reconnect),
    setting!("caller_gone_ms" "MS" "how long a call rings on without the caller's socket (15000)", ms rules.caller_gone),
    setting!("free_call_minutes" "MINUTES" "longest call started by a person on the free plan; 0 for no limit (120)", put call_minutes.free),
    setting!("pro_call_minutes" "MINUTES" "the same for the pro plan (480)", put call_minutes.pro),
    setting!("enterprise_call_minutes" "MINUTES" "the same for the enterprise plan (0)", put call_minutes.enterprise),
    setting!("alone_ms" "MS" "how long one person may stay alone in a group call (300000)", ms rules.alone),
    setting!("warning_ms" "MS" "how long before a call's time limit everyone in it is warned (300000)", ms rules.warning),
    setting!("socket_dead_ms" "MS" "silence after which a socket counts as dead (15000)", ms socket_dead),
    setting!("answer_ms" "MS" "longest time to answer a request (30000)", ms answer),
    setting!("hello_ms" "MS" "longest time until a new socket says hello (10000)", ms hello),
    setting!("lease_ms" "MS" "silence after which the other servers take a server for dead (10000)", ms lease),
    setting!("presence_ms" "MS" "how long presence changes are collected before they are sent (500)", ms presence),
    setting!("drain_ms" "MS" "how long sockets may stay once the server is told to stop (10000 with redis_url, else 0)", some drain_ms),
    setting!("sweep_ms" "MS" "time between looks for seats without a socket and sockets without a session (60000)", ms sweep),
    setting!("ice_servers" "JSON" "list of {\"urls\": […], \"username\"?, \"credential\"?} (none)", |c, v| {
        let servers: Vec<IceServer> = serde_json::from_str(v).context("not a list of ICE servers")?;
        let urls = servers.iter().flat_map(|server| &server.urls);
        for url in urls {
            let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
            ensure!(["stun", "stuns", "turn", "turns"].contains(&scheme), "{url} does not begin with stun:, stuns:, turn: or turns:");
        }
        c.ice_servers = servers;
        Ok(())
    }),
    setting!("guests" "BOOL" "whether a name alone is enough to sign in (true)", put guests),
    setting!("oidc_issuer" "URL" "OpenID Connect issuer, exactly as it names itself; needs public_origin (none)", put oidc.issuer),
    setting!("oidc_client_id" "ID" "this server's client ID at the issuer (none)", put oidc.client_id),
    setting!("oidc_client_secret" "SECRET" "the client secret, if there is one (none)", some oidc.client_secret),
    setting!("oidc_scopes" "SCOPES" "scopes to request, separated by spaces (openid profile)", put oidc.scopes),
    setting!("oidc_plan_claim" "CLAIM" "claim of the ID token that names the plan: free, pro or enterprise, or a list with one of them; `a.b` looks into an object (none)", some oidc.plan_claim),
    setting!("oidc_name" "NAME" "the issuer's name on the page; if empty, the page does not offer it (single sign-on)", put oidc.name),
    setting!("session_days" "DAYS" "how long an unused session lasts (30)", put session_days),
    setting!("invite_days" "DAYS" "lifetime of a personal invite link, and of a group link by default (7)", put invite_days),
    setting!("metrics_bind" "ADDRESS" "extra address that serves /metrics without a token, such as 127.0.0.1:9100 (none)", some metrics_bind),
    setting!("metrics_token" "TOKEN" "token that opens /metrics at the server's own address (none)", some metrics_token),
    setting!("log_format" "text|json" "format of the log lines (text)", put log_format),
    setting!("log" "FILTER" "what is logged to stderr: error, warn, info, debug or a tracing filter (info)", put log),
];

fn shown(value: &impl Shown) -> String {
    value.shown()
}

/// Values that are shown as they are read.
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
