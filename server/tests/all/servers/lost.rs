//! The death of a server, which the others notice.

use super::{at, two};
use crate::support::{Device, Person, TestApp, eventually};
use parley_protocol::{
    CallId, ServerMessage,
    call::{CallStatus, EndReason, MediaState},
};
use std::time::Duration;

/// Connects a call between Ana at one server and Ben at the other.
async fn talking<'a>(
    here: &'a TestApp,
    there: &'a TestApp,
) -> (Person<'a>, Device, Person<'a>, Device, CallId) {
    let (ana, ben, conversation) = here.friends().await;
    let ben = at(there, &ben);
    let (mut a, mut b) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    ben.accept(call.id, &b).await;
    a.media(call.id, MediaState::Connected).await;
    b.media(call.id, MediaState::Connected).await;
    eventually(async || ana.details(call.id).await.call.status == CallStatus::Connected).await;
    (ana, a, ben, b, call.id)
}

/// Checks whether the log of a call has an event.
async fn happened(person: &Person<'_>, call: CallId, event: &str) -> bool {
    person.details(call).await.events.iter().any(|line| line.event == event)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_of_a_dead_server_moves_to_another_and_its_call_goes_on() {
    let Some((here, there)) = two(|_| {}).await else { return };
    let (ana, _a, ben, b, call) = talking(&here, &there).await;
    there.die().await;
    eventually(async || happened(&ana, call, "socket_gone").await).await;
    let (ben_here, before) = (at(&here, &ben), b.id);
    let back = Device::hello(&ben_here, Some(before)).await;
    assert_eq!(back.id, before);
    eventually(async || happened(&ana, call, "socket_back").await).await;
    here.advance(Duration::from_secs(60)).await;
    assert_eq!(ana.details(call).await.call.status, CallStatus::Connected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_devices_of_the_dead_server_lose_their_seats() {
    let Some((here, there)) = two(|_| {}).await else { return };
    let (ana, mut a, _ben, _b, call) = talking(&here, &there).await;
    let cleo = here.guest("Cleo").await;
    let dan = here.guest("Dan").await;
    let theirs = here.befriend(&cleo, &dan).await;
    let (c, d) = (cleo.device().await, dan.device().await);
    let other = cleo.start(theirs.id, &c).await;
    dan.accept(other.id, &d).await;
    there.die().await;
    eventually(async || happened(&ana, call, "socket_gone").await).await;
    here.advance(Duration::from_secs(30)).await;
    let over = a.until(|message| match message {
        ServerMessage::CallFailed { call } => Some(call.end_reason),
        _ => None,
    });
    assert_eq!(over.await, Some(EndReason::NetworkError));
    assert!(!happened(&cleo, other.id, "socket_gone").await, "only the dead server's seats");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deadlines_of_a_dead_server_are_met_by_another() {
    let Some((here, there)) = two(|_| {}).await else { return };
    let (ana, _ben, conversation) = there.friends().await;
    let a = ana.device().await;
    let call = ana.start(conversation.id, &a).await;
    there.die().await;
    here.clock.advance(Duration::from_secs(61));
    let ana = at(&here, &ana);
    // This server is not told of the deadline; it polls the database every few seconds.
    eventually(async || !ana.details(call.id).await.call.status.is_live()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_starts_again_leaves_the_seats_of_others_alone() {
    let Some((here, there)) = two(|_| {}).await else { return };
    let (ana, _a, _ben, _b, call) = talking(&here, &there).await;
    let third = here.twin().await;
    let third = third.restart().await;
    assert!(!happened(&ana, call, "socket_gone").await);
    third.stop().await;
}
