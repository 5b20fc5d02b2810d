//! Who is connected to this server, and how to reach them.
//!
//! Delivery never waits: a device that does not take its frames in time is closed and told to come back. What it was
//! sent is kept for two minutes, also while it is away, so that it can go on where it was. A device is one of its
//! person's: whoever names the id of somebody else's has another device that is called the same.

mod replay;
#[cfg(test)]
mod tests;

use crate::cluster::delivery::Audience;
use axum::extract::ws::Utf8Bytes;
use parley_protocol::{DeviceId, SessionId, UserId};
use replay::{KEPT, Log};
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::Instant,
};
use uuid::Uuid;

/// Frames that wait for a device, at most.
const QUEUE: usize = 256;
/// Devices of one person, at most.
const DEVICES_MAX: usize = 32;

/// One pointer wide, because the queue of every idle socket has room for a few.
pub type Frame = Arc<Utf8Bytes>;

#[derive(Default)]
pub struct Hub {
    connected: Mutex<Connected>,
    /// Counts how often something may have been lost between servers.
    gaps: watch::Sender<u64>,
}

#[derive(Default)]
struct Connected {
    devices: HashMap<(UserId, DeviceId), Entry>,
    users: HashMap<UserId, Vec<DeviceId>>,
    last_serial: u64,
}

struct Entry {
    session: SessionId,
    serial: u64,
    /// Nothing while the device is away and may return.
    ends: Option<Ends>,
    /// Its session was good when what becomes of sessions was heard of here already.
    vouches: bool,
    log: Log,
    seen_at: Instant,
}

struct Ends {
    frames: mpsc::Sender<Frame>,
    closing: oneshot::Sender<Closing>,
}

impl Entry {
    fn is_connected(&self) -> bool {
        self.ends.as_ref().is_some_and(|ends| !ends.frames.is_closed())
    }

    fn close(&mut self, why: Closing) {
        self.seen_at = Instant::now();
        if let Some(ends) = self.ends.take() {
            // The socket may be closing by itself.
            let _ = ends.closing.send(why);
        }
    }
}

/// Frames that wait, over all sockets and for the one with the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queues {
    pub sockets: usize,
    pub frames: usize,
    pub longest: usize,
}

/// Why the server closes a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closing {
    /// The same device has a newer socket.
    Replaced,
    /// It does not read what it is sent.
    Slow,
    /// Its session was ended.
    Revoked,
}

/// What a socket says first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hello {
    pub device: Option<DeviceId>,
    /// How far it has heard, if it was here before.
    pub resume: Option<u64>,
}

/// The socket's end of a connection.
pub struct Line {
    pub device: DeviceId,
    pub serial: u64,
    /// How far the device has heard.
    pub seq: u64,
    /// What it missed, when it goes on where it was; else it has to load its state.
    pub missed: Option<Vec<Frame>>,
    pub frames: mpsc::Receiver<Frame>,
    pub closing: oneshot::Receiver<Closing>,
    /// Changes when the device has to load its state again.
    pub gaps: watch::Receiver<u64>,
}

impl Hub {
    /// Takes a device in, under the id that it asks for. Nothing when the person has too many already.
    pub fn connect(&self, user: UserId, session: SessionId, hello: Hello) -> Option<Line> {
        let mut all = self.lock();
        let device = hello.device.unwrap_or_else(|| DeviceId(Uuid::now_v7()));
        let before = all.take(user, device, Closing::Replaced);
        if !all.has_room(user) {
            return None;
        }
        let mut log = Log::default();
        let mut missed = None;
        if let Some(before) = before
            && before.session == session
            && let Some(place) = hello.resume
        {
            let mut kept = before.log;
            missed = kept.since(place);
            if missed.is_some() {
                log = kept;
            }
        }
        let missed_count = missed.as_ref().map_or(0, Vec::len) as u64;
        let seq = log.next() - missed_count;
        all.last_serial += 1;
        let serial = all.last_serial;
        let (frames, outbox) = mpsc::channel(QUEUE);
        let (closing, closed) = oneshot::channel();
        let ends = Some(Ends { frames, closing });
        let entry = Entry { session, serial, ends, vouches: false, log, seen_at: Instant::now() };
        all.devices.insert((user, device), entry);
        all.users.entry(user).or_default().push(device);
        let gaps = self.gaps.subscribe();
        Some(Line { device, serial, seq, missed, frames: outbox, closing: closed, gaps })
    }

    /// From here on the end of the device's session ends this entry as well.
    pub fn vouch(&self, user: UserId, device: DeviceId, serial: u64) {
        if let Some(entry) = self.lock().devices.get_mut(&(user, device))
            && entry.serial == serial
        {
            entry.vouches = true;
        }
    }

    /// Whether the session would have been cut off here, had it ended.
    pub fn vouches_for(&self, user: UserId, session: SessionId) -> bool {
        let all = self.lock();
        let mut its = all.of(user).filter(|entry| entry.session == session);
        its.any(|entry| entry.vouches && entry.is_connected())
    }

    /// How often something may have been lost between servers.
    pub fn gap_count(&self) -> u64 {
        *self.gaps.borrow()
    }

    /// Whether the device is gone with this socket; false when a newer one took its place. What it is sent is kept
    /// for a while.
    pub fn disconnect(&self, user: UserId, device: DeviceId, serial: u64) -> bool {
        let mut all = self.lock();
        match all.devices.get_mut(&(user, device)) {
            Some(entry) if entry.serial != serial => false,
            Some(entry) => {
                entry.close(Closing::Slow);
                true
            }
            None => true,
        }
    }

