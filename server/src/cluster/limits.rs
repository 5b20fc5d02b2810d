//! Rate limits: one service for all of them, in memory or shared in Redis.
//!
//! A limit is never off. A request over its limit is refused with 429, and one that cannot be counted,
//! because the limiter does not answer, with 503.

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

/// The longest that a request waits for a limiter over the network to take a use back.
const GIVE_BACK_WITHIN: Duration = Duration::from_millis(200);

/// The key that a limit is counted against: a user or an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LimitKey {
    User(UserId),
    Address(Network),
}

/// The network of an address. With IPv6 that is its first half, because a client chooses the other half
/// itself.
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

/// The reason why a use is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// Over the limit; there is room after this time.
    Wait(Duration),
    /// No answer from the limiter.
    Away(String),
}

/// A counter of uses within the last period. Refused uses do not count.
#[async_trait]
pub trait Limiter: Send + Sync {
    /// Counts that many uses, or none of them. `count` is no more than the rule allows.
    async fn take(
        &self,
        what: Limited,
        who: LimitKey,
        count: u32,
        rule: Rule,
        now: Timestamp,
    ) -> Result<(), Refused>;

    /// Takes the last use back, so that it does not count.
    async fn give_back(&self, what: Limited, who: LimitKey) -> Result<(), Refused>;

    /// Tells whether it answers without waiting for anything.
    fn is_local(&self) -> bool {
        false
    }
}

pub struct Limits {
    table: Table,
    limiter: Arc<dyn Limiter>,
    /// Counts what each server counts by itself.
    own: InMemory,
}

impl Limits {
    pub fn new(table: Table, limiter: Arc<dyn Limiter>) -> Self {
        Self { table, limiter, own: InMemory::default() }
    }

    pub fn rule(&self, what: Limited) -> Rule {
        self.table.rule(what)
    }

    pub async fn take(&self, what: Limited, who: impl Into<LimitKey>, now: Timestamp) -> Answer<()> {
        self.take_several(what, who, 1, now).await
    }

    /// Counts that many uses, or none of them. More than the rule ever allows count as all that it allows,
    /// because they could never be done otherwise.
    pub async fn take_several(
        &self,
        what: Limited,
        who: impl Into<LimitKey>,
        count: usize,
        now: Timestamp,
    ) -> Answer<()> {
        let limiter = if what.is_by_server() { &self.own } else { &*self.limiter };
        let rule = self.table.rule(what);
        let count = u32::try_from(count).unwrap_or(u32::MAX).min(rule.count);
        match limiter.take(what, who.into(), count, rule, now).await {
            Ok(()) => Ok(()),
            Err(Refused::Wait(pause)) => Err(too_often(what, pause)),
            Err(Refused::Away(error)) => {
                tracing::warn!(what = what.name(), error, "refused: the rate limiter does not answer");
                let sentence = "the rate limiter does not answer; try again shortly";
                Err(ApiError::new(ErrorCode::Unavailable, sentence))
            }
        }
    }

    /// Takes the last use back. A slow limiter is not waited for: the answer to a call must not hang on it.
    pub async fn give_back(&self, what: Limited, who: impl Into<LimitKey>) {
        let (limiter, who) = (self.limiter.clone(), who.into());
        let is_local = limiter.is_local();
        let giving = async move {
            if let Err(error) = limiter.give_back(what, who).await {
                tracing::warn!(what = what.name(), ?error, "taking back a use of a limit failed");
            }
        };
        if is_local {
            giving.await;
        } else {
            // A task of its own goes on after the timeout.
            let _ = timeout(GIVE_BACK_WITHIN, tokio::spawn(giving)).await;
        }
    }
}

/// Builds the error for a request that is over its limit.
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
    fn the_addresses_of_one_client_are_one_network() {
        let network = |text: &str| Network::from(text.parse::<IpAddr>().unwrap());
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
    }
}
