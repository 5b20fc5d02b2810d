//! Everything that can be set, in one typed place. Defaults suit one machine and need no setting at all.
//!
//! Each setting of `config::settings` has one name in three spellings: `ring_seconds` in a TOML file
//! (`--config FILE`), `PARLEY_RING_SECONDS` in the environment, `--ring-seconds` as a flag. The later of
//! these wins. In the file a section stands for what names begin with: `url` in `[redis]` is `redis_url`.
//! `parley-server --help` lists them all, `parley-server config` shows what holds.

mod load;
mod settings;
mod show;

pub use load::{Command, Loaded, load, unknown_variables};
pub use settings::{SETTINGS, Setting};
pub use show::hide;

use crate::{cluster::limits, storage::Pool};
use anyhow::ensure;
use parley_core::{call::Rules, time::Duration};
use parley_protocol::{people::Plan, rest::IceServer};
use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    str::FromStr,
};

/// How long sockets have to go to another server.
const DRAIN: Duration = Duration::from_secs(10);

#[derive(Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Config {
    pub bind: IpAddr,
    pub port: u16,
    pub data: PathBuf,
    /// All addresses, with a certificate of our own.
    pub lan: bool,
    pub database_url: Option<String>,
    pub pool: Pool,
    /// Where several servers meet; without it, this is the only one.
    pub redis_url: Option<String>,
    /// What the names of everything in Redis begin with.
    pub redis_prefix: String,
    /// A Redis that is silent for so long is away.
    pub redis_dead: Duration,
    /// Proxies in front that each add to `X-Forwarded-For`.
    pub trusted_hops: u8,
    pub limits: limits::Table,
    /// The one origin at which the page is served; without it, the origin must name the host asked for.
    pub public_origin: Option<String>,
    /// Further origins that may call, for example a development server.
    pub allowed_origins: Vec<String>,
    /// Folder of the built page, instead of the one inside the binary.
    pub dist: Option<PathBuf>,
    pub calls_enabled: bool,
    pub preconnect: bool,
    pub rules: Rules,
    /// A socket that says nothing for so long is dead.
    pub socket_dead: Duration,
    /// How long a request may wait for its answer.
    pub answer: Duration,
    /// How long a socket may take to say hello.
    pub hello: Duration,
    /// How long after its last sign of life a server is taken for dead.
    pub lease: Duration,
    /// How long news about who is online are gathered before they are told.
    pub presence: Duration,
    /// How long sockets may stay when the server was told to stop.
    pub drain_ms: Option<u64>,
    /// How often seats without a socket, and sockets without a session, are looked for.
    pub sweep: Duration,
    pub ice_servers: Vec<IceServer>,
    /// Whether a name is enough to sign in.
    pub guests: bool,
    /// Where people may have accounts that they sign in with.
    pub oidc: OidcConfig,
    pub session_days: u32,
    pub invite_days: u32,
    pub call_minutes: CallMinutes,
    /// Where metrics are served without a token: for the inside of a machine or a private network.
    pub metrics_bind: Option<SocketAddr>,
    /// Who has it may read metrics at the server's own address.
    pub metrics_token: Option<String>,
    /// What is logged, in the language of `tracing_subscriber::EnvFilter`.
    pub log: String,
    pub log_format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    /// One object per line.
    Json,
}

impl fmt::Display for LogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Json => "json",
        })
    }
}

impl FromStr for LogFormat {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("must be text or json"),
        }
    }
}

/// An OpenID Connect issuer, and who this server is to it.
#[derive(Clone)]
pub struct OidcConfig {
    /// Exactly as the issuer calls itself; nothing when there is none.
    pub issuer: String,
    pub client_id: String,
    pub client_secret: Option<String>,
    pub scopes: String,
    /// What people know it by; nothing where the page must not offer it.
    pub name: String,
}

impl Default for OidcConfig {
    fn default() -> Self {
        Self {
            issuer: String::new(),
            client_id: String::new(),
            client_secret: None,
            scopes: "openid profile".to_owned(),
            name: "single sign-on".to_owned(),
        }
    }
}

impl OidcConfig {
    pub fn is_set(&self) -> bool {
        !self.issuer.is_empty()
    }

    fn check(&self, public_origin: Option<&str>) -> anyhow::Result<()> {
        let local = ["http://localhost", "http://127.0.0.1", "http://[::1]"].iter().any(|host| {
            let rest = self.issuer.strip_prefix(host);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
        });
        ensure!(
            local || self.issuer.starts_with("https://"),
            "oidc_issuer must begin with https://, unless it is on this machine"
        );
        ensure!(!self.client_id.is_empty(), "oidc_issuer needs oidc_client_id");
        ensure!(self.scopes.split(' ').any(|scope| scope == "openid"), "oidc_scopes must name openid");
        ensure!(
            public_origin.is_some(),
            "oidc_issuer needs public_origin: the issuer sends people back there"
        );
        Ok(())
    }
}

