//! Who is connected to this server, and how to reach them.
//!
//! Delivery never waits: a device that does not take its frames in time is dropped and told to come back.

use crate::bus::{Audience, Delivery};
use axum::extract::ws::Utf8Bytes;
use parley_protocol::{DeviceId, SessionId, UserId};
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::{mpsc, oneshot, watch};
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
    devices: HashMap<DeviceId, Entry>,
    users: HashMap<UserId, Vec<DeviceId>>,
    last_serial: u64,
}

struct Entry {
    user: UserId,
    session: SessionId,
    serial: u64,
    frames: mpsc::Sender<Frame>,
    closing: oneshot::Sender<Closing>,
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

/// The socket's end of a connection.
pub struct Line {
    pub device: DeviceId,
    pub serial: u64,
    pub frames: mpsc::Receiver<Frame>,
    pub closing: oneshot::Receiver<Closing>,
    /// Changes when the device has to load its state again.
    pub gaps: watch::Receiver<u64>,
}

impl Hub {
    /// Takes a device in: under the id that it asks for, unless that is somebody else's. Nothing when the
    /// person has too many already.
    pub fn connect(&self, user: UserId, session: SessionId, wanted: Option<DeviceId>) -> Option<Line> {
        let mut all = self.lock();
        let device = wanted
            .filter(|id| all.devices.get(id).is_none_or(|entry| entry.user == user))
            .unwrap_or_else(|| DeviceId(Uuid::now_v7()));
        all.drop_device(device, Closing::Replaced);
        if all.users.get(&user).is_some_and(|its| its.len() >= DEVICES_MAX) {
            return None;
        }
        all.last_serial += 1;
        let serial = all.last_serial;
        let (frames, outbox) = mpsc::channel(QUEUE);
        let (closing, closed) = oneshot::channel();
        all.devices.insert(device, Entry { user, session, serial, frames, closing });
        all.users.entry(user).or_default().push(device);
        Some(Line { device, serial, frames: outbox, closing: closed, gaps: self.gaps.subscribe() })
    }

    /// Whether the device is gone with this socket; false when a newer one took its place.
    pub fn disconnect(&self, device: DeviceId, serial: u64) -> bool {
        let mut all = self.lock();
        match all.devices.get(&device) {
            Some(entry) if entry.serial != serial => false,
            Some(_) => {
                all.forget(device);
                true
            }
            None => true,
        }
    }

    /// A socket whose task has panicked does not count, though it never said goodbye.
    pub fn is_connected(&self, user: UserId, device: DeviceId) -> bool {
        let all = self.lock();
        all.devices.get(&device).is_some_and(|entry| entry.user == user && !entry.frames.is_closed())
    }

    /// Whether the person has a device here.
    pub fn holds(&self, user: UserId) -> bool {
        self.lock().users.contains_key(&user)
    }

    /// Something may have been lost on the way here: everyone loads their state again.
    pub fn gap(&self) {
        self.gaps.send_modify(|count| *count += 1);
    }

    /// The device has a newer socket on another server.
    pub fn replace(&self, user: UserId, device: DeviceId) {
        let mut all = self.lock();
        if all.devices.get(&device).is_some_and(|entry| entry.user == user) {
            all.drop_device(device, Closing::Replaced);
        }
    }

