//! How often somebody may do something: one service for all of it, in memory or shared in Redis.
//!
//! A limit is never off. What cannot be counted is refused: with 429 when there was too much of it, with 503
//! when the counter itself is away.

mod in_memory;
mod in_redis;
mod table;

pub use in_memory::InMemory;
pub use in_redis::InRedis;
pub use table::{Limited, Rule, Table};

use crate::error::{Answer, ApiError};
use async_trait::async_trait;
use parley_protocol::{ErrorCode, Timestamp, UserId, error::ErrorExtra};
use std::{
    fmt::{self, Display},
    net::{IpAddr, Ipv6Addr},
    sync::Arc,
    time::Duration,
};
use tokio::time::timeout;

const GIVE_BACK_WITHIN: Duration = Duration::from_millis(200);

/// Who is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LimitKey {
    User(UserId),
    Address(Network),
}

/// An address as far as one client chooses it: with IPv6 that is the last half.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network(IpAddr);

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(six) => IpAddr::V6(Ipv6Addr::from_bits(six.to_bits() >> 64 << 64)),
            four @ IpAddr::V4(_) => four,
        })
    }
}

impl From<UserId> for LimitKey {
    fn from(user: UserId) -> Self {
        Self::User(user)
    }
}

impl From<Network> for LimitKey {
    fn from(network: Network) -> Self {
        Self::Address(network)
    }
}

impl Display for LimitKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(user) => write!(f, "user:{user}"),
            Self::Address(Network(address)) => write!(f, "address:{address}"),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// Too often; after this time there is room for it.
    Wait(Duration),
    /// It cannot be counted.
    Away(String),
}

/// Counts what was done within the last stretch of time; what was refused does not count.
#[async_trait]
pub trait Limiter: Send + Sync {
    /// All of so many or none of them; `count` is no more than the rule allows.
    async fn take(
        &self,
        what: Limited,
        who: LimitKey,
        count: u32,
        rule: Rule,
        now: Timestamp,
    ) -> Result<(), Refused>;

    /// The last one does not count after all.
    async fn give_back(&self, what: Limited, who: LimitKey) -> Result<(), Refused>;

    /// Whether it never waits for anything.
    fn is_at_hand(&self) -> bool {
        false
    }
}

pub struct Limits {
    table: Table,
    limiter: Arc<dyn Limiter>,
    here: InMemory,
}

impl Limits {
    pub fn new(table: Table, limiter: Arc<dyn Limiter>) -> Self {
        Self { table, limiter, here: InMemory::default() }
    }

    pub fn rule(&self, what: Limited) -> Rule {
        self.table.rule(what)
    }

    pub async fn take(&self, what: Limited, who: impl Into<LimitKey>, now: Timestamp) -> Answer<()> {
        self.take_several(what, who, 1, now).await
    }

    /// All of so many or none of them. More at once than there may ever be takes everything, or it could never be done.
    pub async fn take_several(
        &self,
        what: Limited,
        who: impl Into<LimitKey>,
        count: usize,
        now: Timestamp,
    ) -> Answer<()> {
        let limiter = if what.is_by_server() { &self.here } else { &*self.limiter };
        let rule = self.table.rule(what);
        let count = u32::try_from(count).unwrap_or(u32::MAX).min(rule.count);
        match limiter.take(what, who.into(), count, rule, now).await {
            Ok(()) => Ok(()),
            Err(Refused::Wait(pause)) => Err(too_often(what, pause)),
            Err(Refused::Away(error)) => {
                tracing::warn!(what = what.name(), error, "refused, because it cannot be counted");
                let sentence = "the server cannot count this for the moment; try again shortly";
                Err(ApiError::new(ErrorCode::Unavailable, sentence))
            }
        }
    }

    /// Whoever answers a call does not wait for a counter that is away.
    pub async fn give_back(&self, what: Limited, who: impl Into<LimitKey>) {
        let (limiter, who) = (self.limiter.clone(), who.into());
        let is_at_hand = limiter.is_at_hand();
        let giving = async move {
            if let Err(error) = limiter.give_back(what, who).await {
                tracing::warn!(what = what.name(), ?error, "was not given back");
            }
        };
        if is_at_hand {
            giving.await;
        } else {
            let _ = timeout(GIVE_BACK_WITHIN, tokio::spawn(giving)).await;
        }
    }
}

/// The refusal of whoever does something too often.
pub fn too_often(what: Limited, pause: Duration) -> ApiError {
    let seconds = pause.as_millis().div_ceil(1_000).max(1);
    let details = ErrorExtra {
        retry_after_seconds: Some(u32::try_from(seconds).unwrap_or(u32::MAX)),
        ..ErrorExtra::default()
    };
    let message = format!("too many {}; try again in {seconds} s", what.shown());
    ApiError { details: Some(details), ..ApiError::new(ErrorCode::RateLimited, message) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_many_addresses_is_one_network() {
        let network = |text: &str| Network::from(text.parse::<IpAddr>().unwrap());
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
    }
}
