//! One socket, one task: what comes in, what goes out, and when it closes.
//!
//! Most sockets are idle most of the time. So what talks to the database is boxed, and the task of an idle
//! socket stays small.

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

/// Close codes of our own, from the range that is free for applications.
const REPLACED: u16 = 4_001;
const REVOKED: u16 = 4_003;
const SILENT: u16 = 4_008;
/// Frames that are written to a socket together, at most.
const TOGETHER: usize = 16;

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
            if gone && app.phase() != Phase::Stopping {
                Box::pin(presence::left(&app, who.user, line.device)).await;
                // Who signs out means to go; a socket that is lost may return.
                let how = if code == REVOKED { devices::Gone::ForGood } else { devices::Gone::ForNow };
                Box::pin(devices::gone(&app, who.user, line.device, how)).await;
            }
            code
        }
        Err(code) => code,
    };
    app.metrics.closed(code);
    let frame = CloseFrame { code, reason: Utf8Bytes::default() };
    // The other side may be long gone.
    let _ = timeout(app.config.socket_dead, socket.send(Message::Close(Some(frame)))).await;
}

/// Waits for hello, and takes the device in. An error is the code to close with.
async fn greet(app: &App, who: &Person, socket: &mut WebSocket) -> Result<Line, u16> {
    let until = Instant::now() + app.config.hello;
    loop {
        let text = match timeout_at(until, receive(socket)).await {
            Err(_) => return Err(SILENT),
            Ok(Heard::Text(text)) => text,
            Ok(Heard::Nothing) => continue,
            Ok(heard) => match refuse(socket, &heard).await {
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

/// Tells a device that is connected who it is. An error is the code to close with.
async fn welcome(app: &App, who: &Person, socket: &mut WebSocket, line: &mut Line) -> Result<(), u16> {
    app.bus.hold(who.user).await;
    // Whoever signs out from here on closes this socket; whoever did since it was opened is noticed here.
    match Box::pin(app.store.is_session(who.session, app.clock.now())).await {
        Ok(true) => app.hub.vouch(who.user, line.device, line.serial),
        Ok(false) => return Err(closing(app, socket, Some(Closing::Revoked)).await),
        Err(error) => {
            tracing::warn!(%error, "a socket could not be welcomed");
            return Err(close_code::AGAIN);
        }
    }
    app.bus.replaced(who.user, line.device);
    Box::pin(app.directory.arrived(who.user, line.device)).await;
    let missed = line.missed.take();
    send(app, socket, &greeting(app, who, line, missed.is_some())).await?;
    for frame in missed.iter().flatten() {
        pass_on(app, socket, line, frame).await?;
    }
    if let Err(error) = Box::pin(devices::connected(app, who.user, line.device)).await {
        tracing::warn!(code = %error.code, "calls did not hear of a socket");
    }
    Box::pin(presence::arrived(app, who.user, line.device, missed.is_some())).await;
    Ok(())
}

/// Without `resumed` the client loads its state after it.
fn greeting(app: &App, who: &Person, line: &Line, resumed: bool) -> ServerMessage {
    let (device_id, user_id, server_time) = (line.device, who.user, app.clock.now());
    ServerMessage::Welcome { device_id, user_id, server_time, seq: line.seq, resumed }
}

/// Until one side closes; the code to close with.
async fn talk(app: &App, who: &Person, socket: &mut WebSocket, line: &mut Line, phases: &mut Phases) -> u16 {
    let silence = tokio::time::sleep(app.config.socket_dead);
    tokio::pin!(silence);
    let mut budget = Budget::default();
    let mut phase = Phase::Running;
    loop {
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
                // It loads its state after a welcome, and counts from there.
                app.hub.recount(who.user, line);
                if let Err(code) = send(app, socket, &greeting(app, who, line, false)).await {
                    return code;
                }
            }
            Some(frame) = line.frames.recv() => {
                if let Err(code) = pass_on_all(app, socket, line, frame).await {
                    return code;
                }
            }
            heard = receive(socket) => {
                silence.as_mut().reset(Instant::now() + app.config.socket_dead);
                app.metrics.frames_in.inc();
                let answer = match &heard {
                    Heard::Text(text) => match budget.spend(app.limits.rule(Limited::Frames)) {
                        Spent::Fine => Box::pin(frames::handle(app, who, line.device, text)).await,
                        Spent::TooMuch(pause) => Some(frames::error(too_often(Limited::Frames, pause))),
                        Spent::FarTooMuch => return close_code::POLICY,
                    },
                    Heard::Nothing => None,
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

enum Heard {
    Text(Utf8Bytes),
    /// Something for the protocol below.
    Nothing,
    Binary,
    /// More than a frame may have; it was read.
    TooLarge,
    /// So much more that it was not read.
    Overflow,
    Closed,
}

async fn receive(socket: &mut WebSocket) -> Heard {
    match socket.recv().await {
        Some(Ok(Message::Text(text))) if text.len() <= limits::FRAME_MAX_BYTES => Heard::Text(text),
        Some(Ok(Message::Text(_))) => Heard::TooLarge,
        Some(Ok(Message::Binary(_))) => Heard::Binary,
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => Heard::Nothing,
        Some(Ok(Message::Close(_))) | None => Heard::Closed,
        Some(Err(error)) => {
            if is_too_large(error) {
                Heard::Overflow
            } else {
                Heard::Closed
            }
        }
    }
}

fn is_too_large(error: Error) -> bool {
    let inner = error.into_inner();
    matches!(inner.downcast_ref::<tungstenite::Error>(), Some(tungstenite::Error::Capacity(_)))
}

/// Answers what is not text. The code to close with, if it cannot go on.
async fn refuse(socket: &mut WebSocket, heard: &Heard) -> Option<u16> {
    let (answer, code) = match heard {
        Heard::Binary => (ApiError::new(ErrorCode::InvalidJson, "frames are text"), None),
        Heard::TooLarge | Heard::Overflow => {
            let code = matches!(heard, Heard::Overflow).then_some(close_code::SIZE);
            (ApiError::new(ErrorCode::TooLarge, "a frame may have 64 KiB"), code)
        }
        Heard::Text(_) | Heard::Nothing => return None,
        Heard::Closed => return Some(close_code::NORMAL),
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

/// Messages that every device counts, so that it can say how far it has heard.
async fn pass_on(app: &App, socket: &mut WebSocket, line: &mut Line, frame: &Frame) -> Result<(), u16> {
    line.seq += 1;
    write(app, socket, Message::Text(frame.as_ref().clone())).await.map_err(|()| close_code::AGAIN)
}

/// What waits is written together, and leaves at once.
async fn pass_on_all(app: &App, socket: &mut WebSocket, line: &mut Line, first: Frame) -> Result<(), u16> {
    let passing = async {
        let mut frame = first;
        for left in (0..TOGETHER).rev() {
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

async fn send(app: &App, socket: &mut WebSocket, message: &impl Serialize) -> Result<(), u16> {
    let Ok(text) = serde_json::to_string(message) else { return Err(close_code::ERROR) };
    write(app, socket, Message::text(text)).await.map_err(|()| close_code::AGAIN)
}

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

    /// The size of what a task for this function keeps between two frames.
    fn size_of_task<F: Future>(_: impl FnOnce(App, Person, WebSocket) -> F) -> usize {
        size_of::<F>()
    }

    #[test]
    fn an_idle_socket_keeps_little() {
        let size = size_of_task(run);
        assert!(size <= 3 * 1024, "{size} bytes");
    }
}
