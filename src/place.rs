//! The addresses of the page: one closed enum instead of path patterns in five files.
//!
//! The router keeps history and links; which place a path means is decided here, so that a place is a
//! value with its ids parsed, and the shell around it (and a running call) stays when the place changes.

use parley_protocol::ConversationId;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    Home,
    Conversation(ConversationId),
    /// Somebody's personal link.
    Invite(String),
    /// Every component in every state, in debug builds.
    Styleguide(String),
    Nowhere,
}

impl Place {
    pub fn of(path: &str) -> Self {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        match parts.as_slice() {
            [] => Self::Home,
            ["c", id] => id.parse().map_or(Self::Nowhere, Self::Conversation),
            ["i", token] if is_token(token) => Self::Invite((*token).to_owned()),
            ["styleguide", sample @ ..] if cfg!(debug_assertions) => Self::Styleguide(sample.join("/")),
            _ => Self::Nowhere,
        }
    }

    pub fn path(&self) -> String {
        match self {
            Self::Home | Self::Nowhere => "/".to_owned(),
            Self::Conversation(id) => format!("/c/{id}"),
            Self::Invite(token) => format!("/i/{token}"),
            Self::Styleguide(sample) => format!("/styleguide/{sample}"),
        }
    }
}

/// Tokens travel in a path of the API as they are, so nothing else gets through.
fn is_token(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}
