//! What has expired is removed; what has not is kept.

use crate::support::TestApp;
use parley_protocol::rest::InviteLink;
use parley_server::{http::secret, jobs};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[tokio::test]
async fn only_what_has_expired_is_removed() {
    let test = TestApp::new().await;
    let (old, before) = (test.guest("Old").await, test.now());
    let link: InviteLink = old.post("/api/me/invite-link", &()).await.created();
    test.clock.advance(DAY * 30);
    let young = test.guest("Young").await;
    jobs::clean(&test.app).await.unwrap();
    let session = async |token: &str| test.app.store.session(&secret::digest(token), before).await.unwrap();
    // Asked as of a time at which both were good: what is missing has been removed.
    assert!(session(&old.signed.token).await.is_none());
    assert!(session(&young.signed.token).await.is_some());
    let maker = test.app.store.invite_maker(&secret::digest(&link.token), before).await.unwrap();
    assert_eq!(maker, None);
}
