//! The effects on calls when sockets of devices open and close.

use super::service::handle;
use crate::{
    app::App,
    cluster::{delivery::Audience, directory::Connected},
    error::{Answer, ApiError},
    wire,
};
use parley_core::call::{Input, Seat, audience};
use parley_protocol::{CallId, DeviceId, UserId};

/// Tells the calls of a device that its socket is back, and lets it ring for calls that its person is asked
/// to.
pub async fn connected(app: &App, user: UserId, device: DeviceId) -> Answer<()> {
    for record in app.store.live_calls_of(user).await? {
        let Some(seat) = record.seat(user) else { continue };
        if seat.is_in_on(device) {
            handle(app, record.id, Input::SocketBack { user, device }).await?;
        } else if seat.is_pending() {
            let cached = app.store.with_profiles(record).await?;
            let Some(seat) =
                cached.record.seat(user).filter(|seat| audience::rings(seat, &cached.profiles.undisturbed))
            else {
                continue;
            };
            let message = wire::call::incoming(&cached, seat, &app.media, app.clock.now());
            app.publish(vec![Audience::Device { user, device }], &message);
        }
    }
    Ok(())
}

/// The way in which a device lost its socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// The socket is closed and may come back: the seat is kept for a while.
    ForNow,
    /// The session has ended: the device leaves its calls.
    ForGood,
}

/// Tells the calls of a device that its socket is closed and that no newer one took its place.
pub async fn gone(app: &App, user: UserId, device: DeviceId, how: Gone) {
    let live = match app.store.live_calls_of(user).await {
        Ok(live) => live,
        // The database closes with the server. The sweep at the next start finds seats whose device did not
        // return.
        Err(_) if app.is_draining() => return,
        // The next sweep finds the seat without a socket.
        Err(error) => return log(&error.into()),
    };
    for record in live {
        if !record.seat(user).is_some_and(|seat| seat.is_in_on(device)) {
            continue;
        }
        match how {
            Gone::ForNow => check_socket(app, record.id, user, device).await,
            Gone::ForGood => {
                if let Err(error) = handle(app, record.id, Input::Leave { user, device }).await {
                    log(&error);
                }
            }
        }
    }
}

/// Notes in the call that a device has no socket, if it has none on any server. While the directory does not
/// answer, the device may have one, so nothing is noted; a later sweep finds the seat.
pub async fn check_socket(app: &App, id: CallId, user: UserId, device: DeviceId) {
    if app.directory.is_connected(user, device).await != Connected::No {
        return;
    }
    let mut noted = handle(app, id, Input::SocketGone { user, device }).await;
    if noted.is_ok() && app.directory.is_connected(user, device).await == Connected::Yes {
        // The socket came back after the first check. `connected` may have run before the note was written,
        // and so found nothing to undo.
        noted = handle(app, id, Input::SocketBack { user, device }).await;
    }
    if let Err(error) = noted {
        log(&error);
    }
}

/// Checks the sockets of all seats, in case a call was not told that one closed or came back. Right after a
/// start no device is connected, so everyone in a call gets the usual time to return.
pub async fn sweep(app: &App) -> Answer<()> {
    for id in app.store.all_live_calls().await? {
        match app.store.call(id).await {
            Ok(record) => {
                check_seats(app, id, &record.map(|call| call.participants).unwrap_or_default()).await;
            }
            // One call that cannot be read must not keep the others from being checked.
            Err(error) => log(&error.into()),
        }
    }
    Ok(())
}

/// Corrects the seats of a call whose socket state does not match the directory.
async fn check_seats(app: &App, id: CallId, seats: &[Seat]) {
    for seat in seats.iter().filter(|seat| seat.status.is_in()) {
        let Some(device) = seat.device_id else { continue };
        let user = seat.user_id;
        match app.directory.is_connected(user, device).await {
            Connected::No => check_socket(app, id, user, device).await,
            // The socket came back, but that could not be noted then.
            Connected::Yes if seat.socket_deadline.is_some() && app.hub.is_connected(user, device) => {
                if let Err(error) = handle(app, id, Input::SocketBack { user, device }).await {
                    log(&error);
                }
            }
            Connected::Yes | Connected::Unknown => {}
        }
    }
}

fn log(error: &ApiError) {
    tracing::warn!(code = %error.code, "cannot tell a call about a socket");
}
