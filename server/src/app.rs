//! The server as one value: everything that a request needs, built once and handed around.

use crate::{
    bus::{Audience, Bus, Delivery, InProcess, Place, RedisBus},
    calls::{self, Rosters, deadlines::Alarm},
    clock::Clock,
    config::Config,
    error::Answer,
    http::assets::Assets,
    jobs,
    limits::{InMemory, InRedis, Limiter, Limits},
    media::{MediaEngine, PeerToPeer},
    shared::Shared,
    storage::Store,
    ws::hub::Hub,
};
use anyhow::Context;
use parley_protocol::ServerMessage;
use std::{ops::Deref, sync::Arc, time::Duration};
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
    pub media: Box<dyn MediaEngine>,
    pub rosters: Arc<Rosters>,
    pub alarm: Alarm,
    pub limits: Limits,
    pub assets: Assets,
    draining: watch::Sender<bool>,
}

/// The server waits for whoever holds one.
pub struct Draining(watch::Receiver<bool>);

impl Draining {
    /// Returns when the server stops.
    pub async fn begun(&mut self) {
        // The sender lives as long as the server.
        let _ = self.0.wait_for(|stop| *stop).await;
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
    pub async fn open(config: Config, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let store = Store::open_with(&config.database_url(), config.pool)
            .await
            .context("cannot open the database")?;
        let (hub, rosters) = (Arc::new(Hub::default()), Arc::new(Rosters::default()));
        let (bus, limiter): (Box<dyn Bus>, Arc<dyn Limiter>) = match &config.redis_url {
            None => (Box::new(InProcess(hub.clone())), Arc::new(InMemory::default())),
            Some(url) => {
                let client = reachable(url).await.context("cannot reach Redis")?;
                let (prefix, dead_after) = (config.redis_prefix.clone(), config.redis_dead);
                let place = Place { client, prefix, dead_after };
                let shared = Arc::new(Shared::new(place.client.clone(), &place.prefix));
                let bus = RedisBus::start(&place, Uuid::now_v7(), hub.clone(), rosters.clone());
                (Box::new(bus), Arc::new(InRedis::new(shared)))
            }
        };
        Ok(Self(Arc::new(Parts {
            clock,
            store,
            bus,
            hub,
            media: Box::new(PeerToPeer::new(&config)),
            rosters,
            alarm: Alarm::default(),
            limits: Limits::new(config.limits.clone(), limiter),
            assets: Assets::new(config.dist.clone()),
            draining: watch::Sender::new(false),
            config,
        })))
    }

    /// Takes up what an earlier run left behind, and starts what runs beside the requests.
    pub async fn begin(&self) -> Answer<()> {
        calls::devices::sweep(self).await?;
        calls::deadlines::sweep(self).await?;
        let (due, old) = (self.clone(), self.clone());
        jobs::keep_running("deadlines", self.draining(), move || calls::deadlines::run(due.clone()));
        jobs::keep_running("jobs", self.draining(), move || jobs::run(old.clone()));
        Ok(())
    }

    /// Sends one message to everyone in the audience.
    pub fn tell(&self, to: Vec<Audience>, message: &ServerMessage) {
        match serde_json::to_string(message) {
            Ok(text) => self.bus.publish(Delivery { to, frame: text.into() }),
            Err(error) => tracing::error!(%error, "a message cannot be written"),
        }
    }

    /// For everyone who has to end when the server stops.
    pub fn draining(&self) -> Draining {
        Draining(self.draining.subscribe())
    }

    /// Returns when nobody watches any longer: every connection, socket and job has come to its end.
    pub async fn drained(&self) {
        self.draining.closed().await;
    }

    pub fn is_draining(&self) -> bool {
        *self.draining.borrow()
    }

    pub fn drain(&self) {
        self.draining.send_replace(true);
    }
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
