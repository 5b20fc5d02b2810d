//! The directory of several servers, in Redis. Every change is one Lua script, so no server sees it half
//! done.
//!
//! | key | value |
//! |---|---|
//! | `devices:<user>` | the person's devices, each with its server |
//! | `alive:<server>` | the server's lease, which expires by itself |
//! | `alive` | all servers that have a lease, or had one that nobody has cleared up yet |
//! | `held:<server>` | the server's devices, for the one that takes over |
//! | `presence:<user>` | the presence that others were last told |

use super::{Beat, Connected, Directory};
use crate::cluster::{hub::Hub, redis::Shared};
use async_trait::async_trait;
use parley_protocol::{DeviceId, Presence, UserId};
use redis::{RedisResult, Script};
use std::{
    collections::HashSet,
    str::FromStr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use uuid::Uuid;

/// The time after which a presence that was not written again is forgotten.
const PRESENCE_MS: u64 = 24 * 60 * 60 * 1_000;
/// The most people that one script is run for.
const CHUNK: usize = 200;

/// Script that records a device at a server. ARGV: prefix, server, device.
const ARRIVED: &str = "
local user, p = KEYS[1], ARGV[1]
redis.call('HSET', p .. ':devices:' .. user, ARGV[3], ARGV[2])
redis.call('SADD', p .. ':held:' .. ARGV[2], user .. '/' .. ARGV[3])
return 0";

/// Script that removes a device from a server, but not from another one that it has connected to meanwhile.
/// ARGV: prefix, server, device.
const LEFT: &str = "
local user, p = KEYS[1], ARGV[1]
if redis.call('HGET', p .. ':devices:' .. user, ARGV[3]) == ARGV[2] then
    redis.call('HDEL', p .. ':devices:' .. user, ARGV[3])
end
redis.call('SREM', p .. ':held:' .. ARGV[2], user .. '/' .. ARGV[3])
return 0";

/// Script that looks for the device on other servers; the caller has looked at its own sockets.
/// ARGV: prefix, device, server.
const IS_CONNECTED: &str = "
local server = redis.call('HGET', ARGV[1] .. ':devices:' .. KEYS[1], ARGV[2])
if not server or server == ARGV[3] then return 0 end
return redis.call('EXISTS', ARGV[1] .. ':alive:' .. server)";

/// Script that looks for devices of people on other servers; the caller has looked at its own sockets.
/// KEYS: people. ARGV: prefix, server.
const ONLINE: &str = "
local all = {}
for i, user in ipairs(KEYS) do
    all[i] = 0
    for _, server in ipairs(redis.call('HVALS', ARGV[1] .. ':devices:' .. user)) do
        if server ~= ARGV[2] and redis.call('EXISTS', ARGV[1] .. ':alive:' .. server) == 1 then
            all[i] = 1
            break
        end
    end
end
return all";

/// Script that stores presences and answers the ones before. KEYS: people. ARGV: prefix, milliseconds,
/// presences.
const SET_PRESENCES: &str = "
local before = {}
for i, user in ipairs(KEYS) do
    local key, presence = ARGV[1] .. ':presence:' .. user, ARGV[2 + i]
    before[i] = redis.call('GET', key) or 'offline'
    if presence == 'offline' then
        redis.call('DEL', key)
    else
        redis.call('SET', key, presence, 'PX', ARGV[2])
    end
end
return before";

/// Script that answers presences. KEYS: people. ARGV: prefix.
const PRESENCES: &str = "
local all = {}
for i, user in ipairs(KEYS) do
    all[i] = redis.call('GET', ARGV[1] .. ':presence:' .. user) or 'offline'
end
return all";

/// Script that renews the lease; answers whether it still held, and the devices of dead servers, which now
/// belong to the caller. A server whose own lease had ended takes over nothing this time: after an outage of
/// Redis all leases have ended, and the others need time to renew theirs. ARGV: prefix, server, lease in
/// milliseconds.
const BEAT: &str = "
local p, me = ARGV[1], ARGV[2]
local alive = redis.call('SET', p .. ':alive:' .. me, '1', 'PX', ARGV[3], 'GET')
redis.call('SADD', p .. ':alive', me)
local answer = { alive and '1' or '0' }
if not alive then return answer end
for _, server in ipairs(redis.call('SMEMBERS', p .. ':alive')) do
    if redis.call('EXISTS', p .. ':alive:' .. server) == 0 then
        redis.call('SREM', p .. ':alive', server)
        for _, held in ipairs(redis.call('SMEMBERS', p .. ':held:' .. server)) do
            local user, device = string.match(held, '^(.-)/(.*)$')
            if redis.call('HGET', p .. ':devices:' .. user, device) == server then
                redis.call('HDEL', p .. ':devices:' .. user, device)
                answer[#answer + 1] = held
            end
        end
        redis.call('DEL', p .. ':held:' .. server)
    end
end
return answer";

/// Script that ends the lease; another server takes over the devices that are still recorded. ARGV: prefix,
/// server.
const DEPART: &str = "return redis.call('DEL', ARGV[1] .. ':alive:' .. ARGV[2])";

pub struct InRedis {
    redis: Arc<Shared>,
    hub: Arc<Hub>,
    me: Uuid,
    lease: Duration,
    scripts: Scripts,
    /// Devices that came or went while Redis did not answer.
    unrecorded: Mutex<HashSet<(UserId, DeviceId)>>,
}

struct Scripts {
    arrived: Script,
    left: Script,
    is_connected: Script,
    online: Script,
    set_presences: Script,
    presences: Script,
    beat: Script,
    depart: Script,
}

impl InRedis {
    pub fn new(redis: Arc<Shared>, hub: Arc<Hub>, me: Uuid, lease: Duration) -> Self {
        let scripts = Scripts {
            arrived: Script::new(ARRIVED),
            left: Script::new(LEFT),
            is_connected: Script::new(IS_CONNECTED),
            online: Script::new(ONLINE),
            set_presences: Script::new(SET_PRESENCES),
            presences: Script::new(PRESENCES),
            beat: Script::new(BEAT),
            depart: Script::new(DEPART),
        };
        Self { redis, hub, me, lease, scripts, unrecorded: Mutex::default() }
    }

    fn args(&self, more: &[String]) -> Vec<String> {
        let mut args = vec![self.redis.prefix().to_owned()];
        args.extend_from_slice(more);
        args
    }

    async fn record(&self, script: &Script, user: UserId, device: DeviceId) {
        let args = self.args(&[self.me.to_string(), device.to_string()]);
        let done: RedisResult<i64> = self.redis.run(script, &[user.to_string()], &args).await;
        if let Err(error) = done {
            // `catch_up` records it with the first renewal of the lease after Redis is back.
            tracing::debug!(%error, "updating the directory failed");
            self.unrecorded().insert((user, device));
        }
    }

    /// Records the present state of the devices that could not be recorded; returns whether there were any.
    /// One that fails again is put back for the next time.
    async fn catch_up(&self) -> bool {
        let late: Vec<_> = self.unrecorded().drain().collect();
        for (user, device) in &late {
            if self.hub.is_connected(*user, *device) {
                self.arrived(*user, *device).await;
            } else {
                self.left(*user, *device).await;
            }
        }
        !late.is_empty()
    }

    fn unrecorded(&self) -> MutexGuard<'_, HashSet<(UserId, DeviceId)>> {
        self.unrecorded.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a script for all of these people, in chunks; the answers are in the order of `users`. `more`
    /// returns the further arguments of the chunk that begins at an index.
    async fn ask<T: redis::FromRedisValue>(
        &self,
        script: &Script,
        users: &[UserId],
        more: impl Fn(usize) -> Vec<String>,
    ) -> Option<Vec<T>> {
        let mut all = Vec::with_capacity(users.len());
        for (at, some) in users.chunks(CHUNK).enumerate() {
            let keys: Vec<String> = some.iter().map(ToString::to_string).collect();
            let answer: RedisResult<Vec<T>> =
                self.redis.run(script, &keys, &self.args(&more(at * CHUNK))).await;
            all.extend(answer.ok()?);
        }
        (all.len() == users.len()).then_some(all)
    }
}

fn presence(word: &str) -> Presence {
    Presence::from_str(word).unwrap_or(Presence::Offline)
}

#[async_trait]
impl Directory for InRedis {
    async fn arrived(&self, user: UserId, device: DeviceId) {
        self.record(&self.scripts.arrived, user, device).await;
    }

    async fn left(&self, user: UserId, device: DeviceId) {
        self.record(&self.scripts.left, user, device).await;
    }

    async fn is_connected(&self, user: UserId, device: DeviceId) -> Connected {
        if self.hub.is_connected(user, device) {
            return Connected::Yes;
        }
        let args = self.args(&[device.to_string(), self.me.to_string()]);
        match self.redis.run::<i64>(&self.scripts.is_connected, &[user.to_string()], &args).await {
            Ok(0) => Connected::No,
            Ok(_) => Connected::Yes,
            Err(_) => Connected::Unknown,
        }
    }

    async fn online(&self, users: &[UserId]) -> Option<Vec<bool>> {
        let all: Vec<i64> = self.ask(&self.scripts.online, users, |_| vec![self.me.to_string()]).await?;
        Some(all.iter().zip(users).map(|(there, user)| *there == 1 || self.hub.is_online(*user)).collect())
    }

    async fn set_presences(&self, presences: &[(UserId, Presence)]) -> Option<Vec<Presence>> {
        let users: Vec<UserId> = presences.iter().map(|(user, _)| *user).collect();
        let more = |from: usize| {
            let some = presences[from..].iter().take(CHUNK);
            let words = some.map(|(_, presence)| presence.as_str().to_owned());
            [PRESENCE_MS.to_string()].into_iter().chain(words).collect()
        };
        let before: Vec<String> = self.ask(&self.scripts.set_presences, &users, more).await?;
        Some(before.iter().map(|word| presence(word)).collect())
    }

    async fn presences(&self, users: &[UserId]) -> Option<Vec<Presence>> {
        let all: Vec<String> = self.ask(&self.scripts.presences, users, |_| Vec::new()).await?;
        Some(all.iter().map(|word| presence(word)).collect())
    }

    async fn beat(&self) -> Beat {
        let args = self.args(&[self.me.to_string(), self.lease.as_millis().to_string()]);
        let answer: RedisResult<Vec<String>> = self.redis.run(&self.scripts.beat, &[], &args).await;
        let Ok(answer) = answer else { return Beat::default() };
        let orphan = |held: &String| {
            let (user, device) = held.split_once('/')?;
            Some((user.parse().ok()?, device.parse().ok()?))
        };
        Beat {
            was_lost: answer.first().is_some_and(|alive| alive == "0"),
            caught_up: self.catch_up().await,
            orphans: answer.iter().skip(1).filter_map(orphan).collect(),
        }
    }

    async fn depart(&self) {
        let args = self.args(&[self.me.to_string()]);
        let gone: RedisResult<i64> = self.redis.run(&self.scripts.depart, &[], &args).await;
        if let Err(error) = gone {
            tracing::warn!(%error, "ending the lease failed; other servers take over when it expires");
        }
    }
}
