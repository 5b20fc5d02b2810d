//! The server as one value: everything that a request needs, built once and handed around.

use crate::{
    bus::{Audience, Bus, Delivery, InProcess},
    calls::{self, Rosters, deadlines::Alarm},
    clock::Clock,
    config::Config,
    error::Answer,
    http::assets::Assets,
    jobs,
    media::{MediaEngine, PeerToPeer},
    storage::{Store, Stored},
    ws::hub::Hub,
};
use parley_protocol::ServerMessage;
use std::{ops::Deref, sync::Arc};
use tokio::sync::watch;

#[derive(Clone)]
pub struct App(Arc<Parts>);

pub struct Parts {
    pub config: Config,
    pub clock: Arc<dyn Clock>,
    pub store: Store,
    pub hub: Arc<Hub>,
    pub bus: Box<dyn Bus>,
    pub media: Box<dyn MediaEngine>,
    pub rosters: Rosters,
    pub alarm: Alarm,
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
    pub async fn open(config: Config, clock: Arc<dyn Clock>) -> Stored<Self> {
        let store = Store::open(&config.database_url()).await?;
        let hub = Arc::new(Hub::default());
        Ok(Self(Arc::new(Parts {
            clock,
            store,
            bus: Box::new(InProcess(hub.clone())),
            hub,
            media: Box::new(PeerToPeer::new(&config)),
            rosters: Rosters::default(),
            alarm: Alarm::default(),
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
