//! The limiter of several servers: the times of all uses, as in memory, in one sorted set per key of a limit.

use super::{LimitKey, Limited, Limiter, Refused, Rule};
use crate::cluster::redis::Shared;
use async_trait::async_trait;
use parley_protocol::Timestamp;
use redis::{RedisError, Script};
use std::{sync::Arc, time::Duration};
use uuid::Uuid;

/// Script that counts uses; answers 0, or the milliseconds until there is room.
/// ARGV: now, period, uses allowed, a unique id, uses.
const TAKE: &str = "
local now, within, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local count = tonumber(ARGV[5])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - within)
local over = redis.call('ZCARD', KEYS[1]) + count - most
if over > 0 then
    local last = redis.call('ZRANGE', KEYS[1], over - 1, over - 1, 'WITHSCORES')
    return math.max(1, tonumber(last[2]) + within - now)
end
for n = 1, count do
    redis.call('ZADD', KEYS[1], now, ARGV[4] .. n)
end
redis.call('PEXPIRE', KEYS[1], within)
return 0";

/// Script that removes the newest use.
const GIVE_BACK: &str = "return redis.call('ZPOPMAX', KEYS[1]) and 1";

pub struct InRedis {
    redis: Arc<Shared>,
    take: Script,
    give_back: Script,
}

impl InRedis {
    pub fn new(redis: Arc<Shared>) -> Self {
        Self { redis, take: Script::new(TAKE), give_back: Script::new(GIVE_BACK) }
    }

    fn key(&self, what: Limited, who: LimitKey) -> String {
        self.redis.key("limit", format_args!("{}:{who}", what.name()))
    }
}

#[async_trait]
impl Limiter for InRedis {
    async fn take(
        &self,
        what: Limited,
        who: LimitKey,
        count: u32,
        rule: Rule,
        now: Timestamp,
    ) -> Result<(), Refused> {
        let args = [
            now.0.to_string(),
            rule.within.as_millis().to_string(),
            rule.count.to_string(),
            Uuid::now_v7().to_string(),
            count.to_string(),
        ];
        let wait: u64 =
            self.redis.run(&self.take, &[self.key(what, who)], &args).await.map_err(|error| away(&error))?;
        if wait == 0 { Ok(()) } else { Err(Refused::Wait(Duration::from_millis(wait))) }
    }

    async fn give_back(&self, what: Limited, who: LimitKey) -> Result<(), Refused> {
        let done: Result<i64, RedisError> =
            self.redis.run(&self.give_back, &[self.key(what, who)], &[]).await;
        done.map(drop).map_err(|error| away(&error))
    }
}

fn away(error: &RedisError) -> Refused {
    Refused::Away(error.to_string())
}
