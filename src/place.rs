//! The addresses of the page: one closed enum instead of path patterns in five files.
//!
//! A place is a value with its ids parsed, and the shell around it (and a running call) stays when the place
//! changes.

use crate::browser::address;
use leptos::prelude::*;
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

/// Where the person is, and the way elsewhere.
#[derive(Debug, Clone, Copy)]
pub struct Walk {
    place: RwSignal<Place>,
}

impl Walk {
    /// Follows address bar and links for as long as the reactive owner lives.
    pub fn start() -> Self {
        let walk = Self { place: RwSignal::new(Place::of(&address::path())) };
        let walked = address::on_walk(move || {
            walk.place.try_set(Place::of(&address::path()));
        });
        let links = address::on_link(move |path| {
            let place = Place::of(path);
            let known = place != Place::Nowhere;
            if known {
                walk.go(place);
            }
            known
        });
        let listeners = StoredValue::new_local((walked, links));
        on_cleanup(move || listeners.dispose());
        walk
    }

    pub fn place(self) -> Memo<Place> {
        Memo::new(move |_| self.place.get())
    }

    pub fn go(self, place: Place) {
        if self.place.try_get_untracked().is_some_and(|now| now != place) {
            address::go(&place.path());
            self.place.set(place);
        }
    }

    /// *Back* does not return to where the person was.
    pub fn replace(self, place: Place) {
        address::replace(&place.path());
        self.place.try_set(place);
    }
}

/// Tokens travel in a path of the API as they are, so nothing else gets through.
fn is_token(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}
