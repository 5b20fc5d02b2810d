//! The task of one socket: hello, welcome, frames in both directions, and the close.
//!
//! Most sockets are idle most of the time, so the size of this task decides how much memory a server needs.
//! Futures that talk to the database are boxed and exist only while they run.

use super::{
    budget::{Budget, Spent},
    frames,
};
use crate::{
    app::{App, Phase, Phases},
    calls::devices,
    cluster::{
        hub::{Closing, Frame, Line},
        limits::{Limited, too_often},
    },
    error::ApiError,
    http::session::Person,
    people::presence,
};
use axum::{
    Error,
    extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, close_code},
};
use futures_util::SinkExt;
use parley_protocol::{ErrorCode, ServerMessage, ServerNotice, limits};
use serde::Serialize;
use tokio::time::{Instant, timeout, timeout_at};

/// The close codes of Parley, from the range for applications: a newer socket of the same device took over,
/// the session has ended, and the client was silent for too long.
const REPLACED: u16 = 4_001;
const REVOKED: u16 = 4_003;
const SILENT: u16 = 4_008;
/// The most frames that are written to a socket before it is flushed.
const BATCH: usize = 16;

/// Serves a socket until it closes.
pub async fn run(app: App, who: Person, mut socket: WebSocket) {
    let mut phases = app.phases();
    let greeted = tokio::select! {
        greeted = greet(&app, &who, &mut socket) => greeted,
        () = phases.stopping() => Err(close_code::RESTART),
    };
    let code = match greeted {
        Ok(mut line) => {
            let code = match welcome(&app, &who, &mut socket, &mut line).await {
                Ok(()) => talk(&app, &who, &mut socket, &mut line, &mut phases).await,
                Err(code) => code,
            };
            let gone = app.hub.disconnect(who.user, line.device, line.serial) && code != REPLACED;
            app.bus.release(who.user);
            // A stopping server takes all its devices out of the directory at once (`depart`), and the sweep
            // of the next one finds the seats without a socket.
            if gone && app.phase() != Phase::Stopping {
                Box::pin(presence::left(&app, who.user, line.device)).await;
                // Signing out ends the calls of this device. A socket that is merely lost may come back.
                let how = if code == REVOKED { devices::Gone::ForGood } else { devices::Gone::ForNow };
                Box::pin(devices::gone(&app, who.user, line.device, how)).await;
            }
            code
        }
        Err(code) => code,
    };
    app.metrics.closed(code);
    let frame = CloseFrame { code, reason: Utf8Bytes::default() };
    // An error does not matter: the client may be gone already.
    let _ = timeout(app.config.socket_dead, socket.send(Message::Close(Some(frame)))).await;
}

/// Waits for hello, and connects the device to the hub. An error is the code to close with.
async fn greet(app: &App, who: &Person, socket: &mut WebSocket) -> Result<Line, u16> {
    let until = Instant::now() + app.config.hello;
    let mut budget = Budget::default();
    loop {
        let Ok(heard) = timeout_at(until, receive(socket)).await else { return Err(SILENT) };
        // Whoever has not said hello has no reason to say much.
        if !matches!(budget.spend(app.limits.rule(Limited::Frames)), Spent::Fine) {
            return Err(close_code::POLICY);
        }
        let text = match heard {
            Received::Text(text) => text,
            Received::Nothing => continue,
            heard => match refuse(socket, &heard).await {
                None => continue,
                Some(code) => return Err(code),
            },
        };
        match frames::hello(&text) {
            Ok(wanted) => {
                if let Some(line) = app.hub.connect(who.user, who.session, wanted) {
                    return Ok(line);
                }
                let refusal = ApiError::new(ErrorCode::RateLimited, "too many tabs are open");
                send(app, socket, &frames::error(refusal)).await?;
                return Err(close_code::POLICY);
            }
            Err(refusal) => send(app, socket, &frames::error(refusal)).await?,
        }
    }
}

