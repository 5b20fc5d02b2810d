//! `/api/conversations/{id}/members`, and the rights of each role.

use super::{at, changed, invited, list, members, removed, role};
use crate::support::{Database, Person, TestApp, on_both};
use parley_protocol::{
    ConversationId, ErrorCode, ServerMessage,
    call::ParticipantStatus,
    limits,
    people::{Conversation, MemberRole},
    rest::{AddMembers, CallAccess, NewConversation, StartCall, UpdateConversation, UpdateMember},
};
use parley_server::{cluster::limits::Limited, config::Config};

on_both!(members_added_at_once_never_exceed_the_limit a_removed_member_is_never_in_the_call_of_the_group_bug);

fn seat(id: ConversationId, of: &Person<'_>) -> String {
    at(id, &format!("/members/{}", of.id()))
}

fn adding(people: &[&Person<'_>]) -> AddMembers {
    AddMembers { user_ids: people.iter().map(|person| person.id()).collect() }
}

fn naming(name: &str) -> UpdateConversation {
    UpdateConversation { name: name.to_owned() }
}

const fn to(role: MemberRole) -> UpdateMember {
    UpdateMember { role }
}

#[tokio::test]
async fn admins_rename_invite_and_remove_members() {
    let test = TestApp::new().await;
    let (ana, ben, cleo) = (test.guest("Ana").await, test.guest("Ben").await, test.guest("Cleo").await);
    let dora = test.guest("Dora").await;
    let group = test.group("The band", &[&ana, &ben, &cleo]).await;

    let refusals = async |who: &Person<'_>| {
        who.patch(&at(group.id, ""), &naming("Mine")).await.refused(403, ErrorCode::NotAllowed);
        who.post(&at(group.id, "/members"), &adding(&[&dora])).await.refused(403, ErrorCode::NotAllowed);
        who.delete(&seat(group.id, &cleo)).await.refused(403, ErrorCode::NotAllowed);
        who.patch(&seat(group.id, &cleo), &to(MemberRole::Admin)).await.refused(403, ErrorCode::NotAllowed);
        who.get(&at(group.id, "/invite-links")).await.refused(403, ErrorCode::NotAllowed);
        let body = serde_json::json!({});
        who.post(&at(group.id, "/invite-links"), &body).await.refused(403, ErrorCode::NotAllowed);
    };
    refusals(&ben).await;

    let group: Conversation = ana.patch(&seat(group.id, &ben), &to(MemberRole::Admin)).await.ok();
    assert_eq!(role(&group, &ben), MemberRole::Admin);
    let mut tab = cleo.device().await;
    let renamed: Conversation = ben.patch(&at(group.id, ""), &naming("The choir")).await.ok();
    assert_eq!(
        (renamed.name.as_deref(), changed(&mut tab).await.name),
        (Some("The choir"), renamed.name.clone())
    );
    let grown: Conversation = ben.post(&at(group.id, "/members"), &adding(&[&dora, &cleo])).await.ok();
    assert_eq!((invited(&grown), grown.members.len()), (vec![dora.id()], 3), "a member stays one");
    ben.delete(&seat(group.id, &dora)).await.is_empty();
    dora.get(&at(group.id, "")).await.refused(404, ErrorCode::NotFound);
    ben.delete(&seat(group.id, &ana)).await.refused(403, ErrorCode::NotAllowed);
    ben.patch(&seat(group.id, &cleo), &to(MemberRole::Admin)).await.refused(403, ErrorCode::NotAllowed);
    ben.delete(&seat(group.id, &cleo)).await.is_empty();
    assert_eq!(removed(&mut tab).await, group.id);
    cleo.get(&at(group.id, "/messages")).await.refused(404, ErrorCode::NotFound);
    assert!(list(&cleo).await.is_empty());
    ben.delete(&seat(group.id, &cleo)).await.refused(404, ErrorCode::NotFound);
    assert_eq!(members(&list(&ana).await[0]), [ana.id(), ben.id()]);
}

