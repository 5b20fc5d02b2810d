//! Rule 9: a group call rings everybody, and lives as long as somebody is in it.

use crate::support::{Database, Device, Person, TestApp, on_both, tag};
use parley_protocol::{
    CallId, ErrorCode, ServerMessage,
    call::{Call, CallMode, CallStatus, EndReason, MediaState, OwnMedia, ParticipantStatus, Role},
    people::Conversation,
    rest::{AcceptCall, CallAccess, StartCall},
};
use std::time::Duration;

on_both!(people_come_and_go_and_the_last_ends_it the_ninth_person_finds_the_call_full);

const MS: Duration = Duration::from_millis(1);
const FIVE_MINUTES: Duration = Duration::from_secs(300);

impl Person<'_> {
    pub async fn try_join(&self, call: CallId, device: &Device) -> crate::support::Reply {
        let body = AcceptCall { device_id: device.id, media: OwnMedia::default(), other: None };
        self.post(&format!("/api/calls/{call}/join"), &body).await
    }

    pub async fn join(&self, call: CallId, device: &Device) -> Call {
        self.try_join(call, device).await.ok::<CallAccess>().call
    }
}

fn status(call: &Call, person: &Person<'_>) -> ParticipantStatus {
    call.participant(person.id()).unwrap().status
}

async fn people_come_and_go_and_the_last_ends_it(database: Database) {
    let test = TestApp::on(database, |_| {}).await;
    let (ana, ben, cleo) = (test.guest("Ana").await, test.guest("Ben").await, test.guest("Cleo").await);
    let group = test.group("Choir", &[&ana, &ben, &cleo]).await;
    let (mut a, mut b, mut c) = (ana.device().await, ben.device().await, cleo.device().await);
    let call = ana.start(group.id, &a).await;
    assert_eq!((call.mode, call.participants.len()), (CallMode::Group, 3));
    assert_eq!((b.incoming().await.id, c.incoming().await.id), (call.id, call.id));
    b.ring(call.id).await;
    assert_eq!(ben.accept(call.id, &b).await.status, CallStatus::Connecting);
    assert_eq!(c.heard().await, ["call.accepted"], "somebody else answered; it rings on");
    a.media(call.id, MediaState::Connected).await;
    b.media(call.id, MediaState::Connected).await;
    assert_eq!(cleo.details(call.id).await.call.status, CallStatus::Connected);

    cleo.finish("decline", call.id, &c).await;
    assert_eq!(status(&cleo.join(call.id, &c).await, &cleo), ParticipantStatus::Connecting);
    let seen = ana.finish("leave", call.id, &a).await;
    assert_eq!(seen.status, CallStatus::Connected);
    assert_eq!(seen.participant(ben.id()).unwrap().role, Role::Host, "somebody is the host");
    b.drain().await;
    ben.finish("leave", call.id, &b).await;
    assert_eq!(tag(b.drain().await.first().unwrap()), "call.state");
    let over = cleo.finish("leave", call.id, &c).await;
    assert_eq!((over.status, over.end_reason), (CallStatus::Ended, Some(EndReason::EveryoneLeft)));
    let log: Vec<String> = ana.details(call.id).await.events.into_iter().map(|line| line.event).collect();
    let told = ["joined", "left", "role_changed", "left", "role_changed", "left", "over"].map(String::from);
    assert!(log.ends_with(&told), "{log:?}");
}

async fn the_ninth_person_finds_the_call_full(database: Database) {
    let test = TestApp::on(database, |_| {}).await;
    let mut people = Vec::new();
    for n in 0..9 {
        people.push(test.guest(&format!("Person {n}")).await);
    }
    let group = test.group("Orchestra", &people.iter().collect::<Vec<_>>()).await;
    let mut devices = Vec::new();
    for person in &people {
        devices.push(person.device().await);
    }
    let call = people[0].start(group.id, &devices[0]).await;
    for (person, device) in people.iter().zip(&devices).take(8).skip(1) {
        person.accept(call.id, device).await;
    }
    let error = people[8].try_accept(call.id, devices[8].id).await.refused(409, ErrorCode::CallFull);
    assert_eq!(error.details.unwrap().call_id, Some(call.id));
    people[8].try_join(call.id, &devices[8]).await.refused(409, ErrorCode::CallFull);
    people[8].try_start(group.id, devices[8].id).await.refused(409, ErrorCode::CallFull);
    people[3].finish("leave", call.id, &devices[3]).await;
    people[8].accept(call.id, &devices[8]).await;
}

