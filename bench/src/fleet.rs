//! Many pairs of people on one server. Each pair is a task that calls when it is ordered to.

use anyhow::{Context, Result, anyhow};
use futures_util::{StreamExt, TryStreamExt, stream};
use std::time::Instant;
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinSet,
    time::{MissedTickBehavior, interval_at, sleep_until},
};

use crate::{
    call::{Barrier, Pair, Times},
    http::Http,
    process::{Kind, Server},
    user::{HEARTBEAT, User},
};

/// Number of pairs that sign in at the same time.
const READY_AT_ONCE: usize = 16;

pub struct Fleet {
    pairs: Vec<mpsc::Sender<Order>>,
    /// The pairs' tasks, which are aborted when the fleet is dropped.
    _tasks: JoinSet<()>,
}

struct Order {
    at: Instant,
    barrier: Option<Barrier>,
    done: oneshot::Sender<Result<Times>>,
}

/// The results of a number of calls.
#[derive(Default)]
pub struct Outcome {
    pub times: Vec<Times>,
    pub errors: Vec<String>,
}

impl Outcome {
    pub fn add(&mut self, result: Result<Times>) {
        match result {
            Ok(times) => self.times.push(times),
            Err(error) => self.errors.push(format!("{error:#}")),
        }
    }

    pub fn extend(&mut self, other: Self) {
        self.times.extend(other.times);
        self.errors.extend(other.errors);
    }
}

impl Fleet {
    /// Signs in two people for each pair and opens a conversation between them.
    pub async fn on(server: &Server, pairs: usize) -> Result<Self> {
        let (kind, addr) = (server.kind, server.addr);
        let ready = stream::iter(0..pairs).map(|nth| async move {
            let mut http = if kind == Kind::Parley { Some(Http::open(addr).await?) } else { None };
            let caller = User::join(kind, addr, 2 * nth, http.as_mut()).await?;
            let other = User::join(kind, addr, 2 * nth + 1, http.as_mut()).await?;
            let conversation = caller.befriend(&other).await?;
            anyhow::Ok(Pair { caller, callee: other, conversation })
        });
        let ready: Vec<Pair> = ready.buffer_unordered(READY_AT_ONCE).try_collect().await?;
        // The heartbeats are spread evenly over one interval, so that they do not come in a burst.
        let beat = HEARTBEAT / u32::try_from(pairs.max(1))?;
        let first = tokio::time::Instant::now();
        let mut tasks = JoinSet::new();
        let pairs = ready.into_iter().zip(0..).map(|(pair, nth)| {
            let (orders, inbox) = mpsc::channel(1);
            tasks.spawn(live(pair, inbox, first + beat * nth));
            orders
        });
        Ok(Self { pairs: pairs.collect(), _tasks: tasks })
    }

    /// Makes `count` pairs call at the same moment, and hang up when all are connected.
    pub async fn at_once(&self, count: usize) -> Outcome {
        let now = Instant::now();
        let (barrier, leader) = Barrier::new();
        let mut answers = Vec::with_capacity(count);
        for pair in self.pairs.iter().take(count) {
            answers.push(order(pair, now, Some(barrier.clone())).await);
        }
        drop(barrier);
        leader.release_when_all_arrived().await;
        outcome(answers).await
    }

    /// Makes a call at each of these moments, taking the pairs in turn.
    pub async fn at(&self, moments: Vec<Instant>) -> Outcome {
        let mut answers = Vec::with_capacity(moments.len());
        for (at, pair) in moments.into_iter().zip(self.pairs.iter().cycle()) {
            answers.push(order(pair, at, None).await);
        }
        outcome(answers).await
    }

    /// Makes `at_once` pairs call again and again until `end`. A pair stops at its first error.
    pub async fn until(&self, end: Instant, at_once: usize) -> Outcome {
        let callers = self.pairs.iter().take(at_once).map(|pair| async move {
            let mut outcome = Outcome::default();
            while Instant::now() < end && outcome.errors.is_empty() {
                let answer = order(pair, Instant::now(), None).await;
                outcome.add(finished(answer).await);
            }
            outcome
        });
        let mut all = Outcome::default();
        for outcome in futures_util::future::join_all(callers).await {
            all.extend(outcome);
        }
        all
    }
}

type Answer = Option<oneshot::Receiver<Result<Times>>>;

async fn order(pair: &mpsc::Sender<Order>, at: Instant, barrier: Option<Barrier>) -> Answer {
    let (done, answer) = oneshot::channel();
    pair.send(Order { at, barrier, done }).await.ok().map(|()| answer)
}

async fn outcome(answers: Vec<Answer>) -> Outcome {
    let mut outcome = Outcome::default();
    for answer in answers {
        outcome.add(finished(answer).await);
    }
    outcome
}

async fn finished(answer: Answer) -> Result<Times> {
    let gone = || anyhow!("the pair is gone: it lost a socket earlier");
    answer.ok_or_else(gone)?.await.map_err(|_| gone())?
}

/// Runs one pair: keeps both sockets alive, and calls at each order.
async fn live(mut pair: Pair, mut orders: mpsc::Receiver<Order>, first_beat: tokio::time::Instant) {
    let mut beat = interval_at(first_beat, HEARTBEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let alive = tokio::select! {
            order = orders.recv() => {
                let Some(order) = order else { return };
                sleep_until(order.at.into()).await;
                // The receiver is gone when the run was aborted.
                _ = order.done.send(pair.call(order.barrier).await);
                Ok(())
            }
            _ = beat.tick() => match pair.caller.heartbeat().await {
                Ok(()) => pair.callee.heartbeat().await,
                lost => lost,
            },
            lost = pair.caller.idle() => lost.context("the caller"),
            lost = pair.callee.idle() => lost.context("the callee"),
        };
        if let Err(error) = alive {
            eprintln!("a pair is lost: {error:#}");
            return;
        }
    }
}
