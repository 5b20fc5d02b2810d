//! The addresses of the page: one closed enum instead of path patterns in five files.
//!
//! A route is an address with its ids parsed. The shell around what it shows (and a running call) stays when the
//! route changes.

use crate::browser::address;
use leptos::prelude::*;
use parley_protocol::ConversationId;

/// An address of the page, parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    Home,
    Conversation(ConversationId),
    /// What is behind a conversation: its people.
    Details(ConversationId),
    NewGroup,
    /// The list of calls.
    Calls,
    /// Somebody's personal link, or one into a group.
    Invite(String),
    /// All of them, or one.
    Settings(Option<Section>),
    /// Every component in every state, in debug builds.
    Styleguide(String),
    Nowhere,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    Profile,
    Devices,
    Ringing,
    Appearance,
    Privacy,
    Keys,
    Sessions,
}

impl Section {
    pub const ALL: [Self; 7] = [
        Self::Profile,
        Self::Devices,
        Self::Ringing,
        Self::Appearance,
        Self::Privacy,
        Self::Keys,
        Self::Sessions,
    ];

    const fn path(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::Devices => "devices",
            Self::Ringing => "ringing",
            Self::Appearance => "appearance",
            Self::Privacy => "privacy",
            Self::Keys => "keyboard",
            Self::Sessions => "sessions",
        }
    }

    fn of(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.path() == path)
    }
}

impl Route {
    pub fn of(path: &str) -> Self {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        match parts.as_slice() {
            [] => Self::Home,
            ["c", id] => id.parse().map_or(Self::Nowhere, Self::Conversation),
            ["c", id, "details"] => id.parse().map_or(Self::Nowhere, Self::Details),
            ["new-group"] => Self::NewGroup,
            ["calls"] => Self::Calls,
            ["i", token] if is_token(token) => Self::Invite((*token).to_owned()),
            ["settings"] => Self::Settings(None),
            ["settings", section] => {
                Section::of(section).map_or(Self::Nowhere, |section| Self::Settings(Some(section)))
            }
            ["styleguide", sample @ ..] if cfg!(debug_assertions) => Self::Styleguide(sample.join("/")),
            _ => Self::Nowhere,
        }
    }

    pub fn path(&self) -> String {
        match self {
            Self::Home | Self::Nowhere => "/".to_owned(),
            Self::Conversation(id) => format!("/c/{id}"),
            Self::Details(id) => format!("/c/{id}/details"),
            Self::NewGroup => "/new-group".to_owned(),
            Self::Calls => "/calls".to_owned(),
            Self::Invite(token) => format!("/i/{token}"),
            Self::Settings(None) => "/settings".to_owned(),
            Self::Settings(Some(section)) => format!("/settings/{}", section.path()),
            Self::Styleguide(sample) => format!("/styleguide/{sample}"),
        }
    }
}

/// Where the person is, and the way elsewhere.
#[derive(Debug, Clone, Copy)]
pub struct Walk {
    route: RwSignal<Route>,
}

impl Walk {
    /// Follows address bar and links for as long as the reactive owner lives.
    pub fn start() -> Self {
        let walk = Self { route: RwSignal::new(Route::of(&address::path())) };
        let walked = address::on_walk(move || {
            walk.route.try_set(Route::of(&address::path()));
        });
        let links = address::on_link(move |path| {
            let route = Route::of(path);
            let known = route != Route::Nowhere;
            if known {
                walk.go(route);
            }
            known
        });
        let listeners = StoredValue::new_local((walked, links));
        on_cleanup(move || listeners.dispose());
        walk
    }

    pub fn route(self) -> Memo<Route> {
        Memo::new(move |_| self.route.get())
    }

    pub fn go(self, route: Route) {
        if self.route.try_get_untracked().is_some_and(|now| now != route) {
            address::go(&route.path());
            self.route.set(route);
        }
    }

    /// *Back* does not return to where the person was.
    pub fn replace(self, route: Route) {
        address::replace(&route.path());
        self.route.try_set(route);
    }
}

/// Tokens travel in a path of the API as they are, so nothing else gets through.
fn is_token(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}
