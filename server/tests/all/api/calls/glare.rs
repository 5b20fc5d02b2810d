//! Glare: two people who call each other at the same moment.

use crate::support::{Database, TestApp, on_both};
use parley_protocol::{
    ErrorCode,
    call::{Call, CallStatus},
    rest::CallAccess,
};

on_both!(the_second_starter_answers starts_at_the_same_moment_make_one_call many_pairs_at_once_get_one_call_each);

async fn the_second_starter_answers(database: Database) {
    let test = TestApp::on(database, |_| {}).await;
    let (ana, ben, conversation) = test.friends().await;
    let (mut a, mut b) = (ana.device().await, ben.device().await);
    let first = ana.start(conversation.id, &a).await;
    let second = ben.start(conversation.id, &b).await;
    assert_eq!((second.id, second.status), (first.id, CallStatus::Connecting));
    assert_eq!(second.participants[1].device_id, Some(b.id));
    assert_eq!(a.heard().await, ["call.accepted"]);
    assert_eq!(b.heard().await, ["call.incoming", "call.accepted"]);
    ana.try_start(conversation.id, a.id).await.refused(409, ErrorCode::CallInProgress);
    ben.try_start(conversation.id, b.id).await.refused(409, ErrorCode::CallInProgress);
}

async fn starts_at_the_same_moment_make_one_call(database: Database) {
    let test = TestApp::on(database, |_| {}).await;
    let (ana, ben, conversation) = test.friends().await;
    let (a, b) = (ana.device().await, ben.device().await);
    for _ in 0..20 {
        let (one, two) =
            tokio::join!(ana.try_start(conversation.id, a.id), ben.try_start(conversation.id, b.id));
        let calls: [Call; 2] = [one, two].map(|reply| reply.created::<CallAccess>().call);
        assert_eq!(calls[0].id, calls[1].id, "one call results");
        let now = ana.details(calls[0].id).await.call;
        assert_eq!(now.status, CallStatus::Connecting);
        assert_eq!(now.participants.iter().filter(|p| p.status.is_in()).count(), 2);
        ana.finish("end", now.id, &a).await;
    }
}

async fn many_pairs_at_once_get_one_call_each(database: Database) {
    let test = TestApp::on(database, |_| {}).await;
    let mut pairs = Vec::new();
    for _ in 0..12 {
        let (ana, ben, conversation) = test.friends().await;
        let (a, b) = (ana.device().await, ben.device().await);
        pairs.push((ana, ben, conversation, a, b));
    }
    let starts = pairs.iter().flat_map(|(ana, ben, conversation, a, b)| {
        [ana.try_start(conversation.id, a.id), ben.try_start(conversation.id, b.id)]
    });
    let replies = futures_util::future::join_all(starts).await;
    for pair in replies.chunks(2) {
        let [one, two] = [&pair[0], &pair[1]].map(|reply| reply.created::<CallAccess>().call.id);
        assert_eq!(one, two);
    }
}
