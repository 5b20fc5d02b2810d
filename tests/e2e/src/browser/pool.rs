//! A pool of browsers that stories reuse. A process starts once, and each story gets a new window in it that
//! remembers nothing: every story has an origin of its own, and cookies, windows and their sizes are reset
//! between stories.
//!
//! The pool lives as long as a story runs or waits for its turn, so that no browser outlives the tests.

use super::{Browser, Kind, Media};
use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError, Weak},
};

static POOL: Mutex<Weak<Pool>> = Mutex::new(Weak::new());

#[derive(Default)]
pub struct Pool {
    idle: Mutex<Vec<Browser>>,
}

impl Pool {
    /// Returns the pool that running stories share, or a new one.
    pub fn shared() -> Arc<Self> {
        let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
        pool.upgrade().unwrap_or_else(|| {
            let new = Arc::default();
            *pool = Arc::downgrade(&new);
            new
        })
    }

    /// Takes an idle browser of this kind.
    pub fn take(&self, kind: Kind, media: Media) -> Option<Browser> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let at = idle.iter().position(|browser| browser.kind == kind && browser.media == media)?;
        Some(idle.swap_remove(at))
    }

    /// Keeps a browser for the next story, if it can be made like new.
    pub async fn give_back(&self, browser: Browser, origin: &str) {
        if !is_handed_on(browser.media) {
            return;
        }
        match browser.renewed(origin).await {
            Ok(browser) => self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(browser),
            Err(error) => eprintln!("a browser ends early: {error:#}"),
        }
    }
}

/// Tells whether a later story can reuse such a browser: not one that was set up for a single origin, or that
/// traces its work.
fn is_handed_on(media: Media) -> bool {
    match media {
        Media::Fake | Media::Speaking | Media::Portrait(_) | Media::TwoCameras | Media::NoDevices => true,
        Media::Traced(_) | Media::CameraDenied => false,
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pool")
    }
}
