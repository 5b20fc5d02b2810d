//! The one event loop: translates the world into the machine's inputs and its outputs into the world.

use super::handle::CallHandle;
use parley_protocol::{ServerMessage, people::UserSummary};

/// What the socket brings that is not about calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// The socket is up (again): load what may have been missed.
    Online,
    Offline,
    Message(ServerMessage),
    SignedOut,
}

/// Connects this tab and rings from then on. Lives as long as the reactive owner that calls it.
pub fn start(_me: UserSummary, _news: impl Fn(News) + 'static) -> CallHandle {
    unimplemented!()
}
