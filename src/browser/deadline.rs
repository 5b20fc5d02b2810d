//! A time limit for requests.

use parley_core::time::Duration;
use web_sys::AbortSignal;

/// Returns a signal that aborts its request when the time is over.
pub fn after(limit: Duration) -> AbortSignal {
    AbortSignal::timeout_with_u32(u32::try_from(limit.as_millis()).unwrap_or(u32::MAX))
}
