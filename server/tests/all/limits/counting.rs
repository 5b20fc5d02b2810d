//! The two limiters themselves.

use crate::support::redis;
use parley_protocol::{Timestamp, UserId};
use parley_server::cluster::{
    limits::{InMemory, InRedis, LimitKey, Limited, Limiter, Refused, Rule},
    redis::Shared,
};
use std::{sync::Arc, time::Duration};
use uuid::Uuid;

const NOW: Timestamp = Timestamp(1_780_000_000_000);
const RULE: Rule = Rule { count: 3, within: Duration::from_secs(60) };
const MS: Duration = Duration::from_millis(1);
const WHAT: Limited = Limited::CallStarts;

fn in_redis() -> InRedis {
    let client = ::redis::Client::open(redis::shared()).unwrap();
    InRedis::new(Arc::new(Shared::new(client, &redis::fresh_prefix())))
}

macro_rules! on_every_limiter {
    ($($name:ident)+) => {$(
        mod $name {
            #[tokio::test]
            async fn in_memory() {
                super::$name(&super::InMemory::default()).await;
            }

            #[tokio::test]
            async fn in_redis() {
                super::$name(&super::in_redis()).await;
            }
        }
    )+};
}

on_every_limiter!(
    the_limit_is_accepted_and_one_more_is_not
    a_refused_request_does_not_count
    a_returned_permit_can_be_taken_again
    people_and_limits_are_counted_separately
    concurrent_requests_are_counted_one_by_one
    several_permits_are_taken_together_or_not_at_all
);

fn somebody() -> LimitKey {
    LimitKey::User(UserId(Uuid::now_v7()))
}

async fn the_limit_is_accepted_and_one_more_is_not(limiter: &dyn Limiter) {
    let ana = somebody();
    for second in 0..3 {
        limiter.take(WHAT, ana, 1, RULE, NOW + Duration::from_secs(second)).await.unwrap();
    }
    let at = NOW + Duration::from_secs(10);
    assert_eq!(limiter.take(WHAT, ana, 1, RULE, at).await, Err(Refused::Wait(Duration::from_secs(50))));
    let before = NOW + Duration::from_millis(59_999);
    assert_eq!(limiter.take(WHAT, ana, 1, RULE, before).await, Err(Refused::Wait(MS)));
    limiter.take(WHAT, ana, 1, RULE, NOW + RULE.within).await.unwrap();
    let next = limiter.take(WHAT, ana, 1, RULE, NOW + RULE.within).await;
    assert_eq!(next, Err(Refused::Wait(Duration::from_secs(1))), "one leaves at a time");
}

async fn a_refused_request_does_not_count(limiter: &dyn Limiter) {
    let ana = somebody();
    for _ in 0..3 {
        limiter.take(WHAT, ana, 1, RULE, NOW).await.unwrap();
    }
    for _ in 0..10 {
        assert!(limiter.take(WHAT, ana, 1, RULE, NOW + Duration::from_secs(59)).await.is_err());
    }
    for _ in 0..3 {
        limiter.take(WHAT, ana, 1, RULE, NOW + RULE.within).await.unwrap();
    }
}

async fn a_returned_permit_can_be_taken_again(limiter: &dyn Limiter) {
    let ana = somebody();
    limiter.give_back(WHAT, ana).await.unwrap();
    for _ in 0..3 {
        limiter.take(WHAT, ana, 1, RULE, NOW).await.unwrap();
    }
    limiter.give_back(WHAT, ana).await.unwrap();
    limiter.take(WHAT, ana, 1, RULE, NOW).await.unwrap();
    assert!(limiter.take(WHAT, ana, 1, RULE, NOW).await.is_err());
}

async fn people_and_limits_are_counted_separately(limiter: &dyn Limiter) {
    let (ana, ben) = (somebody(), somebody());
    for _ in 0..3 {
        limiter.take(WHAT, ana, 1, RULE, NOW).await.unwrap();
    }
    limiter.take(WHAT, ben, 1, RULE, NOW).await.unwrap();
    limiter.take(Limited::Messages, ana, 1, RULE, NOW).await.unwrap();
    assert!(limiter.take(WHAT, ana, 1, RULE, NOW).await.is_err());
}

async fn concurrent_requests_are_counted_one_by_one(limiter: &dyn Limiter) {
    let ana = somebody();
    let all = (0..50).map(|_| limiter.take(WHAT, ana, 1, RULE, NOW));
    let done = futures_util::future::join_all(all).await;
    assert_eq!(done.iter().filter(|taken| taken.is_ok()).count(), 3);
}

async fn several_permits_are_taken_together_or_not_at_all(limiter: &dyn Limiter) {
    let (ana, later) = (somebody(), NOW + Duration::from_secs(10));
    limiter.take(WHAT, ana, 1, RULE, NOW).await.unwrap();
    limiter.take(WHAT, ana, 1, RULE, later).await.unwrap();
    let two = limiter.take(WHAT, ana, 2, RULE, later).await;
    assert_eq!(two, Err(Refused::Wait(Duration::from_secs(50))), "until the first is gone");
    let three = limiter.take(WHAT, ana, 3, RULE, later).await;
    assert_eq!(three, Err(Refused::Wait(Duration::from_secs(60))), "until both are");
    limiter.take(WHAT, ana, 1, RULE, later).await.unwrap();
    limiter.take(WHAT, ana, 3, RULE, later + RULE.within).await.unwrap();
    assert!(limiter.take(WHAT, ana, 1, RULE, later + RULE.within).await.is_err());
}

/// Checks that the key of a counter expires, so that Redis keeps nothing of people who are idle.
#[tokio::test]
async fn redis_forgets_by_itself() {
    let (prefix, client) = (redis::fresh_prefix(), ::redis::Client::open(redis::shared()).unwrap());
    let limiter = InRedis::new(Arc::new(Shared::new(client.clone(), &prefix)));
    limiter.take(WHAT, somebody(), 1, RULE, NOW).await.unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let keys: Vec<String> =
        ::redis::cmd("KEYS").arg(format!("{prefix}:*")).query_async(&mut connection).await.unwrap();
    assert_eq!(keys.len(), 1);
    let left_ms: u64 = ::redis::cmd("PTTL").arg(&keys[0]).query_async(&mut connection).await.unwrap();
    assert!(left_ms > 0 && left_ms <= 60_000, "{left_ms}");
}
