//! What a call is here, the same on every server, and when the clock is read.
//!
//! A **handshake** is this chain; each link begins when the one before it has arrived:
//!
//! 1. the caller sends the invitation, and the callee's device hears that it rings (`ring` is up to here);
//! 2. the callee acknowledges, and the caller hears that it rings there;
//! 3. the callee accepts, and the caller hears it;
//! 4. the caller sends its offer, and the callee has it;
//! 5. the callee sends its answer, and the caller has it (`handshake` is up to here).
//!
//! Its clock begins when the caller's client begins to send. Invitation and accept are requests: their answers are
//! waited for as well. A whole **call** goes on with candidates in both directions and the caller's hanging up,
//! of which the callee hears. Media reports are not part of it: the relays would have nothing to do with them.
//!
//! Of handshakes at once, nobody hangs up before all are through: they are what is measured.

use anyhow::{Context, Result};
use std::{
    sync::LazyLock,
    time::{Duration, Instant},
};
use tokio::sync::{mpsc, watch};
use uuid::Uuid;

use crate::user::{Request, User};

/// Two people who call each other, and where.
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

/// Those who hang up only when all of them are connected, or have failed to be.
#[derive(Clone)]
pub struct Together {
    connects: mpsc::Sender<()>,
    all: watch::Receiver<()>,
}

/// Lets them.
pub struct Conductor {
    connecting: mpsc::Receiver<()>,
    _all: watch::Sender<()>,
}

impl Together {
    pub fn new() -> (Self, Conductor) {
        let (connects, connecting) = mpsc::channel(1);
        let (sender, all) = watch::channel(());
        (Self { connects, all }, Conductor { connecting, _all: sender })
    }

    async fn wait(mut self) {
        drop(self.connects);
        // It ends, with an error, when the conductor is gone.
        _ = self.all.changed().await;
    }
}

impl Conductor {
    /// Returns when nobody connects any longer, and they are let go on.
    pub async fn conduct(mut self) {
        _ = self.connecting.recv().await;
    }
}

impl Pair {
    pub async fn call(&mut self, together: Option<Together>) -> Result<Times> {
        let begun = Instant::now();
        let (call, ring) = self.invite(begun).await.context("inviting")?;
        let connected = self.connect(call).await;
        let handshake = begun.elapsed();
        if let Some(together) = together {
            together.wait().await;
        }
        // A call that went wrong must not stand in the way of the next one.
        let over = self.end(call).await;
        connected.and(over)?;
        Ok(Times { ring, handshake })
    }

    async fn invite(&mut self, begun: Instant) -> Result<(Uuid, Duration)> {
        let Self { caller, callee, conversation } = self;
        let to = callee.id.clone();
        let invitation = Request::Start { callee: &to, conversation };
        // Who is refused waits for nobody.
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

/// As large as a browser's for a video call.
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
