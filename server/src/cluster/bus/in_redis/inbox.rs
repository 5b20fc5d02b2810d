//! The receiving task of the bus: it keeps the subscriptions, and acts on each note from another server.

use super::{BEATS, Heartbeat, Names, Note, PATIENCE, Topic, outbox::Outbox};
use crate::{
    cluster::{bus::Filter, delivery::Audience, hub::Hub},
    metrics::BUS_RECEIVED,
    storage::CallCache,
};
use axum::body::Bytes;
use futures_util::StreamExt;
use parley_protocol::{CallId, UserId};
use redis::{
    Client, Msg,
    aio::{PubSubSink, PubSubStream},
};
use std::{collections::HashSet, sync::Arc, time::Duration};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, MissedTickBehavior, interval, timeout},
};
use uuid::Uuid;

/// The most commands that are carried out together.
const BATCH: usize = 512;
/// The most channels in one command when all are subscribed to again.
const CHANNELS: usize = 1_000;
/// The pause between two attempts to connect.
const RETRY: Duration = Duration::from_millis(200);

/// A change of the subscriptions.
pub enum Command {
    Hold(UserId, oneshot::Sender<()>),
    Release(UserId),
    Watch(CallId),
    Unwatch(CallId),
}

pub struct Inbox {
    pub client: Client,
    pub names: Names,
    pub me: Uuid,
    pub hub: Arc<Hub>,
    pub call_cache: Arc<CallCache>,
    pub outbox: Outbox,
    pub heartbeat: Arc<Heartbeat>,
}

/// The error of a connection that has to be replaced.
struct Broken;

impl Inbox {
    /// Connects, and connects again after every failure, until all senders of commands are gone.
    pub async fn run(self, mut commands: mpsc::UnboundedReceiver<Command>) {
        let mut topics: HashSet<Topic> = HashSet::from([Topic::Servers, Topic::Me(self.me)]);
        let mut missed = false;
        loop {
            if let Some((mut sink, mut stream)) = self.connect(&topics).await {
                if missed {
                    // Redis does not repeat what was published while this server was not subscribed.
                    tracing::info!("receiving from other servers again");
                    self.gap();
                    missed = false;
                }
                self.call_cache.watched(topics.iter().filter_map(call));
                if self.listen(&mut sink, &mut stream, &mut commands, &mut topics).await.is_ok() {
                    return;
                }
            }
            if !missed {
                tracing::warn!("not receiving from other servers");
                // Without subscriptions nothing tells this server that a cached call has changed.
                self.call_cache.forget_all();
            }
            missed = true;
            if self.rest(&mut commands, &mut topics).await.is_none() {
                return;
            }
        }
    }

    async fn connect(&self, topics: &HashSet<Topic>) -> Option<(PubSubSink, PubSubStream)> {
        let pubsub = timeout(PATIENCE, self.client.get_async_pubsub()).await.ok()?.ok()?;
        let (mut sink, stream) = pubsub.split();
        let all: Vec<Topic> = topics.iter().copied().collect();
        for some in all.chunks(CHANNELS) {
            self.subscribe(&mut sink, some).await.ok()?;
        }
        self.heartbeat.heard();
        Some((sink, stream))
    }

