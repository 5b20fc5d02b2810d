//! The bus: frames published on one server reach devices on another, and on the same one, in process and
//! through Redis.

use crate::support::{Link, State, eventually, redis};
use axum::extract::ws::Utf8Bytes;
use parley_protocol::{DeviceId, SessionId, UserId};
use parley_server::{
    cluster::{
        bus::{Bus, InProcess, RedisBus, RedisEndpoint},
        delivery::{Audience, Delivery},
        hub::{Closing, Hello, Hub, Line},
    },
    storage::CallCache,
};
use std::{sync::Arc, time::Duration};
use tokio::time::timeout;
use uuid::Uuid;

const PATIENCE: Duration = Duration::from_secs(20);

/// The two parts of a server that matter here: the hub of its devices and its bus.
struct Server {
    hub: Arc<Hub>,
    bus: Box<dyn Bus>,
}

impl Server {
    fn alone() -> Self {
        let hub = Arc::new(Hub::default());
        Self { bus: Box::new(InProcess(hub.clone())), hub }
    }

    fn one_of_several(url: &str, prefix: &str) -> Self {
        let (hub, call_cache) = (Arc::new(Hub::default()), Arc::new(CallCache::default()));
        let client = ::redis::Client::open(url).unwrap();
        let place = RedisEndpoint { client, prefix: prefix.to_owned(), dead_after: Duration::from_secs(1) };
        let bus = RedisBus::start(&place, Uuid::now_v7(), hub.clone(), call_cache);
        Self { bus: Box::new(bus), hub }
    }

    async fn connect(&self, user: UserId, wanted: Option<DeviceId>) -> Line {
        let line = self
            .hub
            .connect(user, SessionId(Uuid::now_v7()), Hello { device: wanted, resume: None })
            .unwrap();
        self.bus.hold(user).await;
        line
    }

    fn say(&self, to: Audience, text: &str) {
        self.bus.publish(Delivery { to: vec![to], frame: Utf8Bytes::from(text) });
    }
}

/// Two servers, or the same server twice where there is only one.
struct Pair(Arc<Server>, Arc<Server>);

impl Pair {
    fn in_process() -> Self {
        let only = Arc::new(Server::alone());
        Self(only.clone(), only)
    }

    fn on_redis() -> Self {
        let (url, prefix) = (redis::shared(), redis::fresh_prefix());
        let server = || Arc::new(Server::one_of_several(&url, &prefix));
        Self(server(), server())
    }
}

macro_rules! on_every_bus {
    ($($name:ident)+) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn in_process() {
                super::$name(super::Pair::in_process()).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_redis() {
                super::$name(super::Pair::on_redis()).await;
            }
        }
    )+};
}

on_every_bus!(
    an_audience_is_reached_on_both_servers
    frames_arrive_in_the_order_of_their_publication
    a_session_is_cut_on_both_servers
    a_returning_device_receives_again
);

fn user() -> UserId {
    UserId(Uuid::now_v7())
}

async fn heard(line: &mut Line) -> String {
    timeout(PATIENCE, line.frames.recv()).await.expect("nothing was heard").unwrap().as_str().to_owned()
}

async fn an_audience_is_reached_on_both_servers(Pair(here, there): Pair) {
    let (ana, ben) = (user(), user());
    let mut near = here.connect(ana, None).await;
    let mut far = there.connect(ana, None).await;
    let mut other = there.connect(ben, None).await;
    here.say(Audience::Users(vec![ana]), "1");
    here.say(Audience::OtherDevices { user: ana, but: far.device }, "2");
    here.say(Audience::OtherDevices { user: ana, but: near.device }, "3");
    here.say(Audience::Device { user: ana, device: far.device }, "4");
    here.say(Audience::Device { user: ana, device: near.device }, "5");
    here.say(Audience::Device { user: ben, device: far.device }, "not his");
    here.say(Audience::Users(vec![ana, ben]), "6");
    for (line, expected) in [(&mut near, ["1", "2", "5", "6"]), (&mut far, ["1", "3", "4", "6"])] {
        for text in expected {
            assert_eq!(heard(line).await, text);
        }
    }
    assert_eq!(heard(&mut other).await, "6");
}

async fn frames_arrive_in_the_order_of_their_publication(Pair(here, there): Pair) {
    let users = [user(), user()];
    let mut lines = Vec::new();
    for user in users {
        lines.push(here.connect(user, None).await);
        lines.push(there.connect(user, None).await);
    }
    // Each round sends fewer frames than the queue of a device holds.
    for round in 0..10 {
        for place in 0..100 {
            here.say(Audience::Users(users.to_vec()), &format!("{round}.{place}"));
        }
        for line in &mut lines {
            for place in 0..100 {
                assert_eq!(heard(line).await, format!("{round}.{place}"));
            }
        }
    }
}

async fn a_session_is_cut_on_both_servers(Pair(here, there): Pair) {
    let (ana, session) = (user(), SessionId(Uuid::now_v7()));
    let near = here.hub.connect(ana, session, Hello::default()).unwrap();
    let far = there.hub.connect(ana, session, Hello::default()).unwrap();
    let mut other = there.connect(ana, None).await;
    here.bus.revoke(ana, session);
    for line in [near, far] {
        assert_eq!(timeout(PATIENCE, line.closing).await.unwrap(), Ok(Closing::Revoked));
    }
    here.say(Audience::Users(vec![ana]), "still here");
    assert_eq!(heard(&mut other).await, "still here");
}

