//! The lease of this server among several. The loop renews it, and takes over the devices of servers that
//! have died.

use crate::{app::App, calls::devices, cluster::directory::Beat};

/// Runs until the server stops.
pub async fn run(app: App) {
    let mut beats = tokio::time::interval(app.config.lease / 4);
    beats.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        beats.tick().await;
        let Beat { was_lost, caught_up, orphans } = app.directory.beat().await;
        if was_lost {
            // Other servers may have taken the devices here for gone, so all of them are entered again.
            for (user, device) in app.hub.everyone() {
                app.directory.arrived(user, device).await;
                app.stale_presence.add([user]);
            }
        }
        if (was_lost || caught_up)
            && let Err(error) = devices::sweep(&app).await
        {
            tracing::warn!(code = %error.code, "sweeping failed");
        }
        if !orphans.is_empty() {
            tracing::warn!(count = orphans.len(), "taking over the devices of a server that is gone");
        }
        for (user, device) in orphans {
            app.stale_presence.add([user]);
            devices::gone(&app, user, device, devices::Gone::ForNow).await;
        }
    }
}
