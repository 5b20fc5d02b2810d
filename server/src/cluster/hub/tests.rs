//! Tests of the hub: delivery to audiences, replaced devices, and the frames that a returning device resumes
//! with.

use super::*;

const NEW: Hello = Hello { device: None, resume: None };

fn as_before(device: DeviceId) -> Hello {
    Hello { device: Some(device), resume: None }
}

fn id() -> Uuid {
    Uuid::now_v7()
}

fn send(hub: &Hub, to: Audience, text: &str) {
    hub.deliver(&[to], Utf8Bytes::from(text));
}

#[test]
fn a_device_that_returns_replaces_itself_and_nobody_else_bug() {
    let hub = Hub::default();
    let (ana, ben) = (UserId(id()), UserId(id()));
    let session = SessionId(id());
    let hers = DeviceId(id());
    // Ben names the id of Ana's device, and is here first, as may happen after a restart.
    let mut thief = hub.connect(ben, session, as_before(hers)).unwrap();
    let mut first = hub.connect(ana, session, as_before(hers)).unwrap();
    assert_eq!(first.device, hers);
    let second = hub.connect(ana, session, as_before(first.device)).unwrap();
    assert_eq!(second.device, hers);
    assert_eq!(first.closing.try_recv(), Ok(Closing::Replaced));
    assert!(!hub.disconnect(ana, first.device, first.serial));
    assert!(hub.is_connected(ana, second.device));
    assert!(hub.disconnect(ana, second.device, second.serial));
    assert!(!hub.is_connected(ana, second.device));
    assert!(hub.is_connected(ben, thief.device) && thief.closing.try_recv().is_err());
    send(&hub, Audience::Device { user: ana, device: first.device }, "hers");
    assert!(thief.frames.try_recv().is_err());
}

#[test]
fn a_device_that_does_not_read_is_dropped_alone() {
    let hub = Hub::default();
    let (ana, ben) = (UserId(id()), UserId(id()));
    let session = SessionId(id());
    let mut slow = hub.connect(ana, session, NEW).unwrap();
    let mut quick = hub.connect(ben, session, NEW).unwrap();
    for _ in 0..=QUEUE {
        send(&hub, Audience::Users(vec![ana, ben]), "x");
        assert!(quick.frames.try_recv().is_ok());
    }
    assert_eq!(slow.closing.try_recv(), Ok(Closing::Slow));
    assert!(hub.is_connected(ben, quick.device));
    assert!(hub.disconnect(ana, slow.device, slow.serial), "a slow device is gone, not replaced");
}

#[test]
fn a_line_that_was_dropped_is_not_connected_bug() {
    let hub = Hub::default();
    let (ana, session) = (UserId(id()), SessionId(id()));
    let device = hub.connect(ana, session, NEW).unwrap().device;
    assert!(!hub.is_connected(ana, device));
}

#[test]
fn a_person_has_at_most_32_devices() {
    let hub = Hub::default();
    let (ana, session) = (UserId(id()), SessionId(id()));
    let lines: Vec<_> = (0..32).map(|_| hub.connect(ana, session, NEW).unwrap()).collect();
    assert!(hub.connect(ana, session, NEW).is_none());
    assert!(hub.connect(ana, session, as_before(lines[0].device)).is_some(), "one that returns is not added");
    assert!(hub.connect(UserId(id()), session, NEW).is_some());
}

#[test]
fn an_audience_reaches_only_the_devices_it_names() {
    let hub = Hub::default();
    let ana = UserId(id());
    let session = SessionId(id());
    let mut one = hub.connect(ana, session, NEW).unwrap();
    let mut two = hub.connect(ana, session, NEW).unwrap();
    send(&hub, Audience::OtherDevices { user: ana, but: one.device }, "other");
    send(&hub, Audience::Device { user: ana, device: one.device }, "this");
    send(&hub, Audience::Device { user: UserId(id()), device: one.device }, "a stranger's");
    assert_eq!(one.frames.try_recv().unwrap().as_str(), "this");
    assert_eq!(two.frames.try_recv().unwrap().as_str(), "other");
    assert!(one.frames.try_recv().is_err() && two.frames.try_recv().is_err());
}