    /// Forgets what is too old, and devices that do not return; the people of whom none is left here.
    pub fn expire(&self) -> Vec<UserId> {
        let mut all = self.lock();
        let mut gone = Vec::new();
        for (whose, entry) in &mut all.devices {
            entry.log.trim();
            if entry.ends.is_none() && entry.seen_at.elapsed() >= KEPT {
                gone.push(*whose);
            }
        }
        gone.retain(|(user, device)| {
            all.take(*user, *device, Closing::Slow);
            !all.users.contains_key(user)
        });
        gone.into_iter().map(|(user, _)| user).collect()
    }

    /// A socket whose task has panicked does not count, though it never said goodbye.
    pub fn is_connected(&self, user: UserId, device: DeviceId) -> bool {
        self.lock().devices.get(&(user, device)).is_some_and(Entry::is_connected)
    }

    pub fn is_online(&self, user: UserId) -> bool {
        self.lock().of(user).any(Entry::is_connected)
    }

    /// Everyone who is connected here.
    pub fn everyone(&self) -> Vec<(UserId, DeviceId)> {
        let all = self.lock();
        all.devices.iter().filter(|(_, entry)| entry.is_connected()).map(|(whose, _)| *whose).collect()
    }

    /// Whether the person has a device here, or had one a moment ago.
    pub fn holds(&self, user: UserId) -> bool {
        self.lock().users.contains_key(&user)
    }

    /// Something may have been lost on the way here: everyone loads their state again. Whoever is away does so on
    /// return, and so does whoever only seems to be here.
    pub fn gap(&self) {
        let mut all = self.lock();
        all.devices.values_mut().for_each(|entry| entry.log.skip());
        // Whoever connects meanwhile has both or neither.
        self.gaps.send_modify(|count| *count += 1);
    }

    /// Where the device's count begins anew after a gap: what waits for it comes after.
    pub fn recount(&self, user: UserId, line: &mut Line) {
        let all = self.lock();
        let entry = all.devices.get(&(user, line.device));
        if let Some(entry) = entry.filter(|entry| entry.serial == line.serial) {
            line.seq = entry.log.next() - line.frames.len() as u64;
        }
    }

    /// The device has a newer socket on another server.
    pub fn replace(&self, user: UserId, device: DeviceId) {
        self.lock().take(user, device, Closing::Replaced);
    }

    pub fn deliver(&self, to: &[Audience], frame: Utf8Bytes) {
        let frame = Arc::new(frame);
        let mut all = self.lock();
        for whose in all.reached(to) {
            let Some(entry) = all.devices.get_mut(&whose) else { continue };
            entry.log.push(frame.clone());
            if entry.ends.as_ref().is_some_and(|ends| ends.frames.try_send(frame.clone()).is_err()) {
                entry.close(Closing::Slow);
            }
        }
    }

    /// What waits for the sockets that are open.
    pub fn queues(&self) -> Queues {
        let all = self.lock();
        let ends = || all.devices.values().filter_map(|entry| entry.ends.as_ref());
        let waiting = || ends().map(|ends| ends.frames.max_capacity() - ends.frames.capacity());
        Queues {
            sockets: ends().count(),
            frames: waiting().sum(),
            longest: waiting().max().unwrap_or_default(),
        }
    }

    /// The sessions of everyone who is connected.
    pub fn sessions(&self) -> HashSet<SessionId> {
        self.lock().devices.values().map(|entry| entry.session).collect()
    }

    /// Closes all sockets of a session that has ended.
    pub fn revoke(&self, session: SessionId) {
        let mut all = self.lock();
        let its: Vec<_> =
            all.devices.iter().filter(|(_, e)| e.session == session).map(|(whose, _)| *whose).collect();
        for (user, device) in its {
            all.take(user, device, Closing::Revoked);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Connected> {
        self.connected.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connected {
    fn of(&self, user: UserId) -> impl Iterator<Item = &Entry> {
        let its = self.users.get(&user).into_iter().flatten();
        its.filter_map(move |device| self.devices.get(&(user, *device)))
    }

    fn reached(&self, audience: &[Audience]) -> Vec<(UserId, DeviceId)> {
        let of = |user: &UserId| {
            let user = *user;
            self.users.get(&user).into_iter().flatten().map(move |device| (user, *device))
        };
        let mut reached = Vec::new();
        for part in audience {
            match part {
                Audience::Users(users) => reached.extend(users.iter().flat_map(of)),
                Audience::OtherDevices { user, but } => {
                    reached.extend(of(user).filter(|(_, device)| device != but));
                }
                Audience::Device { user, device } => reached.push((*user, *device)),
            }
        }
        reached
    }

    /// Makes room among those who are away, if need be.
    fn has_room(&mut self, user: UserId) -> bool {
        let its = self.users.get(&user).map_or(&[][..], Vec::as_slice);
        if its.len() < DEVICES_MAX {
            return true;
        }
        let away = its.iter().filter_map(|id| Some((self.devices.get(&(user, *id))?, *id)));
        let away = away.filter(|(entry, _)| entry.ends.is_none());
        let oldest = away.min_by_key(|(entry, _)| entry.seen_at).map(|(_, id)| id);
        oldest.is_some_and(|device| self.take(user, device, Closing::Slow).is_some())
    }

    /// Takes the device out, and closes its socket.
    fn take(&mut self, user: UserId, device: DeviceId, why: Closing) -> Option<Entry> {
        let mut entry = self.devices.remove(&(user, device))?;
        if let Some(its) = self.users.get_mut(&user) {
            its.retain(|id| *id != device);
            if its.is_empty() {
                self.users.remove(&user);
            }
        }
        entry.close(why);
        Some(entry)
    }
}
