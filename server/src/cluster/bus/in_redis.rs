//! The bus between several servers, over publish and subscribe of Redis.
//!
//! ```text
//! publish ──► own sockets, at once
//!    └──► outbox ──► Redis ──► inbox of every server that holds the person ──► its sockets
//! ```
//!
//! Publishing does not wait for Redis. While Redis does not answer, people on one server still reach one
//! another; when it is back, every server subscribes again and makes its devices load what they may have
//! missed.

mod inbox;
mod outbox;

use super::{Bus, Filter, Note};
use crate::{
    cluster::{
        delivery::{Audience, Delivery},
        hub::Hub,
    },
    storage::{CallCache, CallChange},
};
use async_trait::async_trait;
use axum::body::Bytes;
use inbox::{Command, Inbox};
use outbox::Outbox;
use parley_protocol::{CallId, DeviceId, SessionId, UserId};
use redis::Client;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, timeout},
};
use uuid::Uuid;

/// The time that Redis has to answer.
const PATIENCE: Duration = Duration::from_secs(1);
/// The number of heartbeats within the silence after which Redis counts as dead.
const BEATS: u32 = 6;

pub struct RedisBus {
    names: Names,
    me: Uuid,
    hub: Arc<Hub>,
    outbox: Outbox,
    commands: mpsc::UnboundedSender<Command>,
    heartbeat: Arc<Heartbeat>,
}

/// The Redis that connects the servers of one installation.
pub struct RedisEndpoint {
    pub client: Client,
    pub prefix: String,
    /// The silence after which Redis counts as dead.
    pub dead_after: Duration,
}

/// The subject of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Topic {
    User(UserId),
    Call(CallId),
    /// All servers.
    Servers,
    /// This server alone, for its heartbeat.
    Me(Uuid),
}

/// The channel names of one installation; their prefix lets several share one Redis.
#[derive(Clone)]
struct Names(Arc<str>);

impl Names {
    fn channel(&self, topic: Topic) -> String {
        match topic {
            Topic::User(user) => format!("{}:user:{user}", self.0),
            Topic::Call(call) => format!("{}:call:{call}", self.0),
            Topic::Servers => format!("{}:servers", self.0),
            Topic::Me(server) => format!("{}:server:{server}", self.0),
        }
    }

    /// Returns the person whose channel it is.
    fn user(&self, channel: &str) -> Option<UserId> {
        channel.strip_prefix(&*self.0)?.strip_prefix(":user:")?.parse().ok()
    }
}

/// The heartbeat that a server publishes and receives itself, because a dead connection to Redis may stay
/// silent.
struct Heartbeat {
    /// The silence after which Redis counts as dead.
    deaf: Duration,
    began: Instant,
    heard_ms: AtomicU64,
}

impl Heartbeat {
    fn heard(&self) {
        self.heard_ms.store(self.age_ms(), Ordering::Relaxed);
    }

    fn is_alive(&self) -> bool {
        let silent_ms = self.age_ms().saturating_sub(self.heard_ms.load(Ordering::Relaxed));
        Duration::from_millis(silent_ms) < self.deaf
    }

    fn age_ms(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

impl RedisBus {
    /// Starts the tasks that send and receive. They run as long as the runtime, because the call cache, which
    /// the receiving task holds, keeps a sender of its commands.
    pub fn start(at: &RedisEndpoint, me: Uuid, hub: Arc<Hub>, call_cache: Arc<CallCache>) -> Self {
        let RedisEndpoint { client, prefix, dead_after: deaf } = at;
        let names = Names(prefix.as_str().into());
        let heartbeat =
            Arc::new(Heartbeat { deaf: *deaf, began: Instant::now(), heard_ms: AtomicU64::new(0) });
        let outbox = Outbox::start(client.clone(), names.channel(Topic::Servers), me);
        let (commands, orders) = mpsc::unbounded_channel();
        let watch = commands.clone();
        call_cache.share(move |call, wanted| {
            let command = if wanted { Command::Watch(call) } else { Command::Unwatch(call) };
            // Fails only after the inbox has ended, and then nothing is subscribed to.
            let _ = watch.send(command);
        });
        let inbox = Inbox {
            client: client.clone(),
            names: names.clone(),
            me,
            hub: hub.clone(),
            call_cache,
            outbox: outbox.clone(),
            heartbeat: heartbeat.clone(),
        };
        tokio::spawn(inbox.run(orders));
        Self { names, me, hub, outbox, commands, heartbeat }
    }

    fn send(&self, topic: Topic, note: &Note) {
        self.outbox.send(self.names.channel(topic), Bytes::from(note.write(self.me)));
    }
}

#[async_trait]
impl Bus for RedisBus {
    fn publish(&self, delivery: Delivery) {
        self.hub.deliver(&delivery.to, delivery.frame.clone());
        let note = |filter| Note::Frame { filter, frame: delivery.frame.clone() };
        for part in &delivery.to {
            match part {
                Audience::Users(users) => {
                    let bytes = Bytes::from(note(Filter::All).write(self.me));
                    for user in users {
                        self.outbox.send(self.names.channel(Topic::User(*user)), bytes.clone());
                    }
                }
                Audience::OtherDevices { user, but } => {
                    self.send(Topic::User(*user), &note(Filter::But(*but)));
                }
                // A device has only one socket. If it is here, no other server has to hear of the frame.
                Audience::Device { user, device } if !self.hub.is_connected(*user, *device) => {
                    self.send(Topic::User(*user), &note(Filter::Only(*device)));
                }
                Audience::Device { .. } => {}
            }
        }
    }

    fn revoke(&self, user: UserId, session: SessionId) {
        self.hub.revoke(session);
        self.send(Topic::User(user), &Note::Revoked(session));
    }

    fn replaced(&self, user: UserId, device: DeviceId) {
        self.send(Topic::User(user), &Note::Replaced(device));
    }

    fn changed(&self, call: CallChange) {
        self.send(Topic::Call(call.call), &Note::Changed(call));
    }

    fn renamed(&self, user: UserId) {
        self.send(Topic::Servers, &Note::Renamed(user));
    }

    async fn hold(&self, user: UserId) {
        let (done, held) = oneshot::channel();
        if self.commands.send(Command::Hold(user, done)).is_ok() {
            // Without an answer Redis is unavailable. The socket is welcomed all the same, and loads what it
            // misses when Redis is back.
            let _ = timeout(2 * PATIENCE, held).await;
        }
    }

    fn release(&self, user: UserId) {
        // Fails only after the inbox has ended, and then nothing is subscribed to.
        let _ = self.commands.send(Command::Release(user));
    }

    fn is_up(&self) -> bool {
        self.heartbeat.is_alive()
    }

    fn waiting(&self) -> usize {
        self.outbox.waiting()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_names_its_person() {
        let (names, id) = (Names("a:b".into()), Uuid::now_v7());
        assert_eq!(names.user(&names.channel(Topic::User(UserId(id)))), Some(UserId(id)));
        assert_eq!(names.user(&names.channel(Topic::Call(CallId(id)))), None);
        assert_eq!(Names("c".into()).user(&names.channel(Topic::User(UserId(id)))), None);
    }
}