#[test]
fn a_device_that_returns_in_time_misses_nothing() {
    let hub = Hub::default();
    let (ana, session) = (UserId(id()), SessionId(id()));
    let mut line = hub.connect(ana, session, NEW).unwrap();
    let device = line.device;
    let say = |text: &str| send(&hub, Audience::Users(vec![ana]), text);
    say("heard");
    assert!(line.frames.try_recv().is_ok());
    let heard = line.seq + 1;
    say("sent, and lost on the way");
    hub.disconnect(ana, device, line.serial);
    say("said meanwhile");
    let back = |place| Hello { device: Some(device), resume: Some(place) };
    let mut line = hub.connect(ana, session, back(heard)).unwrap();
    let missed: Vec<_> = line.missed.take().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(missed, ["sent, and lost on the way", "said meanwhile"]);
    assert_eq!(line.seq, heard);
    say("after");
    assert_eq!(line.frames.try_recv().unwrap().as_str(), "after");
    let again = hub.connect(ana, session, back(heard + 3)).unwrap();
    assert_eq!(again.missed.map(|missed| missed.len()), Some(0));
    let other = hub.connect(ana, SessionId(id()), back(heard + 3)).unwrap();
    assert!(other.missed.is_none(), "another session starts anew");
}

#[test]
fn every_device_loads_its_state_after_a_gap() {
    let hub = Hub::default();
    let (ana, session) = (UserId(id()), SessionId(id()));
    let here = hub.connect(ana, session, NEW).unwrap();
    let away = hub.connect(ana, session, NEW).unwrap();
    hub.disconnect(ana, away.device, away.serial);
    hub.gap();
    assert!(here.gaps.has_changed().unwrap());
    let back = Hello { device: Some(away.device), resume: Some(away.seq) };
    assert!(hub.connect(ana, session, back).unwrap().missed.is_none());
}

#[test]
fn a_device_with_a_dead_socket_loads_its_state_after_a_gap_bug() {
    let hub = Hub::default();
    let (ana, session) = (UserId(id()), SessionId(id()));
    let say = |text: &str| send(&hub, Audience::Users(vec![ana]), text);
    let mut line = hub.connect(ana, session, NEW).unwrap();
    say("heard");
    assert!(line.frames.try_recv().is_ok());
    let back = Hello { device: Some(line.device), resume: Some(line.seq + 1) };
    hub.gap();
    say("after");
    // The connection is dead, and the server has not noticed yet.
    assert!(hub.is_connected(ana, line.device));
    assert!(hub.connect(ana, session, back).unwrap().missed.is_none());
}

#[test]
fn a_device_welcomed_after_a_gap_resumes_from_there() {
    let hub = Hub::default();
    let (ana, session) = (UserId(id()), SessionId(id()));
    let say = |text: &str| send(&hub, Audience::Users(vec![ana]), text);
    let mut line = hub.connect(ana, session, NEW).unwrap();
    say("waits, and comes after the welcome");
    hub.gap();
    hub.gap();
    say("after");
    hub.recount(ana, &mut line);
    let missed = |place| {
        let back = Hello { device: Some(line.device), resume: Some(place) };
        let line = hub.connect(ana, session, back).unwrap();
        line.missed.map(|all| all.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    let all = ["waits, and comes after the welcome", "after"].map(str::to_owned);
    assert_eq!(missed(line.seq).as_deref(), Some(&all[..]));
    assert_eq!(missed(line.seq + 1).as_deref(), Some(&all[1..]));
    assert_eq!(missed(line.seq + 2).as_deref(), Some(&[][..]));
}

#[tokio::test(start_paused = true)]
async fn a_device_that_does_not_return_is_forgotten() {
    let hub = Hub::default();
    let (ana, session) = (UserId(id()), SessionId(id()));
    let (gone, stays) = (hub.connect(ana, session, NEW).unwrap(), UserId(id()));
    let _line = hub.connect(stays, session, NEW).unwrap();
    hub.disconnect(ana, gone.device, gone.serial);
    tokio::time::advance(KEPT.checked_sub(std::time::Duration::from_millis(1)).unwrap()).await;
    assert!(hub.expire().is_empty() && hub.holds(ana));
    tokio::time::advance(std::time::Duration::from_millis(1)).await;
    assert_eq!(hub.expire(), [ana]);
    assert!(!hub.holds(ana) && hub.holds(stays));
}

#[test]
fn a_device_that_is_away_makes_room() {
    let hub = Hub::default();
    let (ana, session) = (UserId(id()), SessionId(id()));
    let mut lines: Vec<_> = (0..32).map(|_| hub.connect(ana, session, NEW).unwrap()).collect();
    let away = lines.remove(7);
    hub.disconnect(ana, away.device, away.serial);
    assert!(hub.connect(ana, session, NEW).is_some());
    assert!(hub.connect(ana, session, NEW).is_none());
}