#[tokio::test]
async fn chosen_members_are_rung_and_others_see_the_call() {
    let test = TestApp::new().await;
    let (ana, ben, cleo) = (test.guest("Ana").await, test.guest("Ben").await, test.guest("Cleo").await);
    let group = test.group("Choir", &[&ana, &ben, &cleo]).await;
    let (a, mut b, mut c) = (ana.device().await, ben.device().await, cleo.device().await);
    let chosen = |invite| StartCall { invite: Some(invite), ..Person::start_body(group.id, a.id) };
    let stranger = test.guest("Dan").await;
    for (invite, status, code) in [
        (vec![stranger.id()], 404, ErrorCode::NotFound),
        (vec![], 422, ErrorCode::InvalidInput),
        (vec![ana.id()], 422, ErrorCode::InvalidInput),
    ] {
        ana.post("/api/calls/start", &chosen(invite)).await.refused(status, code);
    }
    let call = ana.post("/api/calls/start", &chosen(vec![ben.id()])).await.created::<CallAccess>().call;
    assert_eq!(call.participants.len(), 2);
    assert_eq!(b.incoming().await.id, call.id);
    let live = |message: &ServerMessage| match message {
        ServerMessage::ConversationUpdated { conversation } => Some(conversation.live_call.clone()),
        _ => None,
    };
    assert_eq!(c.until(live).await.unwrap().id, call.id, "shown without a reload");
    // She was not rung. She may join all the same, but not start a second call in the conversation.
    let error = cleo.try_start(group.id, c.id).await.refused(409, ErrorCode::CallInProgress);
    let joined = cleo.join(error.details.unwrap().call_id.unwrap(), &c).await;
    assert_eq!((joined.status, joined.participants.len()), (CallStatus::Connecting, 3));
    assert_eq!(joined.participant(cleo.id()).unwrap().user.display_name, "Cleo");
    stranger.try_join(call.id, &c).await.refused(404, ErrorCode::NotFound);
    assert_eq!(b.heard().await, ["call.state"], "the roster is one longer");
}

#[tokio::test]
async fn a_member_who_did_not_answer_may_still_join() {
    let test = TestApp::new().await;
    let (ana, ben, cleo) = (test.guest("Ana").await, test.guest("Ben").await, test.guest("Cleo").await);
    let group = test.group("Choir", &[&ana, &ben, &cleo]).await;
    let (mut a, mut b, mut c) = (ana.device().await, ben.device().await, cleo.device().await);
    let call = ana.start(group.id, &a).await;
    ben.accept(call.id, &b).await;
    a.media(call.id, MediaState::Connected).await;
    b.media(call.id, MediaState::Connected).await;
    c.drain().await;
    test.advance(Duration::from_secs(60)).await;
    assert_eq!(c.heard().await, ["call.state"]);
    assert_eq!(status(&cleo.details(call.id).await.call, &cleo), ParticipantStatus::Missed);
    cleo.try_accept(call.id, c.id).await.refused(409, ErrorCode::CallNotLive);
    assert_eq!(status(&cleo.join(call.id, &c).await, &cleo), ParticipantStatus::Connecting);
}

#[tokio::test]
async fn a_participant_alone_for_five_minutes_ends_the_call() {
    let test = TestApp::new().await;
    let (ana, ben) = (test.guest("Ana").await, test.guest("Ben").await);
    let group = test.group("Duo", &[&ana, &ben]).await;
    let (mut a, mut b) = (ana.device().await, ben.device().await);
    let call = ana.start(group.id, &a).await;
    ben.accept(call.id, &b).await;
    a.media(call.id, MediaState::Connected).await;
    b.media(call.id, MediaState::Connected).await;
    ben.finish("leave", call.id, &b).await;
    a.drain().await;
    test.advance(FIVE_MINUTES - MS).await;
    assert!(a.heard().await.is_empty());
    test.advance(MS).await;
    assert_eq!(a.heard().await, ["call.ended"]);
    let over = ana.details(call.id).await.call;
    assert_eq!((over.status, over.end_reason), (CallStatus::Ended, Some(EndReason::EveryoneLeft)));
}

#[tokio::test]
async fn the_end_is_shown_to_members_who_were_not_rung() {
    let test = TestApp::new().await;
    let (ana, ben, cleo) = (test.guest("Ana").await, test.guest("Ben").await, test.guest("Cleo").await);
    let group = test.group("Choir", &[&ana, &ben, &cleo]).await;
    let (a, mut c) = (ana.device().await, cleo.device().await);
    let wish = StartCall { invite: Some(vec![ben.id()]), ..Person::start_body(group.id, a.id) };
    let call = ana.post("/api/calls/start", &wish).await.created::<CallAccess>().call;
    ana.finish("cancel", call.id, &a).await;
    let over = |message: &ServerMessage| match message {
        ServerMessage::ConversationUpdated { conversation } => {
            conversation.live_call.is_none().then(|| conversation.clone())
        }
        _ => None,
    };
    let seen: Conversation = c.until(over).await;
    assert_eq!(seen.id, group.id);
}

/// Three people in a connected group call; Ana is the host.
pub struct Trio<'a> {
    pub ana: Person<'a>,
    pub ben: Person<'a>,
    pub cleo: Person<'a>,
    pub a: Device,
    pub b: Device,
    pub c: Device,
    pub call: Call,
}

impl<'a> Trio<'a> {
    pub async fn talking(test: &'a TestApp) -> Self {
        let (ana, ben, cleo) = (test.guest("Ana").await, test.guest("Ben").await, test.guest("Cleo").await);
        let group = test.group("Choir", &[&ana, &ben, &cleo]).await;
        let (mut a, mut b, mut c) = (ana.device().await, ben.device().await, cleo.device().await);
        let call = ana.start(group.id, &a).await;
        ben.accept(call.id, &b).await;
        cleo.accept(call.id, &c).await;
        for device in [&mut a, &mut b, &mut c] {
            device.media(call.id, MediaState::Connected).await;
        }
        let call = ana.details(call.id).await.call;
        assert_eq!(call.status, CallStatus::Connected);
        Self { ana, ben, cleo, a, b, c, call }
    }
}
