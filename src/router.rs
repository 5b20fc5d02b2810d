//! The addresses of the page: one closed enum, parsed from the address bar and written into every link.
//!
//! Behind sign-in `leptos_router` follows links and the history (docs/adr/0018-router.md). It is loaded with
//! the pane, so code that runs before the pane reads the address through [`Walk`]. `pages/signed_in.rs` maps
//! routes to pages.

use crate::browser::address;
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    components::{Router, ToHref},
    hooks::{use_location, use_navigate},
};
use parley_protocol::ConversationId;
use std::sync::Arc;

/// An address of the page, parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    Home,
    Conversation(ConversationId),
    /// The details of a conversation.
    Details(ConversationId),
    NewGroup,
    /// The list of calls.
    Calls,
    /// The token of an invite link: a person's own, or one into a group.
    Invite(String),
    /// The list of sections, or one section.
    Settings(Option<Section>),
    /// Every component in every state, in debug builds.
    Styleguide(String),
    /// An address that is no page.
    Nowhere,
}

/// A section of the settings.
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

    /// Parses the last part of a section's address.
    fn of(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.path() == path)
    }
}

impl Route {
    /// Parses the path of an address.
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

    /// Writes the path of its address.
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

impl ToHref for Route {
    fn to_href(&self) -> Box<dyn Fn() -> String + '_> {
        Box::new(|| self.path())
    }
}

/// The current route, and navigation to others. It works before the router is loaded: until then a navigation
/// loads the page anew.
#[derive(Clone, Copy)]
pub struct Walk {
    route: RwSignal<Route>,
    router: StoredValue<Option<Go>>,
}

type Go = Arc<dyn Fn(&Route, NavigateOptions) + Send + Sync>;

impl Walk {
    /// Follows the address bar for as long as the reactive owner lives.
    pub fn start() -> Self {
        let walk = Self { route: RwSignal::new(Route::of(&address::path())), router: StoredValue::new(None) };
        let walked = StoredValue::new_local(address::on_walk(move || walk.arrive(&address::path())));
        on_cleanup(move || walked.dispose());
        walk
    }

    pub fn route(self) -> Memo<Route> {
        Memo::new(move |_| self.route.get())
    }

    /// Goes to another route and adds an entry to the history.
    pub fn go(self, route: &Route) {
        self.navigate(route, false);
    }

    /// Goes to another route in place of the current entry of the history.
    pub fn replace(self, route: &Route) {
        self.navigate(route, true);
    }

    fn navigate(self, route: &Route, replace: bool) {
        match self.router.try_get_value().flatten() {
            Some(go) => go(route, NavigateOptions { replace, ..NavigateOptions::default() }),
            None => address::load(&route.path()),
        }
    }

    fn arrive(self, path: &str) {
        let route = Route::of(path);
        if self.route.try_get_untracked().is_some_and(|known| known != route) {
            self.route.set(route);
        }
    }

    /// Navigates through the router around the calling component, for as long as that is mounted.
    fn follow_router(self) {
        let (path, navigate) = (use_location().pathname, use_navigate());
        let go: Go = Arc::new(move |route, options| navigate(&route.path(), options));
        self.router.set_value(Some(go));
        Effect::new(move |_| path.with(|path| self.arrive(path)));
        on_cleanup(move || drop(self.router.try_set_value(None)));
    }
}

/// The router around its children. Links that lead to no page are left to the browser.
#[component]
pub fn PageRouter(children: Children) -> impl IntoView {
    let walk = expect_context::<Walk>();
    let others = StoredValue::new_local(address::mark_links(|path| Route::of(path) == Route::Nowhere));
    on_cleanup(move || others.dispose());
    // The first `Router` of a page keeps its reactive owner forever, as the place for redirects. An owner in
    // between ends its listeners with this component all the same.
    let owner = Owner::new();
    let view = owner.with(|| {
        view! {
            <Router>
                {walk.follow_router()}
                {children()}
            </Router>
        }
    });
    on_cleanup(move || owner.cleanup());
    view
}

/// Tells whether the text can be a token. Tokens travel in a path of the API as they are, so nothing else
/// gets through.
fn is_token(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}
