//! That somebody calls, told by the system for as long as it rings and nobody looks at the page.

use crate::browser::{listener::Listener, notice::Notice, page};
use std::{cell::RefCell, rc::Rc};

/// Gone when it is dropped, as the ring is.
pub struct RingNotice {
    _shown: Rc<RefCell<Option<Notice>>>,
    _visible: Listener,
}

impl RingNotice {
    /// Of all notices with the same tag, in whatever tabs, the system shows one.
    pub fn new(title: String, tag: String) -> Self {
        let shown = Rc::new(RefCell::new(None));
        let look = {
            let shown = Rc::downgrade(&shown);
            move |visible: bool| {
                let Some(shown) = shown.upgrade() else { return };
                shown.replace(if visible { None } else { Notice::show(&title, &tag) });
            }
        };
        look(page::is_visible());
        Self { _shown: shown, _visible: page::on_visibility(look) }
    }
}
