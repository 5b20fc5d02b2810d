//! The order of the others' tiles: as they joined, and changed as little as possible.

use parley_protocol::DeviceId;
use std::collections::BTreeMap;

#[derive(Debug, Clone, Default)]
pub struct Seats {
    order: Vec<DeviceId>,
    /// The last promotion of each device, as the count of promotions until then.
    heard: BTreeMap<DeviceId, u32>,
    promotions: u32,
}

impl Seats {
    pub fn in_order(&self) -> impl Iterator<Item = DeviceId> + '_ {
        self.order.iter().copied()
    }

    pub fn has(&self, device: DeviceId) -> bool {
        self.order.contains(&device)
    }

    /// Gives seats to exactly these devices. A seat that becomes free on a page before the last is taken by
    /// the last of all, so that nobody else on that page moves. New devices come last.
    pub fn seat(&mut self, present: impl Iterator<Item = DeviceId> + Clone, per_page: usize) {
        let is_present = |device: &DeviceId| present.clone().any(|other| other == *device);
        while let Some(free) = self.order.iter().position(|device| !is_present(device)) {
            let last = self.order.iter().rposition(is_present);
            if let Some(last) = last.filter(|last| *last / per_page > free / per_page) {
                self.order[free] = self.order.remove(last);
            } else {
                self.order.remove(free);
            }
        }
        for device in present {
            if !self.has(device) {
                self.order.push(device);
            }
        }
        let order = &self.order;
        self.heard.retain(|device, _| order.contains(device));
    }

    pub fn heard(&mut self, device: DeviceId) {
        if self.has(device) {
            self.promotions = self.promotions.saturating_add(1);
            self.heard.insert(device, self.promotions);
        }
    }

    /// Swaps `device` with the one of `these` that has been quiet for longest.
    pub fn swap_with_quietest(&mut self, device: DeviceId, these: impl Iterator<Item = DeviceId>) {
        let place = |of: DeviceId| self.order.iter().position(|other| *other == of);
        let quietness = |at: &usize| {
            let heard = self.heard.get(&self.order[*at]).copied().unwrap_or(0);
            (heard, usize::MAX - at)
        };
        let quietest = these.filter_map(place).min_by_key(quietness);
        if let (Some(from), Some(to)) = (place(device), quietest) {
            self.order.swap(from, to);
        }
    }
}
