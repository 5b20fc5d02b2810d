//! Many pairs on one server, each in a task of its own, told when to call.

use anyhow::{Context, Result, anyhow};
use futures_util::{StreamExt, TryStreamExt, stream};
use std::time::Instant;
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinSet,
    time::{MissedTickBehavior, interval_at, sleep_until},
};

use crate::{
    call::{Pair, Times, Together},
    http::Http,
    process::{Kind, Server},
    user::{HEARTBEAT, User},
};

/// Pairs that get ready at once.
const READY_AT_ONCE: usize = 16;

pub struct Fleet {
    pairs: Vec<mpsc::Sender<Order>>,
    /// Ends them with the fleet.
    _tasks: JoinSet<()>,
}

struct Order {
    at: Instant,
    together: Option<Together>,
    done: oneshot::Sender<Result<Times>>,
}

/// What came of some calls.
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
    /// Signs in two people for each pair, and lets each pair make friends.
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

    /// Lets that many pairs call at the same moment, and hang up when all are connected.
    pub async fn at_once(&self, count: usize) -> Outcome {
        let now = Instant::now();
        let (together, conductor) = Together::new();
        let mut answers = Vec::with_capacity(count);
        for pair in self.pairs.iter().take(count) {
            answers.push(order(pair, now, Some(together.clone())).await);
        }
        drop(together);
        conductor.conduct().await;
        outcome(answers).await
    }

    /// Lets pairs call at these moments, one pair after the other, again and again.
    pub async fn at(&self, moments: Vec<Instant>) -> Outcome {
        let mut answers = Vec::with_capacity(moments.len());
        for (at, pair) in moments.into_iter().zip(self.pairs.iter().cycle()) {
            answers.push(order(pair, at, None).await);
        }
        outcome(answers).await
    }

    /// Lets that many pairs call one time after the other until the time is up.
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

async fn order(pair: &mpsc::Sender<Order>, at: Instant, together: Option<Together>) -> Answer {
    let (done, answer) = oneshot::channel();
    pair.send(Order { at, together, done }).await.ok().map(|()| answer)
}

async fn outcome(answers: Vec<Answer>) -> Outcome {
    let mut outcome = Outcome::default();
    for answer in answers {
        outcome.add(finished(answer).await);
    }
    outcome
}

async fn finished(answer: Answer) -> Result<Times> {
    let gone = || anyhow!("the pair is gone: a socket was lost before");
    answer.ok_or_else(gone)?.await.map_err(|_| gone())?
}

/// Keeps both sockets alive, and calls when it is told to.
async fn live(mut pair: Pair, mut orders: mpsc::Receiver<Order>, first_beat: tokio::time::Instant) {
    let mut beat = interval_at(first_beat, HEARTBEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let alive = tokio::select! {
            order = orders.recv() => {
                let Some(order) = order else { return };
                sleep_until(order.at.into()).await;
                // Nobody waits for it when the run was given up.
                _ = order.done.send(pair.call(order.together).await);
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