/// Welcomes a connected device and sends it what it missed. An error is the code to close with.
async fn welcome(app: &App, who: &Person, socket: &mut WebSocket, line: &mut Line) -> Result<(), u16> {
    // In this order: once `hold` returns, a revocation at any server reaches this socket through the hub. One
    // from before that is found by the check below. The other way round, one in between would be missed.
    app.bus.hold(who.user).await;
    match Box::pin(app.store.is_session(who.session, app.clock.now())).await {
        Ok(true) => app.hub.vouch(who.user, line.device, line.serial),
        Ok(false) => return Err(closing(app, socket, Some(Closing::Revoked)).await),
        Err(error) => {
            tracing::warn!(%error, "cannot check the session of a new socket");
            return Err(close_code::AGAIN);
        }
    }
    app.bus.replaced(who.user, line.device);
    Box::pin(app.directory.arrived(who.user, line.device)).await;
    let missed = line.missed.take();
    send(app, socket, &greeting(app, who, line, missed.is_some())).await?;
    for frame in missed.iter().flatten() {
        forward(app, socket, line, frame).await?;
    }
    if let Err(error) = Box::pin(devices::connected(app, who.user, line.device)).await {
        tracing::warn!(code = %error.code, "cannot tell calls about a new socket");
    }
    Box::pin(presence::arrived(app, who.user, line.device, missed.is_some())).await;
    Ok(())
}

/// Builds the welcome. A client that did not resume loads its state after it.
fn greeting(app: &App, who: &Person, line: &Line, resumed: bool) -> ServerMessage {
    let (device_id, user_id, server_time) = (line.device, who.user, app.clock.now());
    ServerMessage::Welcome { device_id, user_id, server_time, seq: line.seq, resumed }
}

/// Exchanges frames until one side closes. Returns the code to close with.
async fn talk(app: &App, who: &Person, socket: &mut WebSocket, line: &mut Line, phases: &mut Phases) -> u16 {
    let silence = tokio::time::sleep(app.config.socket_dead);
    tokio::pin!(silence);
    let mut budget = Budget::default();
    let mut phase = Phase::Running;
    loop {
        // Biased, so that a close comes before all else, and waiting frames are written before more are read:
        // a client that never stops sending cannot keep its own queue from being emptied.
        tokio::select! {
            biased;
            why = &mut line.closing => return closing(app, socket, why.ok()).await,
            next = phases.after(phase) => {
                let is_told = phase != Phase::Running;
                phase = next;
                if !is_told && let Err(code) = send(app, socket, &ServerNotice::Draining {}).await {
                    return code;
                }
                if phase == Phase::Stopping {
                    return close_code::RESTART;
                }
            }
            () = &mut silence => return SILENT,
            Ok(()) = line.gaps.changed() => {
                // A message between servers may have been lost. A second welcome makes the client load its
                // state, and its count goes on from there.
                app.hub.recount(who.user, line);
                if let Err(code) = send(app, socket, &greeting(app, who, line, false)).await {
                    return code;
                }
            }
            Some(frame) = line.frames.recv() => {
                if let Err(code) = forward_batch(app, socket, line, frame).await {
                    return code;
                }
            }
            heard = receive(socket) => {
                silence.as_mut().reset(Instant::now() + app.config.socket_dead);
                app.metrics.frames_in.inc();
                // Frames of every kind count, also those that are only refused or answered by the library.
                let answer = match (budget.spend(app.limits.rule(Limited::Frames)), &heard) {
                    (Spent::FarTooMuch, _) => return close_code::POLICY,
                    (Spent::TooMuch(pause), Received::Text(_)) => {
                        Some(frames::error(too_often(Limited::Frames, pause)))
                    }
                    (Spent::Fine, Received::Text(text)) => {
                        Box::pin(frames::handle(app, who, line.device, text)).await
                    }
                    (_, Received::Nothing) => None,
                    _ => match refuse(socket, &heard).await {
                        None => None,
                        Some(code) => return code,
                    },
                };
                if let Some(answer) = answer && let Err(code) = send(app, socket, &answer).await {
                    return code;
                }
            }
        }
    }
}

/// Sends what the client should know before the close, and returns the code to close with.
async fn closing(app: &App, socket: &mut WebSocket, why: Option<Closing>) -> u16 {
    match why {
        Some(Closing::Replaced) => REPLACED,
        Some(Closing::Revoked) => {
            let _ = send(app, socket, &ServerMessage::SessionRevoked {}).await;
            REVOKED
        }
        Some(Closing::Slow) | None => close_code::AGAIN,
    }
}

