//! News from the signaling socket, which the call driver passes on to the rest of the page.

use parley_protocol::{ServerMessage, ServerNotice};

/// An event of the socket that concerns more than the call machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// The socket is up. If `resumed`, the missed messages follow; otherwise the state has to be loaded
    /// again.
    Online {
        resumed: bool,
    },
    Offline,
    Message(ServerMessage),
    Notice(ServerNotice),
    SignedOut,
}
