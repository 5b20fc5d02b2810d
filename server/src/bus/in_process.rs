//! The bus of a single server: straight to its own sockets.

use super::{Bus, Delivery};
use crate::ws::hub::Hub;
use std::sync::Arc;

pub struct InProcess(pub Arc<Hub>);

impl Bus for InProcess {
    fn publish(&self, delivery: Delivery) {
        self.0.deliver(&delivery);
    }
}
