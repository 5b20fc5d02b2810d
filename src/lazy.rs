//! Parts of the page that are loaded when they are needed, or a little before.
//!
//! `part!` turns a function into a [`Part`]: a pair of functions that load the file and run the function in
//! it. With the feature `split` the function lies in a file of its own (`xtask/src/split.rs`), which parts of
//! the same name share. Without it everything is in one file, and loading is done at once.

use futures::FutureExt;
use leptos::{prelude::*, task::spawn_local};
use std::pin::Pin;

/// An error: the file of a part could not be loaded, because the network is away or the server has a newer
/// page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing;

#[cfg(feature = "split")]
impl From<wasm_split_helpers::SplitLoaderError> for Missing {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self
    }
}

/// A future that needs the file of its part.
pub type Later<T> = Pin<Box<dyn Future<Output = Result<T, Missing>>>>;

/// A function that makes the view for a part that could not be loaded; running the callback tries again.
pub type Fallback = fn(retry: Callback<()>) -> AnyView;

/// A function from `A` to `T` that lies in a part of the page. Made by `part!`.
pub struct Part<A: 'static, T: 'static = AnyView> {
    pub load: fn() -> Later<()>,
    pub make: fn(A) -> Later<T>,
    pub missing: Fallback,
}

impl<A, T> Clone for Part<A, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A, T> Copy for Part<A, T> {}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Loading,
    Here,
    Missing,
}

impl<A, T> Part<A, T> {
    /// Loads the part ahead of its use. A failure is ignored: [`Part::show`] tries again and reports it.
    pub fn prefetch(self) {
        let loading = (self.load)();
        spawn_local(async move {
            let _ = loading.await;
        });
    }

    /// Calls the function if the part is loaded.
    fn here(self, of: A) -> Option<T> {
        (self.make)(of).now_or_never()?.ok()
    }
}

impl<A: Clone + 'static> Part<A> {
    /// Shows the view that the part makes: at once if the part is loaded, else when it has come; the fallback
    /// if it cannot be loaded.
    pub fn show(self, of: A) -> AnyView {
        show(self.load, Box::new(move || self.here(of.clone())), self.missing)
    }
}

fn show(load: fn() -> Later<()>, make: Box<dyn Fn() -> Option<AnyView>>, missing: Fallback) -> AnyView {
    let state = RwSignal::new(State::Loading);
    let start = move || {
        let mut loading = load();
        let told = |loaded: Result<(), Missing>| if loaded.is_ok() { State::Here } else { State::Missing };
        // A part that is loaded is shown in this same pass, without an empty frame before it.
        match (&mut loading).now_or_never() {
            Some(loaded) => state.set(told(loaded)),
            None => spawn_local(async move {
                state.try_set(told(loading.await));
            }),
        }
    };
    start();
    let retry = move || {
        state.set(State::Loading);
        start();
    };
    let make = StoredValue::new_local(make);
    (move || match state.get() {
        State::Loading => view! { <div class="part" aria-busy="true"></div> }.into_any(),
        State::Here => make.with_value(|make| make()).into_any(),
        State::Missing => missing(Callback::new(move |()| retry())),
    })
    .into_any()
}

/// Declares a constant [`Part`]: `part! { /// Doc. pub NAME in file = fn name(argument: Type) -> Made { … }
/// }`. The caller's constant `MISSING` is its fallback.
macro_rules! part {
    ($(#[$doc:meta])* $vis:vis $part:ident in $file:ident = fn $name:ident($arg:ident: $of:ty) -> $made:ty $body:block) => {
        $(#[$doc])*
        $vis const $part: $crate::lazy::Part<$of, $made> = {
            #[cfg(feature = "split")]
            #[wasm_split_helpers::wasm_split($file, fallible, preload(fetch))]
            fn $name($arg: $of) -> Result<$made, $crate::lazy::Missing> {
                Ok($body)
            }
            #[cfg(not(feature = "split"))]
            async fn $name($arg: $of) -> Result<$made, $crate::lazy::Missing> {
                Ok($body)
            }
            #[cfg(feature = "split")]
            async fn load() -> Result<(), $crate::lazy::Missing> {
                Ok(fetch().await?)
            }
            #[cfg(not(feature = "split"))]
            async fn load() -> Result<(), $crate::lazy::Missing> {
                Ok(())
            }
            $crate::lazy::Part {
                load: || Box::pin(load()),
                make: |of| Box::pin($name(of)),
                missing: MISSING,
            }
        };
    };
}
pub(crate) use part;
