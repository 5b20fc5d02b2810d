//! News from the server, as the driver of calls hands them to the rest of the page.

use parley_protocol::{ServerMessage, ServerNotice};

/// An event of the socket, other than those that concern the machine of calls alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// The socket is up (again): unless what was missed follows, it has to be loaded.
    Online {
        resumed: bool,
    },
    Offline,
    Message(ServerMessage),
    Notice(ServerNotice),
    SignedOut,
}
