//! The sending task of the bus: it publishes the notes of this server in order, in one pipeline after the
//! other.
//!
//! Notes that cannot be sent are lost, not kept. Instead the first pipeline that arrives begins with
//! [`Note::Gap`], which makes all other servers load what they missed.

use super::{Note, PATIENCE};
use crate::metrics::{BUS_LOST, BUS_PUBLISHED, BUS_ROUND_TRIP};
use axum::body::Bytes;
use redis::{AsyncConnectionConfig, Client, RedisResult, aio::MultiplexedConnection};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{sync::mpsc, time::Instant};
use uuid::Uuid;

/// The most notes that wait for Redis.
const QUEUE: usize = 8_192;
/// The most notes in one pipeline.
const BATCH: usize = 256;
/// The pause between two attempts to connect.
const RETRY: Duration = Duration::from_millis(200);

struct Posted {
    channel: String,
    note: Bytes,
}

#[derive(Clone)]
pub struct Outbox {
    queue: mpsc::Sender<Posted>,
    /// Whether a note was lost since the last pipeline that arrived.
    lost: Arc<AtomicBool>,
}

impl Outbox {
    /// Starts the task. `servers` is the channel that all servers subscribe to.
    pub fn start(client: Client, servers: String, me: Uuid) -> Self {
        let (queue, posted) = mpsc::channel(QUEUE);
        let lost = Arc::new(AtomicBool::new(false));
        let gap = Posted { channel: servers, note: Note::Gap.write(me).into() };
        let sender = Sender { client, lost: lost.clone(), gap, connection: None, failed_at: None };
        tokio::spawn(sender.run(posted));
        Self { queue, lost }
    }

    /// Queues a note; one that finds no room is lost.
    pub fn send(&self, channel: String, note: Bytes) {
        if self.queue.try_send(Posted { channel, note }).is_err() {
            BUS_LOST.inc();
            self.lost.store(true, Ordering::Relaxed);
        }
    }

    pub fn waiting(&self) -> usize {
        self.queue.max_capacity() - self.queue.capacity()
    }
}

struct Sender {
    client: Client,
    lost: Arc<AtomicBool>,
    gap: Posted,
    connection: Option<MultiplexedConnection>,
    failed_at: Option<Instant>,
}

impl Sender {
    /// Publishes batch after batch until all senders are gone.
    async fn run(mut self, mut posted: mpsc::Receiver<Posted>) {
        let mut batch = Vec::with_capacity(BATCH);
        while posted.recv_many(&mut batch, BATCH).await > 0 {
            // After a failure, batches are dropped for a moment instead of filling the queue with old news.
            let waits = self.failed_at.is_some_and(|at| at.elapsed() < RETRY);
            let sent = !waits && self.pass_on(&batch).await;
            let count = u64::try_from(batch.len()).unwrap_or(u64::MAX);
            if sent {
                BUS_PUBLISHED.inc_by(count);
            } else {
                BUS_LOST.inc_by(count);
                self.lost.store(true, Ordering::Relaxed);
            }
            batch.clear();
        }
    }

    async fn pass_on(&mut self, batch: &[Posted]) -> bool {
        // Reset before the attempt, so that a note that is lost meanwhile sets it for the next one.
        let lost = self.lost.swap(false, Ordering::Relaxed);
        match self.publish(lost, batch).await {
            Ok(()) => {
                if self.failed_at.take().is_some() {
                    tracing::info!("sending to other servers again");
                }
                true
            }
            Err(error) => {
                if self.failed_at.replace(Instant::now()).is_none() {
                    tracing::warn!(%error, "sending to other servers failed");
                }
                self.connection = None;
                false
            }
        }
    }

    async fn publish(&mut self, lost: bool, batch: &[Posted]) -> RedisResult<()> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(connect(&self.client).await?),
        };
        let mut pipe = redis::pipe();
        for Posted { channel, note } in lost.then_some(&self.gap).into_iter().chain(batch) {
            pipe.cmd("PUBLISH").arg(channel).arg(&note[..]).ignore();
        }
        let begun = Instant::now();
        pipe.query_async::<()>(connection).await?;
        BUS_ROUND_TRIP.observe(begun.elapsed().as_secs_f64());
        Ok(())
    }
}

async fn connect(client: &Client) -> RedisResult<MultiplexedConnection> {
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(PATIENCE))
        .set_response_timeout(Some(PATIENCE));
    client.get_multiplexed_async_connection_with_config(&config).await
}
