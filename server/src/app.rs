//! The server as one value, [`App`]: everything that a request or a job needs, built once and cloned into
//! every task.

mod alarm;
mod descriptors;
mod known_sessions;
mod lifecycle;
mod stale_presence;

pub use descriptors::raise_limit as raise_descriptor_limit;
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
use descriptors::Descriptors;
use known_sessions::KnownSessions;
use lifecycle::Lifecycle;
use serde::Serialize;
use stale_presence::StalePresence;
use std::{ops::Deref, sync::Arc, time::Duration};
use tokio::time::timeout;
use uuid::Uuid;

/// The longest time until Redis answers for the first time.
const REDIS_WITHIN: Duration = Duration::from_secs(5);

/// A handle to the server's parts. Clones share them.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The parts of a server.
pub struct Parts {
    pub config: Config,
    pub clock: Arc<dyn Clock>,
    pub store: Store,
    pub hub: Arc<Hub>,
    pub bus: Box<dyn Bus>,
    pub directory: Box<dyn Directory>,
    pub stale_presence: StalePresence,
    pub media: Media,
    /// The OpenID Connect issuer at which people may sign in, if one is configured.
    pub oidc: Option<Provider>,
    pub call_cache: Arc<CallCache>,
    pub sessions: KnownSessions,
    pub alarm: Alarm,
    pub descriptors: Descriptors,
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
    /// Opens the database and reaches Redis, if there is one. Nothing runs yet.
    pub async fn open(mut config: Config, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        // After a restart of the only server every socket is gone, and calls end for that reason. Among
        // several servers the others kept their sockets, so a restart explains nothing.
        config.rules.began = config.redis_url.is_none().then(|| clock.now());
        let metrics = Metrics::default();
        let mut store = Store::open_with(&config.database_url(), config.pool)
            .await
            .context("cannot open the database")?;
        store.time(metrics.database());
        let (hub, call_cache) = (Arc::new(Hub::default()), Arc::new(CallCache::default()));
        let shared = match &config.redis_url {
            None => ClusterParts {
                bus: Box::new(InProcess(hub.clone())),
                limiter: Arc::new(InMemory::default()),
                directory: Box::new(Alone::new(hub.clone())),
            },
            Some(url) => over_redis(url, &config, &hub, &call_cache).await.context("cannot reach Redis")?,
        };
        let ClusterParts { bus, limiter, directory } = shared;
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
            descriptors: Descriptors::default(),
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
            Err(error) => tracing::error!(%error, "cannot serialize a message"),
        }
    }

    /// Reads the gauges of this moment for the metrics.
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

    /// Returns a view of the phases. A stopping server waits until every view is dropped.
    pub fn phases(&self) -> Phases {
        self.lifecycle.watch()
    }

    /// Returns when every view of the phases is dropped: all connections, sockets and jobs have ended.
    pub async fn drained(&self) {
        self.lifecycle.unwatched().await;
    }

    pub fn phase(&self) -> Phase {
        self.lifecycle.phase()
    }

    /// Tells whether the server takes no new sockets and calls.
    pub fn is_draining(&self) -> bool {
        self.phase() != Phase::Running
    }

    /// Tells every connected device to go to another server. `stop` follows.
    pub fn drain(&self) {
        self.lifecycle.drain();
    }

    pub fn stop(&self) {
        self.lifecycle.stop();
    }
}

/// The parts that have one form for a single server and one for several.
struct ClusterParts {
    bus: Box<dyn Bus>,
    limiter: Arc<dyn Limiter>,
    directory: Box<dyn Directory>,
}

/// Builds the parts of a server among several.
async fn over_redis(
    url: &str,
    config: &Config,
    hub: &Arc<Hub>,
    call_cache: &Arc<CallCache>,
) -> anyhow::Result<ClusterParts> {
    let client = reachable(url).await?;
    let me = Uuid::now_v7();
    let shared = Arc::new(Shared::new(client.clone(), &config.redis_prefix));
    let endpoint =
        RedisEndpoint { client, prefix: config.redis_prefix.clone(), dead_after: config.redis_dead };
    Ok(ClusterParts {
        bus: Box::new(RedisBus::start(&endpoint, me, hub.clone(), call_cache.clone())),
        limiter: Arc::new(limits::InRedis::new(shared.clone())),
        directory: Box::new(directory::InRedis::new(shared, hub.clone(), me, config.lease)),
    })
}

/// Opens a client and checks that Redis answers, so that a wrong address is reported at the start and not
/// later.
async fn reachable(url: &str) -> anyhow::Result<redis::Client> {
    let client = redis::Client::open(url)?;
    let asking = async {
        let mut connection = client.get_multiplexed_async_connection().await?;
        redis::cmd("PING").exec_async(&mut connection).await
    };
    timeout(REDIS_WITHIN, asking).await.context("no answer")??;
    Ok(client)
}
