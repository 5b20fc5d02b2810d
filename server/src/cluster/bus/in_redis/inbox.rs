//! What other servers tell this one: subscriptions, and what is done with each note.

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

const BATCH: usize = 512;
/// Channels that one command subscribes to, when all are subscribed to again.
const CHANNELS: usize = 1_000;
const RETRY: Duration = Duration::from_millis(200);

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

/// The connection is of no use any longer.
struct Broken;

impl Inbox {
    /// Until nobody can give commands any longer.
    pub async fn run(self, mut commands: mpsc::UnboundedReceiver<Command>) {
        let mut topics: HashSet<Topic> = HashSet::from([Topic::Servers, Topic::Me(self.me)]);
        let mut missed = false;
        loop {
            if let Some((mut sink, mut stream)) = self.connect(&topics).await {
                if missed {
                    // What was said meanwhile is not said again.
                    tracing::info!("other servers are heard again");
                    self.gap();
                    missed = false;
                }
                self.call_cache.watched(topics.iter().filter_map(call));
                if self.listen(&mut sink, &mut stream, &mut commands, &mut topics).await.is_ok() {
                    return;
                }
            }
            if !missed {
                tracing::warn!("other servers are not heard");
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

    /// Until the connection breaks; `Ok` when nobody can give commands any longer.
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

    /// A moment without a connection, in which nobody waits in vain.
    async fn rest(
        &self,
        commands: &mut mpsc::UnboundedReceiver<Command>,
        topics: &mut HashSet<Topic>,
    ) -> Option<()> {
        let until = Instant::now() + RETRY;
        loop {
            match tokio::time::timeout_at(until, commands.recv()).await {
                Ok(Some(command)) => drop(self.note(command, topics)),
                Ok(None) => return None,
                Err(_) => {
                    self.beat();
                    return Some(());
                }
            }
        }
    }

    /// Several commands with one question to Redis.
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
        let (new, old): (Vec<Topic>, Vec<Topic>) =
            touched.into_iter().partition(|topic| topics.contains(topic));
        if !new.is_empty() {
            self.subscribe(sink, &new).await?;
            self.call_cache.watched(new.iter().filter_map(call));
        }
        for ack in waiting {
            // Whoever waited may have gone.
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

    /// What the command changes about the topics, and who waits for it.
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
                // Another of the person's devices may have come since.
                let gone = !self.hub.holds(user) && topics.remove(&topic);
                (gone.then_some(topic), None)
            }
            Command::Watch(call) => {
                let topic = Topic::Call(call);
                topics.insert(topic);
                (Some(topic), None)
            }
            Command::Unwatch(call) => {
                let topic = Topic::Call(call);
                (topics.remove(&topic).then_some(topic), None)
            }
        }
    }

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

    fn beat(&self) {
        self.outbox.send(self.names.channel(Topic::Me(self.me)), Bytes::from(Note::Beat.write(self.me)));
    }

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