#[tokio::test]
async fn a_member_removed_from_the_group_leaves_its_call() {
    let test = TestApp::new().await;
    let (ana, ben, cleo) = (test.guest("Ana").await, test.guest("Ben").await, test.guest("Cleo").await);
    let group = test.group("The band", &[&ana, &ben, &cleo]).await;
    let (a, mut b, mut c) = (ana.device().await, ben.device().await, cleo.device().await);
    let call = ana.start(group.id, &a).await;
    for tab in [&mut b, &mut c] {
        assert_eq!(tab.incoming().await.id, call.id);
        tab.ring(call.id).await;
    }
    ben.accept(call.id, &b).await;
    ana.delete(&seat(group.id, &cleo)).await.is_empty();
    let status = async |of: &Person<'_>| ana.details(call.id).await.call.participant(of.id()).unwrap().status;
    assert_eq!(status(&cleo).await, ParticipantStatus::Kicked, "it rings no longer");
    assert!(c.heard().await.contains(&"call.state".to_owned()));
    ana.delete(&seat(group.id, &ben)).await.is_empty();
    assert_eq!(status(&ben).await, ParticipantStatus::Kicked);
}

/// Races the removal of a member against answering, joining, and being rung by a call that begins.
async fn a_removed_member_is_never_in_the_call_of_the_group_bug(database: Database) {
    let often = |config: &mut Config| {
        for what in [Limited::CallStarts, Limited::Invitations] {
            config.limits.set(what, "10000/1").unwrap();
        }
    };
    let test = TestApp::on(database, often).await;
    let (ana, ben, cleo) = (test.guest("Ana").await, test.guest("Ben").await, test.guest("Cleo").await);
    let group = test.group("The band", &[&ana, &ben, &cleo]).await;
    let (b, c) = (ben.device().await, cleo.device().await);
    let out = seat(group.id, &ben);
    for round in 0..60 {
        let start = |invite| StartCall { invite, ..Person::start_body(group.id, c.id) };
        let begin =
            async |invite| cleo.post("/api/calls/start", &start(invite)).await.created::<CallAccess>().call;
        let call = match round % 3 {
            0 => {
                let call = begin(None).await;
                let (_, gone) = tokio::join!(ben.try_accept(call.id, b.id), ana.delete(&out));
                gone.is_empty();
                call
            }
            1 => {
                let call = begin(Some(vec![ana.id()])).await;
                let (_, gone) = tokio::join!(ben.try_join(call.id, &b), ana.delete(&out));
                gone.is_empty();
                call
            }
            _ => {
                let (call, gone) = tokio::join!(begin(None), ana.delete(&out));
                gone.is_empty();
                call
            }
        };
        let seen = cleo.details(call.id).await.call;
        let his = seen.participant(ben.id()).map(|seat| seat.status);
        let is_out = his.is_none_or(|status| !status.is_in() && !status.is_pending());
        assert!(is_out, "round {round}: {his:?}");
        cleo.finish("end", call.id, &c).await;
        ana.post(&at(group.id, "/members"), &adding(&[&ben])).await.ok::<Conversation>();
        ben.post(&at(group.id, "/accept"), &()).await.ok::<Conversation>();
    }
}

#[tokio::test]
async fn admins_do_not_remove_one_another() {
    let test = TestApp::new().await;
    let (ana, ben, cleo) = (test.guest("Ana").await, test.guest("Ben").await, test.guest("Cleo").await);
    let group = test.group("The band", &[&ana, &ben, &cleo]).await;
    for admin in [&ben, &cleo] {
        ana.patch(&seat(group.id, admin), &to(MemberRole::Admin)).await.ok::<Conversation>();
    }
    ben.delete(&seat(group.id, &cleo)).await.refused(403, ErrorCode::NotAllowed);
    ana.delete(&seat(group.id, &cleo)).await.is_empty();
}

#[tokio::test]
async fn the_owner_passes_the_group_on() {
    let test = TestApp::new().await;
    let (ana, ben, cleo) = (test.guest("Ana").await, test.guest("Ben").await, test.guest("Cleo").await);
    let group = test.group("The band", &[&ana, &ben, &cleo]).await;
    ana.patch(&seat(group.id, &ana), &to(MemberRole::Admin)).await.refused(409, ErrorCode::Conflict);
    let passed: Conversation = ana.patch(&seat(group.id, &cleo), &to(MemberRole::Owner)).await.ok();
    assert_eq!((role(&passed, &cleo), role(&passed, &ana)), (MemberRole::Owner, MemberRole::Admin));
    let owners = passed.roles.iter().filter(|ranked| ranked.role == MemberRole::Owner);
    assert_eq!(owners.count(), 1);

    cleo.delete(&seat(group.id, &cleo)).await.is_empty();
    assert_eq!(role(&list(&ben).await[0], &ana), MemberRole::Owner, "an admin comes before a member");
    ana.delete(&seat(group.id, &ana)).await.is_empty();
    assert_eq!(role(&list(&ben).await[0], &ben), MemberRole::Owner);
}

