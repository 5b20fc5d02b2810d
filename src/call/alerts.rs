//! Alerts: ringtones, short sounds, vibration and system notifications of calls. `core::alert` decides which
//! sound a screen has.
//!
//! Several tabs of a browser may show the same call. They queue for a lock, and only its holder rings.

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
/// The pattern of vibration, in milliseconds on and off.
const SHAKES: [u32; 5] = [400, 200, 400, 200, 400];

/// The alerts of this tab; dropping it ends them.
pub struct Alerts {
    tones: Rc<Tones>,
    /// The ringing lock while this tab shows an incoming call: held, or waited for behind another tab.
    lock: RefCell<Option<TabLock>>,
    /// The ringing lock while this tab is in a call. It keeps the other tabs from ringing; a call that comes
    /// in meanwhile is announced here by [`Alerts::wait`], with a short sound.
    first: RefCell<Option<TabLock>>,
    /// The notification of the call that rings in this tab.
    notice: Rc<RefCell<Option<RingNotice>>>,
    /// The incoming call that waits beside the current one, with its notification.
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

    /// Starts a ring that the browser has blocked so far; to be called when the person has touched the page.
    pub fn unlock(&self) {
        self.tones.unlock();
    }

    /// Plays a short sound, unless this tab shows an incoming call.
    pub fn play(&self, notes: &'static [Note]) {
        if self.lock.borrow().is_none() {
            self.tones.play(notes, None);
        }
    }

    /// Announces an incoming call beside the current one; none withdraws the announcement.
    pub fn wait(&self, waiting: Option<&Incoming>) {
        let known = self.waits.borrow().as_ref().map(|(call, _)| *call);
        let Some(call) = waiting else { return drop(self.waits.take()) };
        if known != Some(call.call_id) {
            self.play(WAITS);
            vibrate(&SHAKES);
            self.waits.replace(Some((call.call_id, notice_of(call))));
        }
    }

    /// Silences the ring: the person is in a call in another tab or device, which announces it.
    pub fn hush(&self) {
        self.lock.take();
        self.notice.take();
        self.tones.stop();
    }

    /// Starts, changes or ends the sound when the screen changes.
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
