//! The features that this server offers.

use leptos::prelude::*;

/// The features that the server offers. Until it has said otherwise, all of them.
#[derive(Debug, Clone, Copy)]
pub struct Features {
    pub calls: RwSignal<bool>,
    /// A name is enough to sign in.
    pub guests: RwSignal<bool>,
    /// The name of the place where people may have an account to sign in with.
    pub account: RwSignal<Option<String>>,
}

impl Features {
    #[expect(clippy::new_without_default, reason = "makes signals, so it belongs to whoever calls it")]
    pub fn new() -> Self {
        Self { calls: RwSignal::new(true), guests: RwSignal::new(true), account: RwSignal::new(None) }
    }
}
