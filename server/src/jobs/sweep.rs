//! Finds what was missed: sockets without a session, sessions in use that would end, and seats without a socket.

use crate::{app::App, calls::devices, error::Answer, http::session};
use parley_protocol::SessionId;

/// Sessions that one question to the database asks for.
const BATCH: usize = 500;

/// Closes sockets without a session, keeps the sessions of the others alive, and frees seats without a socket.
pub async fn sweep(app: &App) -> Answer<()> {
    let connected: Vec<SessionId> = app.hub.sessions().into_iter().collect();
    for some in connected.chunks(BATCH) {
        let live = app.store.sessions_among(some, app.clock.now()).await?;
        for ended in some.iter().filter(|id| !live.iter().any(|row| row.id == **id)) {
            app.hub.revoke(*ended);
        }
        // A tab that is open is in use, though it may ask for nothing.
        let used: Vec<_> = live.iter().map(|row| (row.id, row.expires_at)).collect();
        session::slide(app, &used).await?;
    }
    devices::sweep(app).await
}
