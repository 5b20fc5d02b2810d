//! The sweep, which corrects what no event did: sockets without a session, sessions in use that would expire,
//! and seats without a socket.

use crate::{app::App, calls::devices, error::Answer, http::session};
use parley_protocol::SessionId;

/// The number of sessions that are looked up at once.
const BATCH: usize = 500;

/// Closes sockets without a session, extends the sessions of the others, and checks the seats of all live
/// calls.
pub async fn sweep(app: &App) -> Answer<()> {
    let connected: Vec<SessionId> = app.hub.sessions().into_iter().collect();
    for some in connected.chunks(BATCH) {
        let live = app.store.sessions_among(some, app.clock.now()).await?;
        for ended in some.iter().filter(|id| !live.iter().any(|row| row.id == **id)) {
            app.hub.revoke(*ended);
        }
        // An open tab is in use, also if it sends no request.
        let used: Vec<_> = live.iter().map(|row| (row.id, row.expires_at)).collect();
        session::slide(app, &used).await?;
    }
    devices::sweep(app).await
}
