//! The history of calls: past calls, missed ones, and statistics.

use super::{Failure, get, tell};
use crate::browser::page;
use gloo_net::http::Method;
use parley_protocol::{
    CallId,
    call::{CallStatus, CallType},
    quality::CallStatistics,
    rest::{CallDetails, Calls, MissedCalls},
};

/// A filter for the history; a field that is none lets everything through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Which {
    pub call_type: Option<CallType>,
    pub outcome: Option<CallStatus>,
}

/// `GET /api/calls/history`: a page of calls, newest first.
pub async fn page(which: Which, cursor: Option<&str>) -> Result<Calls, Failure> {
    let call_type = which.call_type.map(|call_type| format!("&call_type={call_type}")).unwrap_or_default();
    let outcome = which.outcome.map(|outcome| format!("&outcome={outcome}")).unwrap_or_default();
    let cursor = cursor.map(|cursor| format!("&cursor={}", page::encode(cursor))).unwrap_or_default();
    get(&format!("/api/calls/history?limit=30{call_type}{outcome}{cursor}")).await
}

/// `GET /api/calls/missed`
pub async fn missed() -> Result<usize, Failure> {
    let missed: MissedCalls = get("/api/calls/missed").await?;
    Ok(usize::try_from(missed.count).unwrap_or(usize::MAX))
}

/// `POST /api/calls/seen`
pub async fn see() -> Result<(), Failure> {
    tell(Method::POST, "/api/calls/seen").await
}

/// `GET /api/calls/stats`
pub async fn statistics() -> Result<CallStatistics, Failure> {
    get("/api/calls/stats").await
}

/// `GET /api/calls/{id}`
pub async fn details(id: CallId) -> Result<CallDetails, Failure> {
    get(&format!("/api/calls/{id}")).await
}
