//! The system notification of an incoming call, shown for as long as it rings while the page is hidden.

use crate::browser::{listener::Listener, notice::Notice, page};
use std::{cell::RefCell, rc::Rc};

/// The notification of one ring; dropping it takes it away.
pub struct RingNotice {
    _shown: Rc<RefCell<Option<Notice>>>,
    _visible: Listener,
}

impl RingNotice {
    /// Shows the notification whenever the page is hidden. Among all tabs, the system shows one notification
    /// per tag.
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