#[tokio::test]
async fn the_last_member_takes_invitations_and_links_along() {
    let test = TestApp::new().await;
    let (ana, ben) = (test.guest("Ana").await, test.guest("Ben").await);
    let wish = NewConversation::group("The band", vec![ben.id()]);
    let group: Conversation = ana.post("/api/conversations", &wish).await.ok();
    let link: parley_protocol::rest::GroupLink =
        ana.post(&at(group.id, "/invite-links"), &serde_json::json!({})).await.created();
    let mut tab = ben.device().await;
    ana.delete(&seat(group.id, &ana)).await.is_empty();
    assert_eq!(removed(&mut tab).await, group.id);
    ben.post(&at(group.id, "/accept"), &()).await.refused(404, ErrorCode::NotFound);
    let path = format!("/api/invites/{}", link.token.unwrap());
    ben.post(&path, &()).await.refused(404, ErrorCode::InviteInvalid);
}

#[tokio::test]
async fn an_invited_person_withdraws_and_can_be_invited_again() {
    let test = TestApp::new().await;
    let (ana, ben) = (test.guest("Ana").await, test.guest("Ben").await);
    let wish = NewConversation::group("The band", vec![ben.id()]);
    let group: Conversation = ana.post("/api/conversations", &wish).await.ok();
    ben.delete(&seat(group.id, &ben)).await.is_empty();
    assert!(list(&ben).await.is_empty());
    ana.post(&at(group.id, "/members"), &adding(&[&ben])).await.ok::<Conversation>();
    let mut tab = ben.device().await;
    let joined: Conversation = ben.post(&at(group.id, "/accept"), &()).await.ok();
    assert_eq!(changed(&mut tab).await, joined);
    ben.delete(&seat(group.id, &ben)).await.is_empty();
    let heard = tab.drain().await;
    assert_eq!(heard, [ServerMessage::ConversationRemoved { conversation_id: group.id }]);
}

#[tokio::test]
async fn strangers_find_no_group() {
    let test = TestApp::new().await;
    let (ana, ben, eve) = (test.guest("Ana").await, test.guest("Ben").await, test.guest("Eve").await);
    let group = test.group("The band", &[&ana, &ben]).await;
    eve.patch(&at(group.id, ""), &naming("Mine")).await.refused(404, ErrorCode::NotFound);
    eve.post(&at(group.id, "/members"), &adding(&[&eve, &ben])).await.refused(404, ErrorCode::NotFound);
    eve.post(&at(group.id, "/accept"), &()).await.refused(404, ErrorCode::NotFound);
    for one in [&eve, &ben] {
        eve.delete(&seat(group.id, one)).await.refused(404, ErrorCode::NotFound);
        eve.patch(&seat(group.id, one), &to(MemberRole::Owner)).await.refused(404, ErrorCode::NotFound);
    }
    ana.delete(&seat(group.id, &eve)).await.refused(404, ErrorCode::NotFound);
    ana.patch(&seat(group.id, &eve), &to(MemberRole::Admin)).await.refused(404, ErrorCode::NotFound);
    ana.post(&at(group.id, "/members"), &AddMembers { user_ids: vec![] })
        .await
        .refused(422, ErrorCode::InvalidInput);
}

async fn members_added_at_once_never_exceed_the_limit(database: Database) {
    let test = TestApp::on(database, |_| {}).await;
    let ana = test.guest("Ana").await;
    let mut people = Vec::new();
    for n in 0..=limits::GROUP_MAX {
        people.push(test.guest(&format!("Guest {n}")).await);
    }
    let ids: Vec<_> = people.iter().map(Person::id).collect();
    let wish = NewConversation::group("The band", ids[..limits::GROUP_MAX - 2].to_vec());
    let group: Conversation = ana.post("/api/conversations", &wish).await.ok();
    let add = async |n: usize| {
        let wish = AddMembers { user_ids: vec![ids[n]] };
        ana.post(&at(group.id, "/members"), &wish).await
    };
    let last = limits::GROUP_MAX;
    let (a, b, c) = tokio::join!(add(last), add(last - 1), add(last - 2));
    let refused: Vec<_> = [a, b, c].into_iter().filter(|reply| !reply.status.is_success()).collect();
    assert_eq!(refused.len(), 2, "99 had room for one more");
    for reply in refused {
        reply.refused(409, ErrorCode::LimitReached);
    }
}
