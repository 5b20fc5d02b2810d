//! Calls: starting, joining, answering and leaving one, the moderation by hosts, and reports about quality.

use super::{Failure, exchange, get, json, send, tell};
use gloo_net::http::Method;
use parley_protocol::{
    CallId, DeviceId, UserId,
    call::{Call, Role},
    quality::{Feedback, QualityReport},
    rest::{AcceptCall, ActiveCalls, ByDevice, CallAccess, InviteToCall, SetCallRole, StartCall},
};

/// `POST /api/calls/start`
pub async fn start(body: &StartCall) -> Result<CallAccess, Failure> {
    send(Method::POST, "/api/calls/start", body).await
}

/// `POST /api/calls/{id}/join`
pub async fn join(id: CallId, body: &AcceptCall) -> Result<CallAccess, Failure> {
    send(Method::POST, &path(id, "join"), body).await
}

/// `POST /api/calls/{id}/accept`
pub async fn accept(id: CallId, body: &AcceptCall) -> Result<CallAccess, Failure> {
    send(Method::POST, &path(id, "accept"), body).await
}

/// `POST /api/calls/{id}/decline`
pub async fn decline(id: CallId, device_id: DeviceId) -> Result<Call, Failure> {
    send(Method::POST, &path(id, "decline"), &ByDevice { device_id }).await
}

/// `POST /api/calls/{id}/leave`
pub async fn leave(id: CallId, device_id: DeviceId) -> Result<Call, Failure> {
    send(Method::POST, &leave_path(id), &ByDevice { device_id }).await
}

/// Returns the path for leaving a call, which a closing tab sends a beacon to.
pub fn leave_path(id: CallId) -> String {
    path(id, "leave")
}

/// `GET /api/calls/active`
pub async fn active() -> Result<Vec<Call>, Failure> {
    Ok(get::<ActiveCalls>("/api/calls/active").await?.calls)
}

/// `POST /api/calls/{id}/invite`
pub async fn invite(id: CallId, user_ids: Vec<UserId>) -> Result<(), Failure> {
    let path = path(id, "invite");
    exchange(Method::POST, &path, json(&InviteToCall { user_ids }), None).await.map(drop)
}

/// `POST /api/calls/{id}/participants/{user}/{verb}`, where the verb is `mute` or `kick`
pub async fn moderate(id: CallId, user: UserId, verb: &str) -> Result<(), Failure> {
    tell(Method::POST, &format!("/api/calls/{id}/participants/{user}/{verb}")).await
}

/// `POST /api/calls/{id}/participants/{user}/role`
pub async fn give_role(id: CallId, user: UserId, role: Role) -> Result<(), Failure> {
    let path = format!("/api/calls/{id}/participants/{user}/role");
    exchange(Method::POST, &path, json(&SetCallRole { role }), None).await.map(drop)
}

/// `POST /api/calls/{id}/end`
pub async fn end(id: CallId, device_id: DeviceId) -> Result<(), Failure> {
    let path = path(id, "end");
    exchange(Method::POST, &path, json(&ByDevice { device_id }), None).await.map(drop)
}

/// `POST /api/calls/{id}/stats`
pub async fn report_quality(id: CallId, report: &QualityReport) -> Result<(), Failure> {
    exchange(Method::POST, &path(id, "stats"), json(report), None).await.map(drop)
}

/// `POST /api/calls/{id}/feedback`
pub async fn rate(id: CallId, feedback: &Feedback) -> Result<(), Failure> {
    exchange(Method::POST, &path(id, "feedback"), json(feedback), None).await.map(drop)
}

fn path(id: CallId, verb: &str) -> String {
    format!("/api/calls/{id}/{verb}")
}
