//! The open connections of each address. A connection keeps its place until its last byte: also one that became
//! a WebSocket.

use crate::cluster::limits::Network;
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

type Counts = Arc<Mutex<HashMap<Network, u32>>>;

/// The open connections of each network, up to a limit.
pub struct OpenConnections {
    limit: Option<u32>,
    counts: Counts,
}

impl OpenConnections {
    pub fn new(limit: Option<u32>) -> Self {
        Self { limit, counts: Arc::default() }
    }

    /// Counts a connection, which is open until its place is dropped. Returns nothing at the limit.
    pub fn enter(&self, from: IpAddr) -> Option<Place> {
        let Some(limit) = self.limit else { return Some(Place(None)) };
        let network = Network::from(from);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(network).or_default();
        if *count >= limit {
            return None;
        }
        *count += 1;
        Some(Place(Some((network, self.counts.clone()))))
    }
}

/// The place of one connection among those of its network.
pub struct Place(Option<(Network, Counts)>);

impl Drop for Place {
    fn drop(&mut self) {
        let Some((network, counts)) = self.0.take() else { return };
        let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&network) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_its_connections_and_no_more() {
        let open = OpenConnections::new(Some(2));
        let (here, mapped) = ("192.0.2.1".parse().unwrap(), "::ffff:192.0.2.1".parse().unwrap());
        let first = open.enter(here).unwrap();
        let _second = open.enter(mapped).unwrap();
        assert!(open.enter(here).is_none());
        let _other = open.enter("192.0.2.2".parse().unwrap()).unwrap();
        let six = |text: &str| open.enter(text.parse().unwrap());
        let _three = [six("2001:db8::1").unwrap(), six("2001:db8::2").unwrap()];
        assert!(six("2001:db8::3").is_none(), "one network of IPv6 counts as one");
        drop(first);
        let _again = open.enter(here).unwrap();
        assert!(open.enter(here).is_none());
    }

    #[test]
    fn closed_connections_leave_nothing_behind() {
        let open = OpenConnections::new(Some(2));
        drop(open.enter("192.0.2.1".parse().unwrap()));
        assert!(open.counts.lock().unwrap().is_empty());
    }
}
