//! `GET /api/users`

use crate::support::TestApp;
use parley_protocol::{ErrorCode, rest::Users};

#[tokio::test]
async fn people_are_found_by_any_part_of_their_name() {
    let test = TestApp::new().await;
    let me = test.guest("Annika").await;
    for name in ["ANNA", "Joanna", "Ben", "100%", "a_b"] {
        test.guest(name).await;
    }
    let names = async |query: &str| -> Vec<String> {
        let found: Users = me.get(&format!("/api/users?query={query}")).await.ok();
        found.items.into_iter().map(|user| user.display_name).collect()
    };
    assert_eq!(names("ann").await, ["ANNA", "Joanna"], "oneself is not among them");
    assert_eq!(names("%25").await, ["100%"]);
    assert_eq!(names("_").await, ["a_b"]);
    assert!(names("zzz").await.is_empty());
    for empty in ["/api/users", "/api/users?query=", "/api/users?query=%20"] {
        me.get(empty).await.refused(422, ErrorCode::InvalidInput);
    }
}

#[tokio::test]
async fn a_search_finds_at_most_20_people() {
    let test = TestApp::new().await;
    let me = test.guest("Me").await;
    for _ in 0..21 {
        test.guest("Twin").await;
    }
    assert_eq!(me.get("/api/users?query=twin").await.ok::<Users>().items.len(), 20);
}
