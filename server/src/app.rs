//! The server as one value: everything that a request needs, built once and handed around.

mod alarm;
mod known_sessions;
mod lifecycle;
mod stale_presence;

pub use known_sessions::KnownSession;
pub use lifecycle::{Phase, Phases};

use crate::{
    assets::Assets,
    clock::Clock,
    cluster::{
        bus::{Bus, InProcess, RedisBus, RedisEndpoint},
        delivery::{Audience, Delivery},
        directory::{self, Alone, Directory},
        hub::{Hub, Queues},
        limits::{self, InMemory, Limiter, Limits},
        redis::Shared,
    },
    config::Config,
    media::Media,
    metrics::{Metrics, Snapshot},
    oidc::Provider,
    storage::{CallCache, Store},
};
use alarm::Alarm;
use anyhow::Context;
use known_sessions::KnownSessions;
use lifecycle::Lifecycle;
use serde::Serialize;
use stale_presence::StalePresence;
use std::{ops::Deref, sync::Arc, time::Duration};
use tokio::time::timeout;
use uuid::Uuid;

/// How long Redis may take to answer for the first time.
const REDIS_WITHIN: Duration = Duration::from_secs(5);

#[derive(Clone)]
pub struct App(Arc<Parts>);

pub struct Parts {
    pub config: Config,
    pub clock: Arc<dyn Clock>,
    pub store: Store,
    pub hub: Arc<Hub>,
    pub bus: Box<dyn Bus>,
    pub directory: Box<dyn Directory>,
    pub stale_presence: StalePresence,
    pub media: Media,
    /// Where people may have accounts that they sign in with.
    pub oidc: Option<Provider>,
    pub call_cache: Arc<CallCache>,
    pub sessions: KnownSessions,
    pub alarm: Alarm,
    pub limits: Limits,
    pub assets: Assets,
    pub metrics: Metrics,
    lifecycle: Lifecycle,
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Opens the database; nothing runs yet.
    pub async fn open(mut config: Config, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        // Among several servers, the others held their sockets meanwhile.
        config.rules.began = config.redis_url.is_none().then(|| clock.now());
        let metrics = Metrics::default();
        let mut store = Store::open_with(&config.database_url(), config.pool)
            .await
            .context("cannot open the database")?;
        store.time(metrics.database());
        let (hub, call_cache) = (Arc::new(Hub::default()), Arc::new(CallCache::default()));
        let shared = match &config.redis_url {
            None => Common {
                bus: Box::new(InProcess(hub.clone())),
                limiter: Arc::new(InMemory::default()),
                directory: Box::new(Alone::new(hub.clone())),
            },
            Some(url) => common(url, &config, &hub, &call_cache).await.context("cannot reach Redis")?,
        };
        let Common { bus, limiter, directory } = shared;
        Ok(Self(Arc::new(Parts {
            clock,
            store,
            bus,
            directory,
            stale_presence: StalePresence::default(),
            hub,
            oidc: config.oidc.is_set().then(|| Provider::new(config.oidc.clone())).transpose()?,
            media: Media::new(&config),
            call_cache,
            sessions: KnownSessions::default(),
            alarm: Alarm::default(),
            limits: Limits::new(config.limits.clone(), limiter),
            assets: Assets::new(config.dist.clone()),
            metrics,
            lifecycle: Lifecycle::default(),
            config,
        })))
    }

    /// Sends one message to everyone in the audience.
    pub fn publish(&self, to: Vec<Audience>, message: &impl Serialize) {
        match Delivery::of(to, message) {
            Ok(delivery) => self.bus.publish(delivery),
            Err(error) => tracing::error!(%error, "a message cannot be written"),
        }
    }

    /// Reads what the metrics tell of this moment.
    pub fn snapshot(&self) -> Snapshot {
        let Queues { sockets, frames, longest } = self.hub.queues();
        Snapshot {
            sockets,
            queued_frames: frames,
            longest_queue: longest,
            is_bus_up: self.bus.is_up(),
            bus_waiting: self.bus.waiting(),
        }
    }

    /// Watches the phases. The server stops when nobody does so any longer.
    pub fn phases(&self) -> Phases {
        self.lifecycle.watch()
    }

    /// Returns when nobody watches any longer: every connection, socket and job has come to its end.
    pub async fn drained(&self) {
        self.lifecycle.unwatched().await;
    }

    pub fn phase(&self) -> Phase {
        self.lifecycle.phase()
    }

    /// Tells whether nothing new may begin here.
    pub fn is_draining(&self) -> bool {
        self.phase() != Phase::Running
    }

    /// Sends everyone who is here elsewhere; `stop` is the end of it.
    pub fn drain(&self) {
        self.lifecycle.drain();
    }

    pub fn stop(&self) {
        self.lifecycle.stop();
    }
}

/// What a server has alone, or together with others.
struct Common {
    bus: Box<dyn Bus>,
    limiter: Arc<dyn Limiter>,
    directory: Box<dyn Directory>,
}

async fn common(
    url: &str,
    config: &Config,
    hub: &Arc<Hub>,
    call_cache: &Arc<CallCache>,
) -> anyhow::Result<Common> {
    let client = reachable(url).await?;
    let me = Uuid::now_v7();
    let shared = Arc::new(Shared::new(client.clone(), &config.redis_prefix));
    let endpoint =
        RedisEndpoint { client, prefix: config.redis_prefix.clone(), dead_after: config.redis_dead };
    Ok(Common {
        bus: Box::new(RedisBus::start(&endpoint, me, hub.clone(), call_cache.clone())),
        limiter: Arc::new(limits::InRedis::new(shared.clone())),
        directory: Box::new(directory::InRedis::new(shared, hub.clone(), me, config.lease)),
    })
}

/// A Redis that answers; one that does not is a mistake to be told at the start, not later.
async fn reachable(url: &str) -> anyhow::Result<redis::Client> {
    let client = redis::Client::open(url)?;
    let asking = async {
        let mut connection = client.get_multiplexed_async_connection().await?;
        redis::cmd("PING").exec_async(&mut connection).await
    };
    timeout(REDIS_WITHIN, asking).await.context("no answer")??;
    Ok(client)
}
