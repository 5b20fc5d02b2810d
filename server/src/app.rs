//! The server as one value: everything that a request needs, built once and handed around.

use crate::{
    assets::Assets,
    calls::{self, Rosters, deadlines::Alarm},
    clock::Clock,
    cluster::{
        bus::{Audience, Bus, Delivery, InProcess, Place, RedisBus},
        directory::{self, Alone, Directory},
        hub::Hub,
        limits::{self, InMemory, Limiter, Limits},
        redis::Shared,
    },
    config::Config,
    error::Answer,
    http::session::Sessions,
    jobs,
    media::Media,
    metrics::Metrics,
    oidc::Provider,
    people::presence::{self, Doubts},
    storage::Store,
};
use anyhow::Context;
use axum::extract::ws::Utf8Bytes;
use serde::{Serialize, ser::Error};
use std::{cell::RefCell, ops::Deref, sync::Arc, time::Duration};
use tokio::{sync::watch, time::timeout};
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
    pub doubts: Doubts,
    pub media: Media,
    /// Where people may have accounts that they sign in with.
    pub oidc: Option<Provider>,
    pub rosters: Arc<Rosters>,
    pub sessions: Sessions,
    pub alarm: Alarm,
    pub limits: Limits,
    pub assets: Assets,
    pub metrics: Metrics,
    phase: watch::Sender<Phase>,
}

/// How far the server is on its way to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Running,
    /// Whoever is here goes on, and is told to go elsewhere; nothing new begins.
    Draining,
    Stopping,
}

/// The server waits for whoever holds one.
pub struct Phases(watch::Receiver<Phase>);

impl Phases {
    /// Returns when the server is in a later phase.
    pub async fn after(&mut self, phase: Phase) -> Phase {
        // The sender lives as long as the server.
        self.0.wait_for(|now| *now > phase).await.map_or(Phase::Stopping, |now| *now)
    }

    /// Returns when the server stops.
    pub async fn stopping(&mut self) {
        self.after(Phase::Draining).await;
    }
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
        let (hub, rosters) = (Arc::new(Hub::default()), Arc::new(Rosters::default()));
        let shared = match &config.redis_url {
            None => Common {
                bus: Box::new(InProcess(hub.clone())),
                limiter: Arc::new(InMemory::default()),
                directory: Box::new(Alone::new(hub.clone())),
            },
            Some(url) => common(url, &config, &hub, &rosters).await.context("cannot reach Redis")?,
        };
        let Common { bus, limiter, directory } = shared;
        Ok(Self(Arc::new(Parts {
            clock,
            store,
            bus,
            directory,
            doubts: Doubts::default(),
            hub,
            oidc: config.oidc.is_set().then(|| Provider::new(config.oidc.clone())).transpose()?,
            media: Media::new(&config),
            rosters,
            sessions: Sessions::default(),
            alarm: Alarm::default(),
            limits: Limits::new(config.limits.clone(), limiter),
            assets: Assets::new(config.dist.clone()),
            metrics,
            phase: watch::Sender::new(Phase::Running),
            config,
        })))
    }

    /// Takes up what an earlier run left behind, and starts what runs beside the requests.
    pub async fn begin(&self) -> Answer<()> {
        self.directory.beat().await;
        calls::devices::sweep(self).await?;
        calls::deadlines::sweep(self).await?;
        let (due, old, doubts, lease) = (self.clone(), self.clone(), self.clone(), self.clone());
        jobs::keep_running("deadlines", self.phases(), move || calls::deadlines::run(due.clone()));
        jobs::keep_running("presence", self.phases(), move || presence::run(doubts.clone()));
        jobs::keep_running("lease", self.phases(), move || presence::keep_lease(lease.clone()));
        for reports in self.media.reports() {
            tokio::spawn(calls::reports::run(self.clone(), reports));
        }
        jobs::keep_running("jobs", self.phases(), move || jobs::run(old.clone()));
        Ok(())
    }

    /// Sends one message to everyone in the audience.
    pub fn tell(&self, to: Vec<Audience>, message: &impl Serialize) {
        match written(message) {
            Ok(frame) => self.bus.publish(Delivery { to, frame }),
            Err(error) => tracing::error!(%error, "a message cannot be written"),
        }
    }

    /// For everyone who has to end when the server stops.
    pub fn phases(&self) -> Phases {
        Phases(self.phase.subscribe())
    }

    /// Returns when nobody watches any longer: every connection, socket and job has come to its end.
    pub async fn drained(&self) {
        self.phase.closed().await;
    }

    pub fn phase(&self) -> Phase {
        *self.phase.borrow()
    }

    /// Whether nothing new may begin here.
    pub fn is_draining(&self) -> bool {
        self.phase() != Phase::Running
    }

    /// Sends whoever is here elsewhere; `stop` is the end of it.
    pub fn drain(&self) {
        self.phase.send_if_modified(|phase| {
            let first = *phase == Phase::Running;
            if first {
                *phase = Phase::Draining;
            }
            first
        });
    }

    pub fn stop(&self) {
        self.phase.send_replace(Phase::Stopping);
    }
}

/// A frame that takes no more memory than it needs: it is kept for those who return within two minutes.
fn written(message: &impl Serialize) -> serde_json::Result<Utf8Bytes> {
    thread_local! {
        static DRAFT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    }
    DRAFT.with_borrow_mut(|draft| {
        draft.clear();
        serde_json::to_writer(&mut *draft, message)?;
        Utf8Bytes::try_from(draft.as_slice().to_vec()).map_err(serde_json::Error::custom)
    })
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
    rosters: &Arc<Rosters>,
) -> anyhow::Result<Common> {
    let client = reachable(url).await?;
    let me = Uuid::now_v7();
    let shared = Arc::new(Shared::new(client.clone(), &config.redis_prefix));
    let place = Place { client, prefix: config.redis_prefix.clone(), dead_after: config.redis_dead };
    Ok(Common {
        bus: Box::new(RedisBus::start(&place, me, hub.clone(), rosters.clone())),
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
