//! The benchmark's call: the same steps on every server, and the moments at which the clock is read.
//!
//! A **handshake** is this chain. Each step begins when the message of the one before it has arrived:
//!
//! 1. the caller sends the invitation, and the callee's device receives it (`ring` ends here);
//! 2. the callee acknowledges, and the caller receives the ringing message;
//! 3. the callee accepts, and the caller receives the accepted message;
//! 4. the caller sends its offer, and the callee receives it;
//! 5. the callee sends its answer, and the caller receives it (`handshake` ends here).
//!
//! The clock starts when the caller's client begins to send. Invitation and accept are requests, so their
//! answers are awaited as well. A whole **call** continues with candidates in both directions, and ends with
//! the caller hanging up and the callee hearing of it. Media reports are left out, because the relays would
//! have nothing to do for them.
//!
//! When handshakes run at once, no pair hangs up before all handshakes are over, so that hanging up does not
//! add to the measured load.

use anyhow::{Context, Result};
use std::{
    sync::LazyLock,
    time::{Duration, Instant},
};
use tokio::sync::{mpsc, watch};
use uuid::Uuid;

use crate::user::{Request, User};

/// Two people who call each other, and their conversation.
pub struct Pair {
    pub caller: User,
    pub callee: User,
    pub conversation: String,
}

#[derive(Debug, Clone, Copy)]
pub struct Times {
    pub ring: Duration,
    pub handshake: Duration,
}

/// One pair's part of a barrier: the pair hangs up only when every pair has connected or failed to.
///
/// A pair whose invitation is refused drops its part early, and the others do not wait for it. A
/// `tokio::sync::Barrier` would.
#[derive(Clone)]
pub struct Barrier {
    connects: mpsc::Sender<()>,
    all: watch::Receiver<()>,
}

/// The owner of a barrier, which releases the pairs.
pub struct BarrierLeader {
    connecting: mpsc::Receiver<()>,
    _all: watch::Sender<()>,
}

impl Barrier {
    /// Creates a barrier; every clone of its first half is one pair's part.
    pub fn new() -> (Self, BarrierLeader) {
        let (connects, connecting) = mpsc::channel(1);
        let (sender, all) = watch::channel(());
        (Self { connects, all }, BarrierLeader { connecting, _all: sender })
    }

    async fn wait(mut self) {
        drop(self.connects);
        // The leader never sends: dropping it ends the wait, with an error.
        _ = self.all.changed().await;
    }
}

impl BarrierLeader {
    /// Waits until no pair connects any more. Dropping `self` at the end then releases all of them.
    pub async fn release_when_all_arrived(mut self) {
        _ = self.connecting.recv().await;
    }
}

impl Pair {
    /// Makes one whole call and returns the times of its handshake.
    pub async fn call(&mut self, barrier: Option<Barrier>) -> Result<Times> {
        let begun = Instant::now();
        let (call, ring) = self.invite(begun).await.context("inviting")?;
        let connected = self.connect(call).await;
        let handshake = begun.elapsed();
        if let Some(barrier) = barrier {
            barrier.wait().await;
        }
        // A call that failed halfway must still end, or the pair's next call would be refused as busy.
        let over = self.end(call).await;
        connected.and(over)?;
        Ok(Times { ring, handshake })
    }

    async fn invite(&mut self, begun: Instant) -> Result<(Uuid, Duration)> {
        let Self { caller, callee, conversation } = self;
        let to = callee.id.clone();
        let invitation = Request::Start { callee: &to, conversation };
        // A refused request ends the wait for the ring at once.
        tokio::try_join!(caller.ask(invitation), async {
            let rung = callee.hears("call.incoming").await;
            rung.map(|_| begun.elapsed())
        })
    }

    async fn connect(&mut self, call: Uuid) -> Result<()> {
        let Self { caller, callee, .. } = self;
        callee.acknowledge(call).await?;
        caller.hears("call.ringing").await.context("ringing")?;
        tokio::try_join!(callee.ask(Request::Accept(call)), caller.hears("call.accepted"))
            .context("accepting")?;
        caller.signal(callee, call, 1, &OFFER).await?;
        callee.hears("call.signal").await.context("the offer")?;
        callee.signal(caller, call, 1, &ANSWER).await?;
        caller.hears("call.signal").await.context("the answer")?;
        Ok(())
    }

    async fn end(&mut self, call: Uuid) -> Result<()> {
        let Self { caller, callee, .. } = self;
        caller.signal(callee, call, 2, &CANDIDATES).await?;
        callee.signal(caller, call, 2, &CANDIDATES).await?;
        tokio::try_join!(callee.hears("call.signal"), caller.hears("call.signal")).context("candidates")?;
        tokio::try_join!(caller.ask(Request::Leave(call)), callee.hears("call.ended"))
            .context("hanging up")?;
        Ok(())
    }
}

/// A session description as large as that of a browser in a video call.
static OFFER: LazyLock<String> = LazyLock::new(|| description("offer"));
static ANSWER: LazyLock<String> = LazyLock::new(|| description("answer"));
static CANDIDATES: LazyLock<String> = LazyLock::new(|| {
    let candidate = "candidate:842163049 1 udp 1677729535 203.0.113.7 46154 typ srflx raddr 0.0.0.0 rport 0";
    let one = format!(r#"{{"candidate":"{candidate}","sdp_mid":"0","sdp_m_line_index":0}}"#);
    format!(r#"{{"kind":"candidates","candidates":[{one},{one},{one}]}}"#)
});

fn description(kind: &str) -> String {
    let sdp = r"a=rtpmap:111 opus/48000/2\r\n".repeat(120);
    format!(r#"{{"kind":"{kind}","sdp":"{sdp}"}}"#)
}
