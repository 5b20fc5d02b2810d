//! The call machine's requests to the server: each command becomes an API call, and its answer an input.

use crate::api::{Failure, calls};
use parley_core::phone::{ApiCommand, ApiError, Input};
use parley_protocol::rest::{AcceptCall, StartCall};

/// Sends the request of a command and returns the answer as an input.
pub async fn perform(command: ApiCommand) -> Input {
    let said = command.clone();
    match command {
        ApiCommand::Start { conversation_id, call_type, device_id, media } => {
            let body = StartCall { conversation_id, call_type, device_id, media, invite: None };
            let answer = calls::start(&body).await;
            Input::Started(answer.map_err(error))
        }
        ApiCommand::Join { call_id, device_id, media } => {
            let body = AcceptCall { device_id, media, other: None };
            let answer = calls::join(call_id, &body).await;
            Input::Started(answer.map_err(error))
        }
        ApiCommand::Accept { call_id, device_id, media, other } => {
            let body = AcceptCall { device_id, media, other };
            let answer = calls::accept(call_id, &body).await;
            Input::Accepted(call_id, answer.map_err(error))
        }
        ApiCommand::Decline { call_id, device_id } => {
            let answer = calls::decline(call_id, device_id).await;
            Input::Told(said, answer.map_err(error))
        }
        ApiCommand::Leave { call_id, device_id } => {
            let answer = calls::leave(call_id, device_id).await;
            Input::Told(said, answer.map_err(error))
        }
        ApiCommand::Active { held } => {
            let calls = calls::active().await.map_err(error);
            Input::Active { held, calls }
        }
    }
}

fn error(failure: Failure) -> ApiError {
    match failure {
        Failure::Unreachable => ApiError { code: None, call_id: None },
        Failure::Refused(detail) => {
            ApiError { code: Some(detail.code), call_id: detail.details.and_then(|details| details.call_id) }
        }
    }
}