async fn a_returning_device_receives_again(Pair(here, there): Pair) {
    let ana = user();
    for round in 0..20 {
        let mut line = there.connect(ana, None).await;
        here.say(Audience::Users(vec![ana]), &round.to_string());
        assert_eq!(heard(&mut line).await, round.to_string());
        there.hub.replace(ana, line.device);
        there.bus.release(ana);
    }
}

#[tokio::test]
async fn a_device_that_returns_elsewhere_is_replaced() {
    let Pair(here, there) = Pair::on_redis();
    let ana = user();
    let old = here.connect(ana, None).await;
    let mut new = there.connect(ana, Some(old.device)).await;
    there.bus.replaced(ana, new.device);
    assert_eq!(timeout(PATIENCE, old.closing).await.unwrap(), Ok(Closing::Replaced));
    here.say(Audience::Device { user: ana, device: new.device }, "moved");
    assert_eq!(heard(&mut new).await, "moved");
}

/// Returns the channels of this prefix that anybody subscribes to.
async fn channels(url: &str, prefix: &str) -> Vec<String> {
    let client = ::redis::Client::open(url).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    ::redis::cmd("PUBSUB")
        .arg("CHANNELS")
        .arg(format!("{prefix}:user:*"))
        .query_async(&mut connection)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_server_subscribes_for_its_own_people_only() {
    let (url, prefix) = (redis::shared(), redis::fresh_prefix());
    let server = Server::one_of_several(&url, &prefix);
    let (ana, ben) = (user(), user());
    let first = server.connect(ana, None).await;
    let second = server.connect(ana, None).await;
    server.connect(ben, None).await;
    assert_eq!(channels(&url, &prefix).await.len(), 2);
    server.hub.replace(ana, first.device);
    server.bus.release(ana);
    // The bus handles its orders one after the other: when this one is done, the release before it is as
    // well.
    server.bus.hold(ben).await;
    assert_eq!(channels(&url, &prefix).await.len(), 2, "her other tab is still here");
    server.hub.disconnect(ana, second.device, second.serial);
    server.bus.release(ana);
    server.bus.hold(ben).await;
    assert_eq!(channels(&url, &prefix).await.len(), 2, "it may come back");
    server.hub.replace(ana, second.device);
    server.bus.release(ana);
    eventually(async || channels(&url, &prefix).await == [format!("{prefix}:user:{ben}")]).await;
}

/// Checks that servers recover by themselves from trouble on the connection to Redis, and that devices are
/// told of the gap.
async fn recovers_from(trouble: State) {
    let (broker, prefix) = (redis::Redis::start(), redis::fresh_prefix());
    let link = Link::to(broker.port).await;
    let here = Server::one_of_several(&link.redis_url(), &prefix);
    let there = Server::one_of_several(&broker.url(), &prefix);
    let (ana, ben) = (user(), user());
    let (mut near, mut far) = (here.connect(ana, None).await, there.connect(ana, None).await);
    eventually(async || here.bus.is_up() && there.bus.is_up()).await;

    link.set(trouble);
    here.say(Audience::Users(vec![ana]), "meanwhile");
    assert_eq!(heard(&mut near).await, "meanwhile", "on the same server, as if nothing were");
    eventually(async || !here.bus.is_up()).await;
    assert!(there.bus.is_up());
    // New devices are accepted during the outage as well.
    let mut late = here.connect(ben, None).await;

    link.set(State::Whole);
    timeout(PATIENCE, near.gaps.changed()).await.unwrap().unwrap();
    // A frame published during the outage is either lost, and the gap announced, or late: a stalled
    // connection may deliver it in the end.
    let told = async {
        tokio::select! {
            lost = far.gaps.changed() => lost.unwrap(),
            late = far.frames.recv() => assert_eq!(late.unwrap().as_str(), "meanwhile"),
        }
    };
    timeout(PATIENCE, told).await.unwrap();
    eventually(async || here.bus.is_up()).await;
    there.say(Audience::Users(vec![ana, ben]), "after");
    here.say(Audience::Users(vec![ana]), "after too");
    assert_eq!(heard(&mut late).await, "after");
    let mut all = [heard(&mut near).await, heard(&mut near).await];
    all.sort();
    assert_eq!(all, ["after", "after too"]);
    while heard(&mut far).await != "after too" {}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_is_cut_off_is_found_again() {
    recovers_from(State::Cut).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_stalls_is_found_again() {
    recovers_from(State::Held).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_redis_delays_only_other_servers() {
    let prefix = redis::fresh_prefix();
    let broker = redis::Redis::start();
    let link = Link::to(broker.port).await;
    let here = Server::one_of_several(&link.redis_url(), &prefix);
    let there = Server::one_of_several(&link.redis_url(), &prefix);
    let ana = user();
    let (mut near, mut far) = (here.connect(ana, None).await, there.connect(ana, None).await);
    link.set(State::Slow(Duration::from_millis(100)));
    for place in 0..50 {
        here.say(Audience::Users(vec![ana]), &place.to_string());
        // A device on the same server does not depend on Redis.
        assert_eq!(near.frames.try_recv().unwrap().as_str(), place.to_string());
    }
    for place in 0..50 {
        assert_eq!(heard(&mut far).await, place.to_string(), "late, but in order and complete");
    }
}
