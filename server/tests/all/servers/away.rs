//! An outage of Redis: nobody is taken to be gone, and stale state is not trusted.

use super::{at, two};
use crate::support::{Device, Link, Person, State, TestApp, eventually, redis};
use parley_protocol::{
    CallId,
    call::{CallStatus, MediaState},
};
use parley_server::{cluster::directory::Connected, config::Config};
use std::time::Duration;

/// Starts two servers that reach Redis over the same link.
async fn two_over(link: &Link, change: impl FnOnce(&mut Config)) -> Option<(TestApp, TestApp)> {
    two(|config| {
        config.redis_url = Some(link.redis_url());
        config.redis_dead = Duration::from_secs(1);
        config.sweep = Duration::from_millis(20);
        change(config);
    })
    .await
}

async fn link() -> Link {
    Link::to(redis::shared_port()).await
}

/// Checks whether the log of a call has an event.
async fn happened(person: &Person<'_>, call: CallId, event: &str) -> bool {
    person.details(call).await.events.iter().any(|line| line.event == event)
}

/// Sends requests until the server has the call in its cache.
async fn until_cached(server: &TestApp, call: CallId, device: &mut Device) {
    while server.app.call_cache.get(call).is_none() {
        device.ring(call).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_over_the_other_server_keeps_its_seat_bug() {
    let link = link().await;
    let Some((here, there)) = two_over(&link, |_| {}).await else { return };
    let (ana, ben, conversation) = here.friends().await;
    let (mut a, mut b) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    link.set(State::Cut);
    at(&there, &ben).accept(call.id, &b).await;
    a.media(call.id, MediaState::Connected).await;
    b.media(call.id, MediaState::Connected).await;
    assert_eq!(ana.details(call.id).await.call.status, CallStatus::Connected);
    assert!(!happened(&ana, call.id, "socket_gone").await, "nobody is gone, and no deadline runs");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_that_vanished_in_the_outage_is_missed_afterwards_bug() {
    let link = link().await;
    let Some((here, there)) = two_over(&link, |_| {}).await else { return };
    let (ana, ben, conversation) = here.friends().await;
    let (a, b) = (ana.device().await, at(&there, &ben).device().await);
    let call = ana.start(conversation.id, &a).await;
    ben.accept(call.id, &b).await;
    link.set(State::Cut);
    b.vanish();
    // The count is the last thing that the task of a socket does.
    eventually(async || {
        there.app.metrics.text(&there.app.snapshot()).contains("parley_sockets_closed_total{")
    })
    .await;
    assert!(!happened(&ana, call.id, "socket_gone").await, "perhaps it is at another server");
    link.set(State::Whole);
    eventually(async || happened(&ana, call.id, "socket_gone").await).await;
    here.clock.advance(Duration::from_secs(30));
    eventually(async || ana.details(call.id).await.call.status == CallStatus::Failed).await;
}

/// Covers an outage shorter than the lease: no server is taken for dead, so none enters all of its devices
/// again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn devices_that_came_and_went_in_the_outage_are_noted_afterwards_bug() {
    let link = link().await;
    let lease = Duration::from_secs(12);
    let Some((here, there)) = two_over(&link, |config| config.lease = lease).await else { return };
    let ana = here.guest("Ana").await;
    let she_there = at(&there, &ana);
    let goes = she_there.device().await;
    let seen = async |device| here.app.directory.is_connected(ana.id(), device).await;
    assert_eq!(seen(goes.id).await, Connected::Yes);
    link.set(State::Cut);
    let (gone, comes) = (goes.id, she_there.device().await);
    goes.vanish();
    eventually(async || !there.app.hub.is_connected(ana.id(), gone)).await;
    assert_eq!(seen(comes.id).await, Connected::Unknown);
    link.set(State::Whole);
    eventually(async || seen(comes.id).await == Connected::Yes).await;
    eventually(async || seen(gone).await == Connected::No).await;
}

/// Covers a server that has not noticed yet that it receives nothing, and so decides by a stale cached call.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_input_that_seems_to_change_nothing_is_checked_again_bug() {
    let link = link().await;
    let deaf = |config: &mut Config| config.redis_dead = Duration::from_secs(600);
    let Some((here, there)) = two_over(&link, deaf).await else { return };
    let (ana, ben, conversation) = here.friends().await;
    let ben_there = at(&there, &ben);
    let (a, mut b) = (ana.device().await, ben_there.device().await);
    let call = ana.start(conversation.id, &a).await;
    until_cached(&there, call.id, &mut b).await;
    link.set(State::Held);
    ben.accept(call.id, &b).await;
    // In that server's cache this tab is only being rung, so that leaving would change nothing.
    assert!(!ben_there.finish("leave", call.id, &b).await.status.is_live());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_cut_off_from_redis_caches_no_call_bug() {
    let link = link().await;
    let Some((here, _there)) = two_over(&link, |_| {}).await else { return };
    let (ana, ben, conversation) = here.friends().await;
    let (a, mut b) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    until_cached(&here, call.id, &mut b).await;
    link.set(State::Cut);
    eventually(async || here.app.call_cache.get(call.id).is_none()).await;
    b.ring(call.id).await;
    assert!(here.app.call_cache.get(call.id).is_none(), "nor any that it reads meanwhile");
    link.set(State::Whole);
    eventually(async || here.app.bus.is_up()).await;
    until_cached(&here, call.id, &mut b).await;
}
