//! The devices that are connected to this server, and the delivery of frames to them.
//!
//! Delivery never waits: the socket of a device that does not take its frames in time is closed, and the
//! client comes back. The last frames of a device are kept for two minutes, also while it is away, so that it
//! can resume where it was. A device id counts only together with its person: a client that names the id of
//! somebody else's device gets a separate device under the same id.

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

/// The most frames that wait for one device.
const QUEUE: usize = 256;
/// The most devices of one person.
const DEVICES_MAX: usize = 32;

/// A frame in a queue. It is one pointer wide, because the queue of every idle socket has room for a few.
pub type Frame = Arc<Utf8Bytes>;

#[derive(Default)]
pub struct Hub {
    connected: Mutex<Connected>,
    /// The number of times that something may have been lost between servers.
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
    /// The sending half of its socket; `None` while the device is away and may return.
    ends: Option<Ends>,
    /// Whether the session was checked after this server had subscribed to the person. From then on the end
    /// of the session closes this socket, so an open socket proves that the session is good.
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
            // Fails when the socket is closing by itself.
            let _ = ends.closing.send(why);
        }
    }
}

/// The number of waiting frames, over all sockets and for the one with the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queues {
    pub sockets: usize,
    pub frames: usize,
    pub longest: usize,
}

/// The reason why the server closes a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closing {
    /// A newer socket of the same device.
    Replaced,
    /// A client that does not read its frames.
    Slow,
    /// The end of its session.
    Revoked,
}

/// The device and the position that a client asks for when its socket opens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hello {
    pub device: Option<DeviceId>,
    /// The position of the next message that it expects, if it was here before.
    pub resume: Option<u64>,
}

/// The socket's half of a connection to the hub.
pub struct Line {
    pub device: DeviceId,
    pub serial: u64,
    /// The position of the next message for the device.
    pub seq: u64,
    /// The messages from that position on, if the device resumes; otherwise it has to load its state.
    pub missed: Option<Vec<Frame>>,
    pub frames: mpsc::Receiver<Frame>,
    pub closing: oneshot::Receiver<Closing>,
    /// The count of gaps; when it changes, the device has to load its state again.
    pub gaps: watch::Receiver<u64>,
}

impl Hub {
    /// Connects a device under the id that it asks for, in place of its older socket. Returns `None` when the
    /// person has too many devices.
    pub fn connect(&self, user: UserId, session: SessionId, hello: Hello) -> Option<Line> {
        let mut all = self.lock();
        let device = hello.device.unwrap_or_else(|| DeviceId(Uuid::now_v7()));
        // The old entry goes first, so that a device that returns does not count twice.
        let before = all.take(user, device, Closing::Replaced);
        if !all.has_room(user) {
            return None;
        }
        let mut log = Log::default();
        let mut missed = None;
        // A device with another session does not resume: it loads its state.
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

    /// Notes that from here on the end of the device's session closes this socket. A newer socket is left
    /// alone.
    pub fn vouch(&self, user: UserId, device: DeviceId, serial: u64) {
        if let Some(entry) = self.lock().devices.get_mut(&(user, device))
            && entry.serial == serial
        {
            entry.vouches = true;
        }
    }

    /// Checks whether an open socket proves that the session is good: had it ended, the socket would be
    /// closed.
    pub fn vouches_for(&self, user: UserId, session: SessionId) -> bool {
        let all = self.lock();
        let mut its = all.of(user).filter(|entry| entry.session == session);
        its.any(|entry| entry.vouches && entry.is_connected())
    }

    /// Returns the number of times that something may have been lost between servers.
    pub fn gap_count(&self) -> u64 {
        *self.gaps.borrow()
    }

    /// Marks the device as away, and keeps frames for its return. Returns false when a newer socket has taken
    /// its place, so that the device is still connected.
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

    /// Drops old frames, and devices that did not return. Returns the people who have no device left here.
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

    /// Checks whether the device has an open socket here. One whose task has panicked does not count,
    /// although nobody has disconnected it.
    pub fn is_connected(&self, user: UserId, device: DeviceId) -> bool {
        self.lock().devices.get(&(user, device)).is_some_and(Entry::is_connected)
    }

    pub fn is_online(&self, user: UserId) -> bool {
        self.lock().of(user).any(Entry::is_connected)
    }

    /// Returns all devices with an open socket here.
    pub fn everyone(&self) -> Vec<(UserId, DeviceId)> {
        let all = self.lock();
        all.devices.iter().filter(|(_, entry)| entry.is_connected()).map(|(whose, _)| *whose).collect()
    }

    /// Checks whether the person has a device here, connected or away for a moment.
    pub fn holds(&self, user: UserId) -> bool {
        self.lock().users.contains_key(&user)
    }

    /// Makes every device load its state again, because something may have been lost on the way here. A
    /// device that is away does so on its return, and so does one whose socket only seems to be open.
    pub fn gap(&self) {
        let mut all = self.lock();
        all.devices.values_mut().for_each(|entry| entry.log.skip());
        // Still under the lock: a device that connects at this moment sees both the skipped log and the new
        // count, or neither.
        self.gaps.send_modify(|count| *count += 1);
    }

    /// Moves the line to the position at which the device goes on after a gap. Frames that still wait in its
    /// queue are sent after the new welcome, so they count from there.
    pub fn recount(&self, user: UserId, line: &mut Line) {
        let all = self.lock();
        let entry = all.devices.get(&(user, line.device));
        if let Some(entry) = entry.filter(|entry| entry.serial == line.serial) {
            line.seq = entry.log.next() - line.frames.len() as u64;
        }
    }

    /// Closes the socket of a device that has connected to another server.
    pub fn replace(&self, user: UserId, device: DeviceId) {
        self.lock().take(user, device, Closing::Replaced);
    }

    /// Queues a frame for every device of the audience, and closes the sockets whose queue is full.
    pub fn deliver(&self, to: &[Audience], frame: Utf8Bytes) {
        let frame = Arc::new(frame);
        // The lock is held throughout, so that log and queue of a device have the same order.
        let mut all = self.lock();
        for whose in all.reached(to) {
            let Some(entry) = all.devices.get_mut(&whose) else { continue };
            entry.log.push(frame.clone());
            if entry.ends.as_ref().is_some_and(|ends| ends.frames.try_send(frame.clone()).is_err()) {
                entry.close(Closing::Slow);
            }
        }
    }

    /// Counts the frames that wait for open sockets.
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

    /// Returns the sessions of all devices, including those that are away.
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
    /// Returns the entries of a person's devices.
    fn of(&self, user: UserId) -> impl Iterator<Item = &Entry> {
        let its = self.users.get(&user).into_iter().flatten();
        its.filter_map(move |device| self.devices.get(&(user, *device)))
    }

    /// Resolves an audience to devices.
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

    /// Checks whether the person may have one more device. At the limit, the one that has been away longest
    /// is dropped.
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

    /// Removes the device, and closes its socket.
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