    pub fn deliver(&self, delivery: &Delivery) {
        let frame = Arc::new(delivery.frame.clone());
        let mut all = self.lock();
        let mut slow = Vec::new();
        for device in all.reached(&delivery.to) {
            let Some(entry) = all.devices.get(&device) else { continue };
            if entry.frames.try_send(frame.clone()).is_err() {
                slow.push(device);
            }
        }
        for device in slow {
            all.drop_device(device, Closing::Slow);
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
            all.devices.iter().filter(|(_, e)| e.session == session).map(|(id, _)| *id).collect();
        for device in its {
            all.drop_device(device, Closing::Revoked);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Connected> {
        self.connected.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connected {
    fn reached(&self, audience: &[Audience]) -> Vec<DeviceId> {
        let of = |user: &UserId| self.users.get(user).into_iter().flatten().copied();
        let mut reached = Vec::new();
        for part in audience {
            match part {
                Audience::Users(users) => reached.extend(users.iter().flat_map(of)),
                Audience::OtherDevices { user, but } => reached.extend(of(user).filter(|id| id != but)),
                Audience::Device { user, device } => reached.extend(of(user).filter(|id| id == device)),
            }
        }
        reached
    }

    fn drop_device(&mut self, device: DeviceId, why: Closing) {
        if let Some(entry) = self.forget(device) {
            // The socket may be closing by itself.
            let _ = entry.closing.send(why);
        }
    }

    fn forget(&mut self, device: DeviceId) -> Option<Entry> {
        let entry = self.devices.remove(&device)?;
        if let Some(its) = self.users.get_mut(&entry.user) {
            its.retain(|id| *id != device);
            if its.is_empty() {
                self.users.remove(&entry.user);
            }
        }
        Some(entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id() -> Uuid {
        Uuid::now_v7()
    }

    fn send(hub: &Hub, to: Audience, text: &str) {
        hub.deliver(&Delivery { to: vec![to], frame: Utf8Bytes::from(text) });
    }

    #[test]
    fn a_device_that_returns_replaces_itself_and_nobody_else() {
        let hub = Hub::default();
        let (ana, ben) = (UserId(id()), UserId(id()));
        let session = SessionId(id());
        let mut first = hub.connect(ana, session, None).unwrap();
        let thief = hub.connect(ben, session, Some(first.device)).unwrap();
        assert_ne!(thief.device, first.device);
        let second = hub.connect(ana, session, Some(first.device)).unwrap();
        assert_eq!(second.device, first.device);
        assert_eq!(first.closing.try_recv(), Ok(Closing::Replaced));
        assert!(!hub.disconnect(first.device, first.serial));
        assert!(hub.is_connected(ana, second.device));
        assert!(hub.disconnect(second.device, second.serial));
        assert!(!hub.is_connected(ana, second.device));
    }

    #[test]
    fn a_device_that_does_not_read_is_dropped_alone() {
        let hub = Hub::default();
        let (ana, ben) = (UserId(id()), UserId(id()));
        let session = SessionId(id());
        let mut slow = hub.connect(ana, session, None).unwrap();
        let mut quick = hub.connect(ben, session, None).unwrap();
        for _ in 0..=QUEUE {
            send(&hub, Audience::Users(vec![ana, ben]), "x");
            assert!(quick.frames.try_recv().is_ok());
        }
        assert_eq!(slow.closing.try_recv(), Ok(Closing::Slow));
        assert!(hub.is_connected(ben, quick.device));
        assert!(hub.disconnect(slow.device, slow.serial), "a slow device is gone, not replaced");
    }

    #[test]
    fn a_line_that_was_dropped_is_not_connected_bug() {
        let hub = Hub::default();
        let (ana, session) = (UserId(id()), SessionId(id()));
        let device = hub.connect(ana, session, None).unwrap().device;
        assert!(!hub.is_connected(ana, device));
    }

    #[test]
    fn a_person_has_at_most_32_devices() {
        let hub = Hub::default();
        let (ana, session) = (UserId(id()), SessionId(id()));
        let lines: Vec<_> = (0..32).map(|_| hub.connect(ana, session, None).unwrap()).collect();
        assert!(hub.connect(ana, session, None).is_none());
        assert!(hub.connect(ana, session, Some(lines[0].device)).is_some(), "one that returns is no other");
        assert!(hub.connect(UserId(id()), session, None).is_some());
    }

    #[test]
    fn an_audience_reaches_whom_it_names() {
        let hub = Hub::default();
        let ana = UserId(id());
        let session = SessionId(id());
        let mut one = hub.connect(ana, session, None).unwrap();
        let mut two = hub.connect(ana, session, None).unwrap();
        send(&hub, Audience::OtherDevices { user: ana, but: one.device }, "other");
        send(&hub, Audience::Device { user: ana, device: one.device }, "this");
        send(&hub, Audience::Device { user: UserId(id()), device: one.device }, "a stranger's");
        assert_eq!(one.frames.try_recv().unwrap().as_str(), "this");
        assert_eq!(two.frames.try_recv().unwrap().as_str(), "other");
        assert!(one.frames.try_recv().is_err() && two.frames.try_recv().is_err());
    }
}