/// The longest duration of a call by the plan of who starts it, in minutes; 0 for no end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallMinutes {
    pub free: u32,
    pub pro: u32,
    pub enterprise: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 8080,
            data: PathBuf::from("data"),
            lan: false,
            database_url: None,
            pool: Pool::default(),
            redis_url: None,
            redis_prefix: "parley".to_owned(),
            redis_dead: Duration::from_secs(3),
            trusted_hops: 0,
            limits: limits::Table::default(),
            public_origin: None,
            allowed_origins: Vec::new(),
            dist: None,
            calls_enabled: true,
            preconnect: true,
            rules: Rules::default(),
            socket_dead: Duration::from_millis(parley_protocol::limits::SOCKET_DEAD_MS),
            answer: Duration::from_secs(30),
            hello: Duration::from_secs(10),
            lease: Duration::from_secs(10),
            presence: Duration::from_millis(500),
            drain_ms: None,
            sweep: Duration::from_secs(60),
            ice_servers: Vec::new(),
            guests: true,
            oidc: OidcConfig::default(),
            session_days: 30,
            invite_days: 7,
            call_minutes: CallMinutes { free: 120, pro: 480, enterprise: 0 },
            metrics_bind: None,
            metrics_token: None,
            log: "info".to_owned(),
            log_format: LogFormat::Text,
        }
    }
}

impl Config {
    /// The database's address; a file in the data folder unless one is set.
    pub fn database_url(&self) -> String {
        self.database_url
            .clone()
            .unwrap_or_else(|| format!("sqlite://{}?mode=rwc", self.data.join("parley.db").display()))
    }

    /// Whether browsers reach the page through TLS, here or at a proxy in front.
    pub fn is_secure(&self) -> bool {
        self.lan || self.public_origin.as_ref().is_some_and(|origin| origin.starts_with("https://"))
    }

    /// Where there is no other server, nobody gains by staying.
    pub fn drain(&self) -> Duration {
        let usual = if self.redis_url.is_some() { DRAIN } else { Duration::ZERO };
        self.drain_ms.map_or(usual, Duration::from_millis)
    }

    pub fn session_life(&self) -> Duration {
        days(self.session_days)
    }

    /// How long a call may last that somebody with this plan has started; for ever if nothing is said.
    pub fn longest_call(&self, plan: Plan) -> Option<Duration> {
        let minutes = match plan {
            Plan::Free => self.call_minutes.free,
            Plan::Pro => self.call_minutes.pro,
            Plan::Enterprise => self.call_minutes.enterprise,
        };
        (minutes > 0).then(|| Duration::from_secs(u64::from(minutes) * 60))
    }

    pub fn invite_life(&self) -> Duration {
        days(self.invite_days)
    }

    fn check(&self) -> anyhow::Result<()> {
        ensure!(self.session_days >= 1, "session_days must be at least 1");
        ensure!(self.invite_days >= 1, "invite_days must be at least 1");
        // One for the lock under which the schema changes, one to change it.
        ensure!(self.pool.connections >= 2, "database_connections must be at least 2");
        let guessable = self.metrics_token.as_ref().is_some_and(|token| token.len() < 16);
        ensure!(!guessable, "metrics_token must have at least 16 characters");
        for origin in self.allowed_origins.iter().chain(&self.public_origin) {
            let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
            let plain = host.is_some_and(|host| !host.is_empty() && !host.contains('/'));
            ensure!(plain, "an origin looks like https://parley.example, without a path: {origin}");
        }
        if self.oidc.is_set() {
            self.oidc.check(self.public_origin.as_deref())?;
        }
        ensure!(self.oidc.is_set() || self.oidc.client_id.is_empty(), "oidc_client_id needs oidc_issuer");
        ensure!(self.guests || self.oidc.is_set(), "without guests nobody could sign in: set oidc_issuer");
        if let Some(url) = &self.database_url {
            let known = ["sqlite:", "postgres://", "postgresql://"].iter().any(|kind| url.starts_with(kind));
            ensure!(known, "database_url must begin with sqlite: or postgres://");
        }
        if let Some(url) = &self.redis_url {
            let known = ["redis://", "redis+unix://"].iter().any(|kind| url.starts_with(kind));
            ensure!(known, "redis_url must begin with redis:// or redis+unix://");
            let shared = self.database_url.as_ref().is_some_and(|url| url.starts_with("postgres"));
            ensure!(shared, "several servers need one PostgreSQL: redis_url goes with a database_url");
            ensure!(!self.redis_prefix.is_empty(), "redis_prefix must not be empty");
        }
        Ok(())
    }
}

fn days(count: u32) -> Duration {
    Duration::from_secs(u64::from(count) * 24 * 60 * 60)
}
