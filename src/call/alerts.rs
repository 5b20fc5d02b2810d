//! What is heard and felt of calls: rings in one tab, and a notice for who looks elsewhere.

use super::ring_notice::RingNotice;
use crate::{
    browser::{notice::vibrate, tab_lock::TabLock, tones::Tones},
    state::settings,
    words::{Word, fill},
};
use parley_core::{
    alert::{Alert, Note, Sound, WAITS, alert},
    phone::{Incoming, Screen},
};
use parley_protocol::{CallId, call::CallType};
use std::{cell::RefCell, rc::Rc};

/// The name of the lock that the tabs of one browser share.
const RINGING: &str = "parley-ringing";
const SHAKES: [u32; 5] = [400, 200, 400, 200, 400];

pub struct Alerts {
    tones: Rc<Tones>,
    /// This tab rings, or waits for the one that does.
    lock: RefCell<Option<TabLock>>,
    /// While this tab is in a call, no other one rings aloud: whoever calls is heard here, softly.
    first: RefCell<Option<TabLock>>,
    /// Of the tab that rings aloud.
    notice: Rc<RefCell<Option<RingNotice>>>,
    /// Who calls beside the call that is.
    waits: RefCell<Option<(CallId, RingNotice)>>,
}

impl Alerts {
    pub fn new() -> Self {
        Self {
            tones: Tones::new(),
            lock: RefCell::default(),
            first: RefCell::default(),
            notice: Rc::default(),
            waits: RefCell::default(),
        }
    }

    /// The person has touched the page.
    pub fn unlock(&self) {
        self.tones.unlock();
    }

    /// A short sound, unless something rings.
    pub fn play(&self, notes: &'static [Note]) {
        if self.lock.borrow().is_none() {
            self.tones.play(notes, None);
        }
    }

    /// Somebody calls beside the call that is, or has stopped.
    pub fn wait(&self, waiting: Option<&Incoming>) {
        let known = self.waits.borrow().as_ref().map(|(call, _)| *call);
        let Some(call) = waiting else { return drop(self.waits.take()) };
        if known != Some(call.call_id) {
            self.play(WAITS);
            vibrate(&SHAKES);
            self.waits.replace(Some((call.call_id, notice_of(call))));
        }
    }

    /// The person talks elsewhere, and hears it there.
    pub fn hush(&self) {
        self.lock.take();
        self.notice.take();
        self.tones.stop();
    }

    pub fn follow(&self, before: &Screen, after: &Screen) {
        let talks = matches!(after, Screen::Outgoing(_) | Screen::Room(_));
        if talks != self.first.borrow().is_some() {
            self.first.replace(talks.then(|| TabLock::wait(RINGING, || {})));
        }
        let Some(alert) = alert(before, after) else { return };
        self.lock.take();
        self.notice.take();
        self.tones.set_volume(settings::volume());
        match alert {
            Alert::Silence => self.tones.stop(),
            Alert::Play(sound) => self.tones.play(sound.notes, sound.every),
            Alert::Ring => self.ring(settings::ringtone().sound(), after),
        }
    }

    fn ring(&self, sound: Sound, screen: &Screen) {
        self.tones.stop();
        let Screen::Incoming(call) = screen.clone() else { return };
        let (tones, notice) = (Rc::downgrade(&self.tones), Rc::downgrade(&self.notice));
        self.lock.replace(Some(TabLock::wait(RINGING, move || {
            if let (Some(tones), Some(notice)) = (tones.upgrade(), notice.upgrade()) {
                tones.play(sound.notes, sound.every);
                vibrate(&SHAKES);
                notice.replace(Some(notice_of(&call)));
            }
        })));
    }
}

fn notice_of(call: &Incoming) -> RingNotice {
    let word = match call.call_type {
        CallType::Audio => Word::IncomingAudioFrom,
        CallType::Video => Word::IncomingVideoFrom,
    };
    RingNotice::new(fill(word, &[("name", &call.from.display_name)]), call.call_id.to_string())
}
