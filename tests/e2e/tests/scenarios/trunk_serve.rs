//! A plain `trunk serve` beside a debug server, as the README promises: people sign in, and the socket passes
//! the proxy.

use parley_e2e::{
    Kind, Media,
    app::meet_by_hand,
    scenario::long_scenario,
    server::Settings,
    trunk::{BUILD, Trunk},
};
use std::time::Duration;

#[tokio::test]
async fn people_sign_in_and_see_one_another_through_plain_trunk_serve() {
    let limit = BUILD + Duration::from_secs(150);
    // Trunk must outlive the story, or the page would complain that its server is gone.
    let mut running = None;
    long_scenario("trunk serve", Settings::default(), limit, async |world| {
        let trunk = Trunk::serve(world.folder(), world.server_addr().await?).await?;
        let origin = trunk.origin();
        running = Some(trunk);
        let (alice, bob) = tokio::try_join!(
            world.user_at(&origin, "Alice", Kind::Chromium, Media::Fake),
            world.user_at(&origin, "Bob", Kind::Chromium, Media::Fake)
        )?;
        meet_by_hand(&alice, &bob).await?;
        // Presence comes only over the socket.
        tokio::try_join!(alice.reads("Online"), bob.reads("Online"))?;
        Ok(())
    })
    .await;
    drop(running);
}
