//! What the coming and going of sockets means for calls.

use super::service::handle;
use crate::{
    app::App,
    cluster::{delivery::Audience, directory::Connected},
    error::{Answer, ApiError},
    wire,
};
use parley_core::call::{Input, Seat, audience};
use parley_protocol::{CallId, DeviceId, UserId};

/// A device said hello: its calls have it back, and what rings for its person rings here as well.
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    ForNow,
    /// Its session has ended.
    ForGood,
}

/// The device's socket is closed, and no newer one took its place.
pub async fn gone(app: &App, user: UserId, device: DeviceId, how: Gone) {
    let live = match app.store.live_calls_of(user).await {
        Ok(live) => live,
        // The database closes with the server; whoever does not return is noticed at the next start.
        Err(_) if app.is_draining() => return,
        // The next sweep finds the seat.
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

/// Notes in the call that a device has no socket, if it has none on any server. While that cannot be known it
/// may well have one; the sweep after that finds the seat.
pub async fn check_socket(app: &App, id: CallId, user: UserId, device: DeviceId) {
    if app.directory.is_connected(user, device).await != Connected::No {
        return;
    }
    let mut noted = handle(app, id, Input::SocketGone { user, device }).await;
    if noted.is_ok() && app.directory.is_connected(user, device).await == Connected::Yes {
        // It returned in between, and found nothing to take back.
        noted = handle(app, id, Input::SocketBack { user, device }).await;
    }
    if let Err(error) = noted {
        log(&error);
    }
}

/// Frees the seats whose device has no socket; the call may not have heard of it. After a start of the
/// server nobody is connected: everyone in a call has the usual time to return.
pub async fn sweep(app: &App) -> Answer<()> {
    for id in app.store.all_live_calls().await? {
        match app.store.call(id).await {
            Ok(record) => {
                check_seats(app, id, &record.map(|call| call.participants).unwrap_or_default()).await;
            }
            // The others are looked after all the same.
            Err(error) => log(&error.into()),
        }
    }
    Ok(())
}

async fn check_seats(app: &App, id: CallId, seats: &[Seat]) {
    for seat in seats.iter().filter(|seat| seat.status.is_in()) {
        let Some(device) = seat.device_id else { continue };
        let user = seat.user_id;
        match app.directory.is_connected(user, device).await {
            Connected::No => check_socket(app, id, user, device).await,
            // It returned when that could not be noted.
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
    tracing::warn!(code = %error.code, "a call did not hear of a socket");
}
