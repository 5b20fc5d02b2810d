//! The connections to remote devices, and one that waits for its device while it rings.
//!
//! Making a connection takes the browser a while: it makes a certificate, too. So one is made as soon as
//! it rings. Nothing is gathered and nothing leaves before it is given a device and a description.

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

pub struct Lines {
    peers: RefCell<HashMap<DeviceId, Rc<PeerConnection>>>,
    spare: RefCell<Option<Spare>>,
    on_event: Rc<dyn Fn(DeviceId, PeerEvent)>,
}

struct Spare {
    peer: PeerConnection,
    ice: IceConfig,
    device: Rc<Cell<Option<DeviceId>>>,
}

impl Lines {
    pub fn new(on_event: impl Fn(DeviceId, PeerEvent) + 'static) -> Self {
        Self { peers: RefCell::default(), spare: RefCell::default(), on_event: Rc::new(on_event) }
    }

    pub fn prepare(&self, ice: IceConfig, offers: bool) -> Result<(), BrowserError> {
        let spare = self.make(ice)?;
        if offers {
            spare.peer.add_transceivers();
        }
        self.spare.replace(Some(spare));
        Ok(())
    }

    /// It rings no longer.
    pub fn drop_spare(&self) {
        self.spare.take();
    }

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
