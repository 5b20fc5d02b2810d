//! Calls that are over.

use super::{Failure, get};
use crate::browser::page;
use parley_protocol::{
    Timestamp,
    call::{CallStatus, CallType},
    rest::Calls,
};

/// Which of them; all that is left out is all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Which {
    pub call_type: Option<CallType>,
    pub outcome: Option<CallStatus>,
}

/// `GET /api/calls/history`: a page of them, newest first.
pub async fn page(which: Which, cursor: Option<&str>) -> Result<Calls, Failure> {
    let call_type = which.call_type.map(|call_type| format!("&call_type={call_type}")).unwrap_or_default();
    let outcome = which.outcome.map(|outcome| format!("&outcome={outcome}")).unwrap_or_default();
    let cursor = cursor.map(|cursor| format!("&cursor={}", page::encode(cursor))).unwrap_or_default();
    get(&format!("/api/calls/history?limit=30{call_type}{outcome}{cursor}")).await
}

/// Those that began since then.
pub async fn since(since: Timestamp, limit: usize) -> Result<Calls, Failure> {
    get(&format!("/api/calls/history?limit={limit}&from={}", page::encode(&since.to_string()))).await
}
