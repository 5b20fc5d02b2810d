//! The registry of connections to remote devices, with a spare one for the device that will answer.
//!
//! Making an `RTCPeerConnection` takes the browser a while, since it also makes a certificate. So a spare is
//! made while the call rings. It gathers no candidates and sends nothing until it is given a device and a
//! description.

use crate::browser::{
    error::BrowserError,
    peer::{PeerConnection, PeerEvent},
};
use parley_protocol::{DeviceId, rest::IceConfig};
use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
};

/// The connections of this tab; removing one closes it.
pub struct Lines {
    peers: RefCell<HashMap<DeviceId, Rc<PeerConnection>>>,
    spare: RefCell<Option<Spare>>,
    on_event: Rc<dyn Fn(DeviceId, PeerEvent)>,
}

/// A connection without a device. Its events are dropped until `device` is set.
struct Spare {
    peer: PeerConnection,
    ice: IceConfig,
    device: Rc<Cell<Option<DeviceId>>>,
}

impl Lines {
    pub fn new(on_event: impl Fn(DeviceId, PeerEvent) + 'static) -> Self {
        Self { peers: RefCell::default(), spare: RefCell::default(), on_event: Rc::new(on_event) }
    }

    /// Makes the spare connection, with transceivers if this device is going to make the offer.
    pub fn prepare(&self, ice: IceConfig, offers: bool) -> Result<(), BrowserError> {
        let spare = self.make(ice)?;
        if offers {
            spare.peer.add_transceivers();
        }
        self.spare.replace(Some(spare));
        Ok(())
    }

    /// Closes the spare connection, since no call rings any longer.
    pub fn drop_spare(&self) {
        self.spare.take();
    }

    /// Opens a connection to a device: the spare one if its ICE servers are the same, else a new one.
    pub fn open(&self, device: DeviceId, ice: IceConfig) -> Result<Rc<PeerConnection>, BrowserError> {
        let spare = match self.spare.take().filter(|spare| spare.ice == ice) {
            Some(spare) => spare,
            None => self.make(ice)?,
        };
        spare.device.set(Some(device));
        let peer = Rc::new(spare.peer);
        self.peers.borrow_mut().insert(device, Rc::clone(&peer));
        Ok(peer)
    }

    pub fn get(&self, device: DeviceId) -> Option<Rc<PeerConnection>> {
        self.peers.borrow().get(&device).cloned()
    }

    pub fn all(&self) -> Vec<(DeviceId, Rc<PeerConnection>)> {
        self.peers.borrow().iter().map(|(device, peer)| (*device, Rc::clone(peer))).collect()
    }

    pub fn close(&self, device: DeviceId) {
        self.peers.borrow_mut().remove(&device);
    }

    fn make(&self, ice: IceConfig) -> Result<Spare, BrowserError> {
        let device = Rc::new(Cell::new(None));
        let (of, on_event) = (Rc::clone(&device), Rc::clone(&self.on_event));
        let peer = PeerConnection::open(&ice, move |event| {
            if let Some(device) = of.get() {
                on_event(device, event);
            }
        })?;
        Ok(Spare { peer, ice, device })
    }
}
