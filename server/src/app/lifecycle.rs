//! The phases of a server's life: running, draining, stopping.

use tokio::sync::watch;

/// A stage of the server's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Running,
    /// Connected devices are served, and told to go to another server. No new socket or call begins.
    Draining,
    Stopping,
}

/// A view of the server's phase. A stopping server waits until every view is dropped.
pub struct Phases(watch::Receiver<Phase>);

impl Phases {
    /// Returns when the server is in a later phase than this one.
    pub async fn after(&mut self, phase: Phase) -> Phase {
        // The sender lives as long as the server.
        self.0.wait_for(|now| *now > phase).await.map_or(Phase::Stopping, |now| *now)
    }

    /// Returns when the server stops.
    pub async fn stopping(&mut self) {
        self.after(Phase::Draining).await;
    }
}

/// The owner of the server's phase.
pub struct Lifecycle(watch::Sender<Phase>);

impl Default for Lifecycle {
    fn default() -> Self {
        Self(watch::Sender::new(Phase::Running))
    }
}

impl Lifecycle {
    pub fn watch(&self) -> Phases {
        Phases(self.0.subscribe())
    }

    pub fn phase(&self) -> Phase {
        *self.0.borrow()
    }

    /// Begins draining. A server that already drains or stops stays in its phase.
    pub fn drain(&self) {
        self.0.send_if_modified(|phase| {
            let first = *phase == Phase::Running;
            if first {
                *phase = Phase::Draining;
            }
            first
        });
    }

    pub fn stop(&self) {
        self.0.send_replace(Phase::Stopping);
    }

    /// Returns when every view is dropped.
    pub async fn unwatched(&self) {
        self.0.closed().await;
    }
}
