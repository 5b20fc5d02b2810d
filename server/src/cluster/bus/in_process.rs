//! The bus of a single server, which delivers straight to its own sockets.

use super::Bus;
use crate::{
    cluster::{delivery::Delivery, hub::Hub},
    storage::CallChange,
};
use async_trait::async_trait;
use parley_protocol::{DeviceId, SessionId, UserId};
use std::sync::Arc;

pub struct InProcess(pub Arc<Hub>);

#[async_trait]
impl Bus for InProcess {
    fn publish(&self, delivery: Delivery) {
        self.0.deliver(&delivery.to, delivery.frame);
    }

    fn revoke(&self, _: UserId, session: SessionId) {
        self.0.revoke(session);
    }

    fn replaced(&self, _: UserId, _: DeviceId) {}

    fn changed(&self, _: CallChange) {}

    fn renamed(&self, _: UserId) {}

    async fn hold(&self, _: UserId) {}

    fn release(&self, _: UserId) {}

    fn is_up(&self) -> bool {
        true
    }
}
