//! `/api/me`

use crate::support::TestApp;
use axum::http::Method;
use parley_protocol::{
    ErrorCode,
    people::{Account, Me, Plan, Profile},
    rest::UpdateMe,
};

#[tokio::test]
async fn a_person_can_take_another_name() {
    let test = TestApp::new().await;
    let ana = test.guest("Ana").await;
    let rename = |name: &str| Some(format!(r#"{{"display_name":"{name}"}}"#).into_bytes());
    let me: Profile = ana.send(Method::PATCH, "/api/me", rename("Anabel"), &[]).await.ok();
    assert_eq!(me.display_name, "Anabel");
    assert_eq!(ana.get("/api/me").await.ok::<Profile>(), me);
    assert_eq!(
        ana.get("/api/me").await.ok::<Me>().display_name,
        "Anabel",
        "the smaller form is in the larger one"
    );
    let refused = ana.send(Method::PATCH, "/api/me", rename(" "), &[]).await;
    refused.refused(422, ErrorCode::InvalidInput);
    assert_eq!(ana.send(Method::PATCH, "/api/me", Some(b"{}".to_vec()), &[]).await.ok::<Profile>(), me);
}

#[tokio::test]
async fn a_choice_stays_until_it_is_changed() {
    let test = TestApp::new().await;
    let (ana, ben) = (test.guest("Ana").await, test.guest("Ben").await);
    let first: Profile = ana.get("/api/me").await.ok();
    assert!(!first.do_not_disturb && !first.always_relay && !first.call_waiting);
    assert_eq!(first.plan, Plan::Free);
    assert_eq!(first.account, Account::Guest);
    let mut expected = first;
    let none = UpdateMe::default;
    for (change, apply) in [
        (
            UpdateMe { do_not_disturb: Some(true), ..none() },
            (|me| me.do_not_disturb = true) as fn(&mut Profile),
        ),
        (UpdateMe { always_relay: Some(true), ..none() }, |me| me.always_relay = true),
        (UpdateMe { call_waiting: Some(true), ..none() }, |me| me.call_waiting = true),
        (UpdateMe { do_not_disturb: Some(false), ..none() }, |me| me.do_not_disturb = false),
        (UpdateMe { display_name: Some("Anabel".into()), ..none() }, |me| me.display_name = "Anabel".into()),
    ] {
        apply(&mut expected);
        assert_eq!(ana.patch("/api/me", &change).await.ok::<Profile>(), expected);
        assert_eq!(ana.get("/api/me").await.ok::<Profile>(), expected);
    }
    let others: Profile = ben.get("/api/me").await.ok();
    assert!(!others.always_relay && !others.call_waiting);
}

#[tokio::test]
async fn a_person_cannot_choose_their_plan() {
    let test = TestApp::new().await;
    let ana = test.guest("Ana").await;
    let asked = ana.patch("/api/me", &serde_json::json!({ "plan": "enterprise" })).await;
    assert_eq!(asked.ok::<Profile>().plan, Plan::Free);
    let write = test.app.store.write().await.unwrap();
    write.set_plan(ana.id(), Plan::Pro).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(ana.get("/api/me").await.ok::<Profile>().plan, Plan::Pro);
    assert_eq!(test.app.store.choices(&[ana.id()]).await.unwrap()[&ana.id()].plan, Plan::Pro);
}
