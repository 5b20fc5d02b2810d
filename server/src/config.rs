//! The configuration. The defaults suit one machine and need no setting at all.
//!
//! Each setting of `config::settings` has one name in three spellings: `ring_seconds` in a TOML file
//! (`--config FILE`), `PARLEY_RING_SECONDS` in the environment, `--ring-seconds` as a flag. The later of
//! these wins. In the file, a section is a prefix: `url` in `[redis]` is `redis_url`. `parley-server --help`
//! lists all settings, and `parley-server config` prints the effective ones.

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
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::{Path, PathBuf},
    str::FromStr,
};

/// Returns an origin as browsers write it: in small letters, and without the usual port of its scheme.
fn as_browsers_write(origin: &str) -> String {
    let origin = origin.to_ascii_lowercase();
    let port = if origin.starts_with("https://") { ":443" } else { ":80" };
    origin.strip_suffix(port).map_or(origin.clone(), str::to_owned)
}

/// The ACME directory of Let's Encrypt.
const LETS_ENCRYPT: &str = "https://acme-v02.api.letsencrypt.org/directory";
/// The default time in which sockets of a draining server go to another one.
const DRAIN: Duration = Duration::from_secs(10);

/// The effective settings.
#[derive(Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Config {
    pub bind: IpAddr,
    pub port: u16,
    pub data: PathBuf,
    /// Listens on all addresses, with a self-signed certificate.
    pub lan: bool,
    pub database_url: Option<String>,
    pub pool: Pool,
    /// The Redis that several servers share; without it, this server is the only one.
    pub redis_url: Option<String>,
    /// The prefix of every key and channel in Redis.
    pub redis_prefix: String,
    /// The silence after which Redis counts as down.
    pub redis_dead: Duration,
    /// The number of proxies in front that each append to `X-Forwarded-For`.
    pub trusted_hops: u8,
    pub limits: limits::Table,
    /// The only origin of the page; without it, an origin must match the host of the request.
    pub public_origin: Option<String>,
    /// More origins that may use the API, for example a development server.
    pub allowed_origins: Vec<String>,
    /// The folder of the built page, in place of the one inside the binary.
    pub dist: Option<PathBuf>,
    pub calls_enabled: bool,
    pub preconnect: bool,
    pub rules: Rules,
    /// The silence after which a socket counts as dead.
    pub socket_dead: Duration,
    /// The longest time to answer a request.
    pub answer: Duration,
    /// The longest time until a new socket says hello.
    pub hello: Duration,
    /// The silence after which other servers take a server for dead.
    pub lease: Duration,
    /// The time for which presence changes are collected before they are published.
    pub presence: Duration,
    /// The time for which sockets may stay once the server was told to stop; see [`Config::drain`] for the
    /// default.
    pub drain_ms: Option<u64>,
    /// The time between two looks for seats without a socket and sockets without a session.
    pub sweep: Duration,
    /// PEM files of the certificate chain and of its key, for TLS without a proxy.
    pub tls_cert: Option<PathBuf>,
    pub tls_key: Option<PathBuf>,
    /// The host name for which the server obtains a certificate by itself.
    pub domain: Option<String>,
    /// The ACME directory of the authority.
    pub acme_directory: String,
    /// The address to which the authority may write.
    pub acme_email: Option<String>,
    /// PEM file of the root of the directory's own certificate, if that is not one of the web's.
    pub acme_ca: Option<PathBuf>,
    /// A port whose visitors are sent from http to https.
    pub redirect_port: Option<u16>,
    /// The most connections at once from one address, or from one /64 network of IPv6.
    pub connections_per_address: u32,
    pub ice_servers: Vec<IceServer>,
    /// Whether a name is enough to sign in.
    pub guests: bool,
    /// The OpenID Connect issuer at which people may sign in.
    pub oidc: OidcConfig,
    pub session_days: u32,
    pub invite_days: u32,
    pub call_minutes: CallMinutes,
    /// An extra address that serves metrics without a token, for a private network.
    pub metrics_bind: Option<SocketAddr>,
    /// The token that opens the metrics at the server's own address.
    pub metrics_token: Option<String>,
    /// The log filter, in the syntax of `tracing_subscriber::EnvFilter`.
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

/// An OpenID Connect issuer, and this server's registration with it.
#[derive(Clone)]
pub struct OidcConfig {
    /// The issuer's identifier, exactly as it names itself; empty when there is none.
    pub issuer: String,
    pub client_id: String,
    pub client_secret: Option<String>,
    pub scopes: String,
    /// The claim that names a person's plan, or their roles of which one is a plan.
    pub plan_claim: Option<String>,
    /// The issuer's name on the page; empty when the page must not offer it.
    pub name: String,
}

