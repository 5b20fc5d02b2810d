//! The session of this browser.

use parley_protocol::people::Me;

/// The state of the session, as far as the server has told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Session {
    /// The server has not been asked yet, or has not answered.
    Unknown,
    Unreachable,
    SignedOut,
    SignedIn(Me),
}
