//! The bus between several servers: Redis' publish and subscribe.
//!
//! ```text
//! publish ──► own sockets, at once
//!    └──► outbox ──► Redis ──► inbox of every server that holds the person ──► its sockets
//! ```
//!
//! Nothing waits for Redis. While it is away, people on one server go on hearing one another; when it is back,
//! every server subscribes again and asks its sockets to load what they may have missed.

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

/// How long an answer of Redis may take.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often a server listens for itself, in the time in which it has to hear itself.
const BEATS: u32 = 6;

pub struct RedisBus {
    names: Names,
    me: Uuid,
    hub: Arc<Hub>,
    outbox: Outbox,
    commands: mpsc::UnboundedSender<Command>,
    heartbeat: Arc<Heartbeat>,
}

/// Where servers meet.
pub struct RedisEndpoint {
    pub client: Client,
    pub prefix: String,
    /// A Redis that is silent for so long is away.
    pub dead_after: Duration,
}

/// What a channel is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Topic {
    User(UserId),
    Call(CallId),
    /// Every server.
    Servers,
    /// This one, to hear itself.
    Me(Uuid),
}

/// Several installations can share one Redis.
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

    /// Whose channel it is.
    fn user(&self, channel: &str) -> Option<UserId> {
        channel.strip_prefix(&*self.0)?.strip_prefix(":user:")?.parse().ok()
    }
}

struct Heartbeat {
    /// Without hearing itself for so long, a server takes Redis for gone.
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
    /// Begins to listen; ends when it is dropped.
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
            // The inbox ends with the bus.
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
                // A device has one socket: here, or on one other server.
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
            // Without an answer Redis is away, and what is missed meanwhile is loaded when it is back.
            let _ = timeout(2 * PATIENCE, held).await;
        }
    }

    fn release(&self, user: UserId) {
        // The inbox ends with this.
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