impl Default for OidcConfig {
    fn default() -> Self {
        Self {
            issuer: String::new(),
            client_id: String::new(),
            client_secret: None,
            scopes: "openid profile".to_owned(),
            plan_claim: None,
            name: "single sign-on".to_owned(),
        }
    }
}

impl OidcConfig {
    /// Tells whether there is an issuer.
    pub fn is_set(&self) -> bool {
        !self.issuer.is_empty()
    }

    /// Checks the settings of the issuer together.
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

/// The longest duration of a call in minutes, by the plan of the person who starts it; 0 for no limit.
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
            tls_cert: None,
            tls_key: None,
            domain: None,
            acme_directory: LETS_ENCRYPT.to_owned(),
            acme_email: None,
            acme_ca: None,
            redirect_port: None,
            connections_per_address: 256,
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
    /// Returns the address of the database, by default of a SQLite file in the data folder.
    pub fn database_url(&self) -> String {
        self.database_url
            .clone()
            .unwrap_or_else(|| format!("sqlite://{}?mode=rwc", self.data.join("parley.db").display()))
    }

    /// Tells whether browsers reach the page over TLS, here or at a proxy in front.
    pub fn is_secure(&self) -> bool {
        self.lan
            || self.tls_files().is_some()
            || self.public_origin.as_ref().is_some_and(|origin| origin.starts_with("https://"))
    }

    /// Completes what a domain alone says: https for everybody, at the usual ports. `is_given` tells whether
    /// a setting was made.
    fn complete(&mut self, is_given: impl Fn(&str) -> bool) {
        self.domain = self.domain.take().map(|domain| domain.to_ascii_lowercase());
        self.public_origin = self.public_origin.take().map(|origin| as_browsers_write(&origin));
        let Some(domain) = &self.domain else { return };
        if !is_given("bind") {
            self.bind = IpAddr::V6(Ipv6Addr::UNSPECIFIED);
        }
        if !is_given("public_origin") {
            self.public_origin = Some(format!("https://{domain}"));
        }
        if !is_given("port") {
            self.port = 443;
        }
        if self.port == 443 && !is_given("redirect_port") {
            self.redirect_port = Some(80);
        }
    }

    /// Returns the files of the certificate chain and its key, if TLS is configured.
    pub fn tls_files(&self) -> Option<(&Path, &Path)> {
        self.tls_cert.as_deref().zip(self.tls_key.as_deref())
    }

    /// Returns the time for draining. By default it is zero for a server alone, since there is no other one
    /// to go to.
    pub fn drain(&self) -> Duration {
        let usual = if self.redis_url.is_some() { DRAIN } else { Duration::ZERO };
        self.drain_ms.map_or(usual, Duration::from_millis)
    }

    pub fn session_life(&self) -> Duration {
        days(self.session_days)
    }

    /// Returns the longest duration of a call that a person with this plan starts; none for no limit.
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

    /// Checks settings that depend on each other.
    fn check(&self) -> anyhow::Result<()> {
        if let Some(domain) = &self.domain {
            let is_name = domain.contains('.')
                && !domain.ends_with('.')
                && domain.parse::<IpAddr>().is_err()
                && domain.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b));
            ensure!(is_name, "domain is a host name such as calls.example.org, without scheme and port");
            ensure!(
                !self.lan && self.tls_cert.is_none(),
                "domain obtains a certificate: unset lan and tls_cert"
            );
            ensure!(self.redis_url.is_none(), "domain is for a single server: give several servers tls_cert");
        }
        ensure!(self.session_days >= 1, "session_days must be at least 1");
        ensure!(self.invite_days >= 1, "invite_days must be at least 1");
        // A migration needs two: one connection holds the lock, the other changes the schema.
        ensure!(self.pool.connections >= 2, "database_connections must be at least 2");
        let guessable = self.metrics_token.as_ref().is_some_and(|token| token.len() < 16);
        ensure!(!guessable, "metrics_token must have at least 16 characters");
        for origin in self.allowed_origins.iter().chain(&self.public_origin) {
            let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
            let plain = host.is_some_and(|host| !host.is_empty() && !host.contains('/'));
            ensure!(plain, "an origin looks like https://parley.example, without a path: {origin}");
        }
        if let Some(dist) = &self.dist {
            ensure!(dist.join("index.html").is_file(), "dist: there is no index.html in {}", dist.display());
        }
        ensure!(self.tls_cert.is_some() == self.tls_key.is_some(), "tls_cert and tls_key need each other");
        ensure!(self.tls_cert.is_none() || !self.lan, "lan makes a certificate of its own: unset tls_cert");
        ensure!(self.connections_per_address > 0, "connections_per_address must be at least 1");
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