    async fn subscribe(&self, sink: &mut PubSubSink, topics: &[Topic]) -> Result<(), Broken> {
        let channels: Vec<String> = topics.iter().map(|topic| self.names.channel(*topic)).collect();
        match timeout(PATIENCE, sink.subscribe(channels)).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(Broken),
        }
    }

    /// Receives notes and carries out commands until the connection breaks; `Ok` when all senders of commands
    /// are gone.
    async fn listen(
        &self,
        sink: &mut PubSubSink,
        stream: &mut PubSubStream,
        commands: &mut mpsc::UnboundedReceiver<Command>,
        topics: &mut HashSet<Topic>,
    ) -> Result<(), Broken> {
        let mut beats = interval(self.heartbeat.deaf / BEATS);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut batch = Vec::new();
        loop {
            tokio::select! {
                message = stream.next() => self.heard(&message.ok_or(Broken)?),
                count = commands.recv_many(&mut batch, BATCH) => {
                    if count == 0 {
                        return Ok(());
                    }
                    self.obey(sink, batch.drain(..), topics).await?;
                }
                _ = beats.tick() => {
                    if !self.heartbeat.is_alive() {
                        return Err(Broken);
                    }
                    self.beat();
                }
            }
        }
    }

    /// Pauses before the next attempt to connect. Commands are noted meanwhile for the next subscription.
    /// `None` when all senders of commands are gone.
    async fn rest(
        &self,
        commands: &mut mpsc::UnboundedReceiver<Command>,
        topics: &mut HashSet<Topic>,
    ) -> Option<()> {
        let until = Instant::now() + RETRY;
        loop {
            match tokio::time::timeout_at(until, commands.recv()).await {
                // Dropping the sender of the acknowledgement lets `hold` return at once.
                Ok(Some(command)) => drop(self.note(command, topics)),
                Ok(None) => return None,
                Err(_) => {
                    // Makes the outbox try its own connection as well.
                    self.beat();
                    return Some(());
                }
            }
        }
    }

    /// Carries out several commands with one request to Redis.
    async fn obey(
        &self,
        sink: &mut PubSubSink,
        commands: impl Iterator<Item = Command>,
        topics: &mut HashSet<Topic>,
    ) -> Result<(), Broken> {
        let (mut touched, mut waiting) = (Vec::new(), Vec::new());
        for command in commands {
            let (change, ack) = self.note(command, topics);
            touched.extend(change);
            waiting.extend(ack);
        }
        // A topic may have been added and removed within the batch: the state after all of them decides.
        let (new, old): (Vec<Topic>, Vec<Topic>) =
            touched.into_iter().partition(|topic| topics.contains(topic));
        if !new.is_empty() {
            self.subscribe(sink, &new).await?;
            self.call_cache.watched(new.iter().filter_map(call));
        }
        for ack in waiting {
            // Fails when the socket that waited is gone.
            let _: Result<(), ()> = ack.send(());
        }
        if !old.is_empty() {
            let channels: Vec<String> = old.iter().map(|topic| self.names.channel(*topic)).collect();
            match timeout(PATIENCE, sink.unsubscribe(channels)).await {
                Ok(Ok(())) => {}
                _ => return Err(Broken),
            }
        }
        Ok(())
    }

    /// Applies the command to the topics. Returns the topic to subscribe to or to leave, and the waiting
    /// sender.
    fn note(
        &self,
        command: Command,
        topics: &mut HashSet<Topic>,
    ) -> (Option<Topic>, Option<oneshot::Sender<()>>) {
        match command {
            Command::Hold(user, ack) => {
                let topic = Topic::User(user);
                (topics.insert(topic).then_some(topic), Some(ack))
            }
            Command::Release(user) => {
                let topic = Topic::User(user);
                // Another device of the person may have connected since.
                let gone = !self.hub.holds(user) && topics.remove(&topic);
                (gone.then_some(topic), None)
            }
            Command::Watch(call) => {
                let topic = Topic::Call(call);
                topics.insert(topic);
                // Subscribed to even if it was before: the cache has a new slot, which has to be marked as
                // watched.
                (Some(topic), None)
            }
            Command::Unwatch(call) => {
                let topic = Topic::Call(call);
                (topics.remove(&topic).then_some(topic), None)
            }
        }
    }

    /// Acts on a note. Redis sends a server its own notes too; of those only the heartbeat counts.
    fn heard(&self, message: &Msg) {
        let Some((origin, note)) = Note::read(message.get_payload_bytes()) else { return };
        if origin == self.me {
            if note == Note::Beat {
                self.heartbeat.heard();
            }
            return;
        }
        BUS_RECEIVED.inc();
        let user = self.names.user(message.get_channel_name());
        match (note, user) {
            (Note::Frame { filter, frame }, Some(user)) => {
                let to = match filter {
                    Filter::All => Audience::Users(vec![user]),
                    Filter::But(but) => Audience::OtherDevices { user, but },
                    Filter::Only(device) => Audience::Device { user, device },
                };
                self.hub.deliver(&[to], frame);
            }
            (Note::Revoked(session), _) => self.hub.revoke(session),
            (Note::Replaced(device), Some(user)) => self.hub.replace(user, device),
            (Note::Changed(changed), _) => self.call_cache.outdated(changed),
            (Note::Renamed(user), _) => self.call_cache.forget_person(user),
            (Note::Gap, _) => self.gap(),
            _ => {}
        }
    }

    /// Sends the heartbeat through the outbox, so that it takes the same way as all notes.
    fn beat(&self) {
        self.outbox.send(self.names.channel(Topic::Me(self.me)), Bytes::from(Note::Beat.write(self.me)));
    }

    /// Drops cached calls, and makes devices load their state, because notes may have been lost.
    fn gap(&self) {
        self.call_cache.forget_all();
        self.hub.gap();
    }
}

fn call(topic: &Topic) -> Option<CallId> {
    match topic {
        Topic::Call(call) => Some(*call),
        _ => None,
    }
}
