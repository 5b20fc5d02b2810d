//! `PATCH /api/calls/{id}/participant`, `POST …/token`, `POST …/invite`

use super::group::Trio;
use crate::support::{Device, Person, Reply, TestApp};
use axum::http::Method;
use parley_protocol::{
    CallId, ErrorCode, UserId,
    call::{Call, CallStatus, MediaChange, OwnMedia, ParticipantStatus},
    limits::GROUP_MAX,
    rest::{ByDevice, CallToken, InviteToCall, UpdateParticipant},
};
use std::time::Duration;
use uuid::Uuid;

impl Person<'_> {
    async fn update(&self, call: CallId, device: &Device, media: MediaChange) -> Reply {
        let body = serde_json::to_vec(&UpdateParticipant { device_id: device.id, media }).unwrap();
        self.send(Method::PATCH, &format!("/api/calls/{call}/participant"), Some(body), &[]).await
    }

    pub async fn invite(&self, call: CallId, people: &[&Person<'_>]) -> Reply {
        let wish = InviteToCall { user_ids: people.iter().map(|person| person.id()).collect() };
        self.post(&format!("/api/calls/{call}/invite"), &wish).await
    }
}

impl Device {
    pub fn by(&self) -> ByDevice {
        ByDevice { device_id: self.id }
    }
}

#[tokio::test]
async fn fields_left_out_keep_their_values() {
    let test = TestApp::new().await;
    let mut trio = Trio::talking(&test).await;
    let id = trio.call.id;
    trio.c.drain().await;
    let hand = MediaChange { hand: Some(true), ..MediaChange::default() };
    trio.ben.update(id, &trio.b, hand).await.ok::<Call>();
    let screen = MediaChange { screen: Some(true), video: Some(true), ..MediaChange::default() };
    let seen: Call = trio.ben.update(id, &trio.b, screen).await.ok();
    let all = OwnMedia { muted: false, video: true, screen: true, hand: true };
    assert_eq!(seen.participant(trio.ben.id()).unwrap().media, all);
    assert_eq!(trio.c.heard().await, ["participant.updated", "participant.updated"]);
    let details = trio.ana.details(id).await.call;
    assert_eq!(details.participant(trio.ben.id()).unwrap().media, all, "it is stored");
    trio.ben.update(id, &trio.a, hand).await.refused(409, ErrorCode::CallNotLive);
    test.guest("Dan").await.update(id, &trio.b, hand).await.refused(404, ErrorCode::NotFound);
}

#[tokio::test]
async fn a_token_is_for_devices_that_take_part() {
    let test = TestApp::new().await;
    let (ana, ben, conversation) = test.friends().await;
    let (a, b) = (ana.device().await, ben.device().await);
    let call = ana.start(conversation.id, &a).await;
    let path = format!("/api/calls/{}/token", call.id);
    let token: CallToken = ana.post(&path, &a.by()).await.ok();
    assert_eq!(token.pass.expires_at, test.now() + Duration::from_secs(600));
    ben.post(&path, &b.by()).await.ok::<CallToken>();
    ben.accept(call.id, &b).await;
    let other = ben.device().await;
    ben.post(&path, &other.by()).await.refused(409, ErrorCode::CallNotLive);
    test.guest("Eve").await.post(&path, &b.by()).await.refused(404, ErrorCode::NotFound);
    ana.finish("leave", call.id, &a).await;
    ben.post(&path, &b.by()).await.refused(409, ErrorCode::CallNotLive);
}

#[tokio::test]
async fn invited_people_are_rung_for_the_full_ring_time() {
    let test = TestApp::new().await;
    let mut trio = Trio::talking(&test).await;
    let id = trio.call.id;
    trio.cleo.finish("leave", id, &trio.c).await;
    test.advance(Duration::from_secs(600)).await;
    trio.c.drain().await;
    let stranger = test.guest("Dan").await;
    trio.ben.invite(id, &[&stranger]).await.refused(404, ErrorCode::NotFound);
    stranger.invite(id, &[&trio.cleo]).await.refused(404, ErrorCode::NotFound);
    trio.ben.invite(id, &[]).await.refused(422, ErrorCode::InvalidInput);
    let many = InviteToCall { user_ids: vec![UserId(Uuid::now_v7()); GROUP_MAX + 1] };
    trio.ben.post(&format!("/api/calls/{id}/invite"), &many).await.refused(422, ErrorCode::InvalidInput);
    let rung: Call = trio.ben.invite(id, &[&trio.cleo, &trio.ana]).await.ok();
    let status = |call: &Call| call.participant(trio.cleo.id()).unwrap().status;
    assert_eq!(status(&rung), ParticipantStatus::Invited);
    assert_eq!(trio.c.heard().await, ["call.incoming", "call.state"]);
    test.advance(Duration::from_secs(60) - Duration::from_millis(1)).await;
    assert_eq!(status(&trio.ana.details(id).await.call), ParticipantStatus::Invited);
    test.advance(Duration::from_millis(1)).await;
    let missed = trio.ana.details(id).await.call;
    assert_eq!((status(&missed), missed.status), (ParticipantStatus::Missed, CallStatus::Connected));
}
