//! `POST /api/calls/{id}/participants/{user}/…`: the powers of a host, who can mute others but not unmute
//! them.

use super::group::Trio;
use crate::support::TestApp;
use parley_protocol::{
    ErrorCode, ServerMessage,
    call::{Call, EndReason, ParticipantStatus, Role},
    rest::{ActiveCalls, CallAccess, CallDetails, Calls, SetCallRole},
};
use uuid::Uuid;

fn path(call: &Call, user: parley_protocol::UserId, what: &str) -> String {
    format!("/api/calls/{}/participants/{user}/{what}", call.id)
}

#[tokio::test]
async fn a_host_mutes_and_nobody_unmutes() {
    let test = TestApp::new().await;
    let mut trio = Trio::talking(&test).await;
    let mute = path(&trio.call, trio.ben.id(), "mute");
    trio.cleo.post(&mute, &()).await.refused(403, ErrorCode::NotAllowed);
    trio.b.drain().await;
    let muted: Call = trio.ana.post(&mute, &()).await.ok();
    assert!(muted.participant(trio.ben.id()).unwrap().media.muted);
    let told = trio.b.drain().await;
    let count = told.iter().find_map(|message| match message {
        ServerMessage::ParticipantUpdated { participant, .. } => Some(participant.mutes),
        _ => None,
    });
    assert_eq!(count, Some(1), "his device hears that it is to be silent");
    let unmute = path(&trio.call, trio.ben.id(), "unmute");
    trio.ana.post(&unmute, &()).await.refused(404, ErrorCode::NotFound);
    let nobody = path(&trio.call, parley_protocol::UserId(Uuid::now_v7()), "mute");
    trio.ana.post(&nobody, &()).await.refused(404, ErrorCode::NotFound);
    test.guest("Dan").await.post(&mute, &()).await.refused(404, ErrorCode::NotFound);
}

#[tokio::test]
async fn a_removed_participant_returns_only_when_invited() {
    let test = TestApp::new().await;
    let mut trio = Trio::talking(&test).await;
    let kick = path(&trio.call, trio.ben.id(), "kick");
    trio.cleo.post(&kick, &()).await.refused(403, ErrorCode::NotAllowed);
    let first: Call = trio.ana.post_once(&kick, &(), "k").await.ok();
    let seat = first.participant(trio.ben.id()).unwrap();
    assert_eq!(seat.status, ParticipantStatus::Kicked);
    assert!(trio.b.heard().await.contains(&"call.state".to_owned()));
    trio.ben.try_join(trio.call.id, &trio.b).await.refused(409, ErrorCode::RemovedFromCall);
    trio.ben
        .post(&format!("/api/calls/{}/token", trio.call.id), &trio.b.by())
        .await
        .refused(409, ErrorCode::CallNotLive);
    trio.ana.invite(trio.call.id, &[&trio.ben]).await.ok::<Call>();
    assert_eq!(trio.b.incoming().await.id, trio.call.id, "rings again");
    trio.ben.accept(trio.call.id, &trio.b).await;
    let again: Call = trio.ana.post_once(&kick, &(), "k").await.ok();
    assert_eq!(again, first, "the first answer, and nobody is sent away again");
    assert!(trio.ben.details(trio.call.id).await.call.participant(trio.ben.id()).unwrap().status.is_in());
}

#[tokio::test]
async fn the_host_gives_roles() {
    let test = TestApp::new().await;
    let trio = Trio::talking(&test).await;
    let role = path(&trio.call, trio.ben.id(), "role");
    let wish = |role| SetCallRole { role };
    trio.ben.post(&role, &wish(Role::Host)).await.refused(403, ErrorCode::NotAllowed);
    trio.ana.post(&role, &wish(Role::Viewer)).await.refused(422, ErrorCode::InvalidInput);
    let given: Call = trio.ana.post(&role, &wish(Role::CoHost)).await.ok();
    assert_eq!(given.participant(trio.ben.id()).unwrap().role, Role::CoHost);
    trio.cleo
        .post(&format!("/api/calls/{}/end", trio.call.id), &trio.c.by())
        .await
        .refused(403, ErrorCode::NotAllowed);
    let over = trio.ben.finish("end", trio.call.id, &trio.b).await;
    assert_eq!(over.end_reason, Some(EndReason::HostEnded));
    let unchanged = trio.cleo.finish("end", trio.call.id, &trio.c).await;
    assert_eq!(unchanged, over, "an ended call is returned as it is");
    let log = trio.ana.details(trio.call.id).await.events;
    let line = log.iter().find(|line| line.event == "role_changed").unwrap();
    assert_eq!((line.user_id, line.data.as_deref()), (Some(trio.ben.id()), Some("co_host")));
}

#[tokio::test]
async fn a_removed_participant_hears_no_more_of_the_call_bug() {
    let test = TestApp::new().await;
    let mut trio = Trio::talking(&test).await;
    let group = trio.call.conversation_id;
    let details = format!("/api/calls/{}", trio.call.id);
    let kick = path(&trio.call, trio.ben.id(), "kick");
    trio.b.drain().await;
    trio.ana.post(&kick, &()).await.ok::<Call>();
    assert_eq!(trio.b.heard().await, ["call.state"], "this is the last message");
    trio.cleo.finish("leave", trio.call.id, &trio.c).await;
    trio.cleo.try_join(trio.call.id, &trio.c).await.ok::<CallAccess>();
    assert!(trio.b.heard().await.is_empty());
    assert!(trio.ben.get(&details).await.status.is_success(), "a member sees what goes on");

    // The caller leaves the group, and with it the call and all news of it.
    trio.a.drain().await;
    trio.ana.delete(&format!("/api/conversations/{group}/members/{}", trio.ana.id())).await.is_empty();
    let heard = trio.a.heard().await;
    assert!(heard.contains(&"call.state".to_owned()), "{heard:?}");
    trio.ana.get(&details).await.refused(404, ErrorCode::NotFound);
    assert!(trio.ana.get("/api/calls/active").await.ok::<ActiveCalls>().calls.is_empty());
    trio.b.drain().await;
    trio.cleo.finish("leave", trio.call.id, &trio.c).await;
    let over = trio.b.until(|message| match message {
        ServerMessage::ConversationUpdated { conversation } => Some(conversation.live_call.is_none()),
        message => message.call().map(|_| false),
    });
    assert!(over.await, "members without a seat get conversation updates only");
    assert!(trio.a.heard().await.is_empty());
    // A call that they took part in stays in their history.
    trio.ana.get(&details).await.ok::<CallDetails>();
    assert_eq!(trio.ana.get("/api/calls/history").await.ok::<Calls>().items.len(), 1);
}

#[tokio::test]
async fn a_repeated_role_request_with_one_key_counts_once_bug() {
    let test = TestApp::new().await;
    let trio = Trio::talking(&test).await;
    let at = path(&trio.call, trio.ben.id(), "role");
    let wish = |role| SetCallRole { role };
    let first: Call = trio.ana.post_once(&at, &wish(Role::CoHost), "k").await.ok();
    trio.ana.post(&at, &wish(Role::Participant)).await.ok::<Call>();
    let again: Call = trio.ana.post_once(&at, &wish(Role::CoHost), "k").await.ok();
    assert_eq!(again, first);
    let seen = trio.ana.details(trio.call.id).await.call;
    assert_eq!(seen.participant(trio.ben.id()).unwrap().role, Role::Participant);
    trio.ana.post_once(&at, &wish(Role::Host), "k").await.refused(409, ErrorCode::Conflict);
}
