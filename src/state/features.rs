//! The server's features, which decide what the page offers.

use leptos::prelude::*;

/// The features of the server. Until its configuration is loaded, calls and guests count as offered.
#[derive(Debug, Clone, Copy)]
pub struct Features {
    pub calls: RwSignal<bool>,
    /// People can sign in as guests, with a name alone.
    pub guests: RwSignal<bool>,
    /// The name of the identity provider that people can sign in with; none if there is none.
    pub account: RwSignal<Option<String>>,
}

impl Features {
    #[expect(clippy::new_without_default, reason = "its signals belong to the caller's owner")]
    pub fn new() -> Self {
        Self { calls: RwSignal::new(true), guests: RwSignal::new(true), account: RwSignal::new(None) }
    }
}
