//! The machine's requests to the server, and what came back as its input.

use crate::api::{self, Failure};
use gloo_net::http::Method;
use parley_core::phone::{ApiCommand, ApiError, Input};
use parley_protocol::{
    CallId,
    rest::{AcceptCall, ActiveCalls, ByDevice, StartCall},
};

pub async fn perform(command: ApiCommand) -> Input {
    let said = command.clone();
    match command {
        ApiCommand::Start { conversation_id, call_type, device_id, media } => {
            let body = StartCall { conversation_id, call_type, device_id, media, invite: None };
            let answer = api::send(Method::POST, "/api/calls/start", &body).await;
            Input::Started(answer.map_err(error))
        }
        ApiCommand::Join { call_id, device_id, media } => {
            let body = AcceptCall { device_id, media, other: None };
            let answer = api::send(Method::POST, &path(call_id, "join"), &body).await;
            Input::Started(answer.map_err(error))
        }
        ApiCommand::Accept { call_id, device_id, media, other } => {
            let body = AcceptCall { device_id, media, other };
            let answer = api::send(Method::POST, &path(call_id, "accept"), &body).await;
            Input::Accepted(call_id, answer.map_err(error))
        }
        ApiCommand::Decline { call_id, device_id } => {
            let answer = api::send(Method::POST, &path(call_id, "decline"), &ByDevice { device_id }).await;
            Input::Told(said, answer.map_err(error))
        }
        ApiCommand::Leave { call_id, device_id } => {
            let answer = api::send(Method::POST, &path(call_id, "leave"), &ByDevice { device_id }).await;
            Input::Told(said, answer.map_err(error))
        }
        ApiCommand::Active { held } => {
            let answer = api::get::<ActiveCalls>("/api/calls/active").await;
            let calls = answer.map(|active| active.calls).map_err(error);
            Input::Active { held, calls }
        }
    }
}

/// Where a tab that closes says so.
pub fn leave_path(call_id: CallId) -> String {
    path(call_id, "leave")
}

fn path(call_id: CallId, verb: &str) -> String {
    format!("/api/calls/{call_id}/{verb}")
}

fn error(failure: Failure) -> ApiError {
    match failure {
        Failure::Unreachable => ApiError { code: None, call_id: None },
        Failure::Refused(detail) => {
            ApiError { code: Some(detail.code), call_id: detail.details.and_then(|details| details.call_id) }
        }
    }
}