/// One item from the client.
enum Received {
    Text(Utf8Bytes),
    /// A ping or pong of the WebSocket protocol, which the library answers.
    Nothing,
    Binary,
    /// A frame over our limit that the library still read. The socket can go on.
    TooLarge,
    /// A frame over the library's limit, which it did not read. The socket cannot go on.
    Overflow,
    Closed,
}

/// Waits for the next item from the client.
async fn receive(socket: &mut WebSocket) -> Received {
    match socket.recv().await {
        Some(Ok(Message::Text(text))) if text.len() <= limits::FRAME_MAX_BYTES => Received::Text(text),
        Some(Ok(Message::Text(_))) => Received::TooLarge,
        Some(Ok(Message::Binary(_))) => Received::Binary,
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => Received::Nothing,
        Some(Ok(Message::Close(_))) | None => Received::Closed,
        Some(Err(error)) => {
            if is_too_large(error) {
                Received::Overflow
            } else {
                Received::Closed
            }
        }
    }
}

fn is_too_large(error: Error) -> bool {
    let inner = error.into_inner();
    matches!(inner.downcast_ref::<tungstenite::Error>(), Some(tungstenite::Error::Capacity(_)))
}

/// Answers what is not a text frame. Returns the code to close with if the socket cannot go on.
async fn refuse(socket: &mut WebSocket, heard: &Received) -> Option<u16> {
    let (answer, code) = match heard {
        Received::Binary => (ApiError::new(ErrorCode::InvalidJson, "frames must be text"), None),
        Received::TooLarge | Received::Overflow => {
            let code = matches!(heard, Received::Overflow).then_some(close_code::SIZE);
            (ApiError::new(ErrorCode::TooLarge, "a frame may have at most 64 KiB"), code)
        }
        Received::Text(_) | Received::Nothing => return None,
        Received::Closed => return Some(close_code::NORMAL),
    };
    let sent = match serde_json::to_string(&frames::error(answer)) {
        Ok(text) => timeout(std::time::Duration::from_secs(5), socket.send(Message::text(text))).await,
        Err(_) => return Some(close_code::ERROR),
    };
    match sent {
        Ok(Ok(())) => code,
        _ => Some(code.unwrap_or(close_code::AGAIN)),
    }
}

/// Writes one frame from the device's log. The client counts these frames, and names the count when it
/// resumes.
async fn forward(app: &App, socket: &mut WebSocket, line: &mut Line, frame: &Frame) -> Result<(), u16> {
    line.seq += 1;
    write(app, socket, Message::Text(frame.as_ref().clone())).await.map_err(|()| close_code::AGAIN)
}

/// Writes the frames that wait, up to a batch, and flushes them together: one system call instead of one per
/// frame.
async fn forward_batch(app: &App, socket: &mut WebSocket, line: &mut Line, first: Frame) -> Result<(), u16> {
    let passing = async {
        let mut frame = first;
        for left in (0..BATCH).rev() {
            line.seq += 1;
            app.metrics.frames_out.inc();
            socket.feed(Message::Text(frame.as_ref().clone())).await?;
            let next = if left > 0 { line.frames.try_recv().ok() } else { None };
            let Some(next) = next else { break };
            frame = next;
        }
        socket.flush().await
    };
    match timeout(app.config.socket_dead, passing).await {
        Ok(Ok(())) => Ok(()),
        _ => Err(close_code::AGAIN),
    }
}

/// Sends a message that the client does not count, such as a reply.
async fn send(app: &App, socket: &mut WebSocket, message: &impl Serialize) -> Result<(), u16> {
    let Ok(text) = serde_json::to_string(message) else { return Err(close_code::ERROR) };
    write(app, socket, Message::text(text)).await.map_err(|()| close_code::AGAIN)
}

/// Writes a frame, within the time in which a client must show life.
async fn write(app: &App, socket: &mut WebSocket, message: Message) -> Result<(), ()> {
    app.metrics.frames_out.inc();
    match timeout(app.config.socket_dead, socket.send(message)).await {
        Ok(Ok(())) => Ok(()),
        _ => Err(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the size of the future of a function.
    fn size_of_task<F: Future>(_: impl FnOnce(App, Person, WebSocket) -> F) -> usize {
        size_of::<F>()
    }

    #[test]
    fn an_idle_socket_keeps_little() {
        let size = size_of_task(run);
        assert!(size <= 3 * 1024, "{size} bytes");
    }
}
