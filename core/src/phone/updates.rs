//! Updates of single participants that are newer than the known state of the whole call.
//!
//! Messages may overtake one another, and answers to requests even more so. A state of the whole call that
//! was written before an update must not undo it, so newer updates are kept and applied again on top.

use super::Phone;
use parley_protocol::{
    CallId, UserId,
    call::{Call, Participant},
};
use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub(super) struct Updates {
    /// The newest update of each person, with the version of the call that it belongs to.
    newest: BTreeMap<UserId, (u32, Participant)>,
}

impl Updates {
    /// Keeps an update, unless the known call (version `known`) or a kept update is at least as new. Returns
    /// whether the update was kept.
    fn keep(&mut self, known: u32, version: u32, participant: &Participant) -> bool {
        let user = participant.user.id;
        let is_newer = version > self.newest.get(&user).map_or(known, |(kept, _)| known.max(*kept));
        if is_newer {
            self.newest.insert(user, (version, participant.clone()));
        }
        is_newer
    }

    /// Applies the kept updates that are newer than a call that has just arrived, and drops the others.
    pub(super) fn reapply(&mut self, call: &mut Call) {
        self.newest.retain(|_, (version, _)| *version > call.version);
        for (_, participant) in self.newest.values() {
            put(call, participant);
        }
    }

    pub(super) fn clear(&mut self) {
        self.newest.clear();
    }
}

impl Phone {
    /// Applies the server's update of one participant's media.
    pub(super) fn update(&mut self, id: CallId, version: u32, participant: &Participant) {
        let Some(known) = self.call().filter(|call| call.id == id).map(|call| call.version) else { return };
        if self.updates.keep(known, version, participant)
            && let Some(call) = self.call_mut(id)
        {
            put(call, participant);
            self.obey_mute();
        }
    }
}

fn put(call: &mut Call, participant: &Participant) {
    if let Some(known) = call.participants.iter_mut().find(|p| p.user.id == participant.user.id) {
        known.media = participant.media;
        known.mutes = participant.mutes;
    }
}
