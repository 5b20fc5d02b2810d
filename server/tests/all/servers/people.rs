//! Sessions, limits, presence and typing across servers.

use super::{at, two};
use crate::support::{Device, TestApp, eventually};
use parley_protocol::{
    ClientMessage, ErrorCode, PersonPresence, Presence, ServerMessage, ServerNotice, UserId, people::Profile,
};
use parley_server::cluster::limits::Limited;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_ends_here_is_cut_there() {
    let Some((here, there)) = two(|_| {}).await else { return };
    let ana = here.guest("Ana").await;
    let she_there = at(&there, &ana);
    let mut tab = she_there.device().await;
    // From here on the session is cached for as long as the socket is open.
    she_there.get("/api/me").await.ok::<Profile>();
    ana.post("/api/auth/logout", &()).await.is_empty();
    assert_eq!(tab.next().await, ServerMessage::SessionRevoked {});
    assert_eq!(tab.closed().await, Some(4_003));
    she_there.get("/api/me").await.refused(401, ErrorCode::Unauthorized);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_at_one_server_counts_at_the_other() {
    let allow = |config: &mut parley_server::config::Config| {
        config.limits.set(Limited::CallStarts, "2/60").unwrap();
    };
    let Some((here, there)) = two(allow).await else { return };
    let (ana, ben, conversation) = here.friends().await;
    let (ana_there, ben_there) = (at(&there, &ana), at(&there, &ben));
    let (a, b) = (ana.device().await, ben_there.device().await);
    let call = ana.start(conversation.id, &a).await;
    ana.finish("cancel", call.id, &a).await;
    let call = ana_there.start(conversation.id, &a).await;
    // The call is answered at the other server, which gives the start back.
    ben_there.accept(call.id, &b).await;
    ana.finish("end", call.id, &a).await;
    let call = ana.start(conversation.id, &a).await;
    ana.finish("cancel", call.id, &a).await;
    for person in [&ana, &ana_there] {
        person.try_start(conversation.id, a.id).await.refused(429, ErrorCode::RateLimited);
    }
}

/// Waits until the device learns of this presence.
async fn becomes(device: &mut Device, who: UserId, wanted: Presence) {
    loop {
        match device.notice().await {
            ServerNotice::PresenceUpdated { user_id, presence } if (user_id, presence) == (who, wanted) => {
                return;
            }
            _ => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn presence_at_one_server_is_seen_at_the_other() {
    let Some((here, there)) = two(|_| {}).await else { return };
    let (ana, ben, conversation) = here.friends().await;
    let cleo = here.guest("Cleo").await;
    let mut stranger = cleo.device().await;
    let ben = at(&there, &ben);
    let mut a = ana.device().await;
    let b = ben.device().await;
    becomes(&mut a, ben.id(), Presence::Online).await;
    let call = ana.start(conversation.id, &a).await;
    ben.accept(call.id, &b).await;
    becomes(&mut a, ben.id(), Presence::InCall).await;
    // A new tab receives the presence as it is.
    let mut late = ana.device().await;
    let expected = vec![PersonPresence { user_id: ben.id(), presence: Presence::InCall }];
    assert_eq!(late.notice().await, ServerNotice::PresenceList { people: expected });
    ana.finish("end", call.id, &a).await;
    becomes(&mut a, ben.id(), Presence::Online).await;
    there.die().await;
    becomes(&mut a, ben.id(), Presence::Offline).await;
    stranger.drain().await;
    assert!(stranger.no_notice(), "nobody of hers");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn typing_is_shown_to_others_and_not_too_often() {
    let Some((here, there)) = two(|_| {}).await else { return };
    let (ana, ben, conversation) = here.friends().await;
    let ben_there = at(&there, &ben);
    let mut own = ana.device().await;
    let (mut a, mut b) = (ana.device().await, ben_there.device().await);
    let typing = ClientMessage::Typing { conversation_id: conversation.id };
    for _ in 0..5 {
        a.send(&typing).await;
    }
    assert!(a.drain().await.is_empty(), "none is refused");
    let told = ServerNotice::Typing { conversation_id: conversation.id, user_id: ana.id() };
    while b.notice().await != told {}
    here.clock.advance(std::time::Duration::from_secs(2));
    a.send(&typing).await;
    while b.notice().await != told {}
    own.drain().await;
    assert!(!own.has_noticed(&told), "not to oneself");
    let stranger = here.guest("Cleo").await;
    let mut c = stranger.device().await;
    c.send(&typing).await;
    assert_eq!(c.refused().await, ErrorCode::NotFound);
}

/// Returns the value of a metric. It counts the whole process, in which other tests run servers as well.
fn counted(server: &TestApp, name: &str) -> f64 {
    let page = server.app.metrics.text(&server.app.snapshot());
    let found = page.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    found.unwrap_or_else(|| panic!("no {name} in {page}")).parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_between_servers_are_counted() {
    let Some((here, there)) = two(|_| {}).await else { return };
    let (ana, ben, conversation) = here.friends().await;
    let (a, mut b) = (ana.device().await, at(&there, &ben).device().await);
    let names = ["bus_published_total", "bus_received_total", "bus_round_trip_seconds_count"];
    let all = || names.map(|name| counted(&here, &format!("parley_{name}")));
    let before = all();
    ana.start(conversation.id, &a).await;
    b.incoming().await;
    let grew = || all().iter().zip(before).all(|(now, before)| *now > before);
    eventually(async || grew() && counted(&here, "parley_bus_queue") < 0.5).await;
    assert!(counted(&here, "parley_bus_lost_total") > -0.5 && counted(&here, "parley_fan_out_up") > 0.5);
}
