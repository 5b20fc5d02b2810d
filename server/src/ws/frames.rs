//! Reads the frames of clients and carries them out. A refused frame changes nothing.

use super::signal;
use crate::{
    app::App,
    calls::service,
    cluster::{hub::Hello, limits::Limited},
    error::{Answer, ApiError},
    http::session::Person,
    people::presence,
};
use parley_core::call::Input;
use parley_protocol::{CallId, ClientMessage, DeviceId, ErrorCode, ServerMessage};
use serde::Deserialize;
use serde_json::json;

/// Reads the first frame, which must be hello.
pub fn hello(text: &str) -> Answer<Hello> {
    match read(text)? {
        ClientMessage::Hello { device_id, resume } => Ok(Hello { device: device_id, resume }),
        _ => Err(ApiError::new(ErrorCode::OutOfOrder, "send hello first")),
    }
}

/// Handles a frame and returns the reply, if there is one.
pub async fn handle(app: &App, who: &Person, device: DeviceId, text: &str) -> Option<ServerMessage> {
    let answered = match read(text) {
        Ok(message) => dispatch(app, who, device, message).await,
        Err(refusal) => Err(refusal),
    };
    answered.unwrap_or_else(|refusal| {
        app.metrics.refused("socket", refusal.code);
        Some(error(refusal))
    })
}

/// Carries out a message.
async fn dispatch(
    app: &App,
    who: &Person,
    device: DeviceId,
    message: ClientMessage,
) -> Answer<Option<ServerMessage>> {
    let user = who.user;
    match message {
        ClientMessage::Hello { .. } => {
            return Err(ApiError::new(ErrorCode::OutOfOrder, "hello was already sent"));
        }
        ClientMessage::Ping => return Ok(Some(ServerMessage::Pong {})),
        ClientMessage::RingAck { call_id } => {
            input(app, call_id, Input::RingAck { user, device }).await?;
        }
        ClientMessage::MediaState { call_id, state } => {
            app.limits.take(Limited::CallChanges, user, app.clock.now()).await?;
            input(app, call_id, Input::Media { user, device, state }).await?;
        }
        ClientMessage::ParticipantUpdate { call_id, media } => {
            app.limits.take(Limited::CallChanges, user, app.clock.now()).await?;
            input(app, call_id, Input::Update { user, device, change: media.into() }).await?;
        }
        ClientMessage::Typing { conversation_id } => presence::typing(app, user, conversation_id).await?,
        ClientMessage::Signal { call_id, to_user, to_device, signal } => {
            let from = signal::Endpoint { user, device };
            let to = signal::Endpoint { user: to_user, device: to_device };
            signal::relay(app, call_id, from, to, signal).await?;
        }
    }
    Ok(None)
}

/// Hands an input to a call.
async fn input(app: &App, id: CallId, input: Input) -> Answer<()> {
    service::handle(app, id, input).await?.accepted().map(|_| ())
}

/// Parses a frame. The error tells apart what is not JSON, what has no known type, and what has wrong fields.
pub fn read(text: &str) -> Answer<ClientMessage> {
    serde_json::from_str(text).map_err(|why| {
        let (code, message) = match serde_json::from_str::<Tagged>(text) {
            Err(_) if why.is_data() => (ErrorCode::UnknownMessage, "a frame must be an object with a type"),
            Err(_) => (ErrorCode::InvalidJson, "the frame is not JSON"),
            Ok(Tagged { kind }) if is_known(&kind) => {
                return ApiError::new(ErrorCode::InvalidInput, format!("{kind}: {why}"));
            }
            Ok(_) => (ErrorCode::UnknownMessage, "unknown message type"),
        };
        ApiError::new(code, message)
    })
}

/// The tag of a frame.
#[derive(Deserialize)]
struct Tagged {
    #[serde(rename = "type")]
    kind: String,
}

/// Tells whether there is a message of this type. serde has no list of tags to ask, so a frame with the tag
/// alone is parsed: with a known tag it succeeds or misses fields.
fn is_known(kind: &str) -> bool {
    match serde_json::from_value::<ClientMessage>(json!({ "type": kind })) {
        Ok(_) => true,
        Err(error) => !error.to_string().starts_with("unknown variant"),
    }
}

/// Converts an error to the message that the client gets.
pub fn error(refusal: ApiError) -> ServerMessage {
    ServerMessage::Error { code: refusal.code, message: refusal.message }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<ErrorCode> {
        read(text).err().map(|refusal| refusal.code)
    }

    #[test]
    fn every_wrong_frame_has_its_code() {
        assert_eq!(code(r#"{"type":"ping"}"#), None);
        assert_eq!(code(r#"{"type":"hello"}"#), None);
        assert_eq!(code(r#"{"type":"ping""#), Some(ErrorCode::InvalidJson));
        assert_eq!(code(""), Some(ErrorCode::InvalidJson));
        assert_eq!(code("[]"), Some(ErrorCode::UnknownMessage));
        assert_eq!(code("{}"), Some(ErrorCode::UnknownMessage));
        assert_eq!(code(r#"{"type":7}"#), Some(ErrorCode::UnknownMessage));
        assert_eq!(code(r#"{"type":"call.accept"}"#), Some(ErrorCode::UnknownMessage));
        assert_eq!(code(r#"{"type":"call.ring_ack"}"#), Some(ErrorCode::InvalidInput));
        assert_eq!(code(r#"{"type":"call.ring_ack","call_id":"x"}"#), Some(ErrorCode::InvalidInput));
        let nested =
            r#"{"type":"call.media_state","call_id":"018f4b6e-0000-7000-8000-000000000000","state":"odd"}"#;
        assert_eq!(code(nested), Some(ErrorCode::InvalidInput));
    }
}
