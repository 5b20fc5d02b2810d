//! The metrics for Prometheus. Each server has its own registry, so that two in one process do not mix.
//!
//! Labels are routes as they are written in the code, and words of closed lists. No label is a name, an id or
//! an address.

use parley_core::{call::Record, time::Duration};
use parley_protocol::{ErrorCode, Timestamp, call::CallStatus, quality::QualityReport};
use prometheus_client::{
    encoding::text::encode,
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
    },
    registry::Registry,
};
use std::sync::LazyLock;

type Labels<const N: usize> = [(&'static str, String); N];
type Counters<const N: usize> = Family<Labels<N>, Counter>;
type Histograms<const N: usize> = Family<Labels<N>, Histogram, fn() -> Histogram>;

/// The time from the first note of a batch to the answer of Redis. The bus knows no registry, so its metrics
/// are statics of the process.
pub static BUS_ROUND_TRIP: LazyLock<Histogram> = LazyLock::new(short);
/// The count of notes that Redis has accepted.
pub static BUS_PUBLISHED: LazyLock<Counter> = LazyLock::new(Counter::default);
/// The count of notes from other servers.
pub static BUS_RECEIVED: LazyLock<Counter> = LazyLock::new(Counter::default);
/// The count of notes that were lost on the way to Redis.
pub static BUS_LOST: LazyLock<Counter> = LazyLock::new(Counter::default);

/// The metrics of one server.
pub struct Metrics {
    registry: Registry,
    requests: Counters<3>,
    request_seconds: Histograms<2>,
    refused: Counters<2>,
    started: Counters<2>,
    live: Family<Labels<3>, Gauge>,
    ended: Counters<3>,
    to_ring: Histogram,
    to_accept: Histogram,
    to_media: Histogram,
    duration: Histogram,
    loss: Histogram,
    rtt: Histogram,
    scores: Counters<1>,
    setup: Histogram,
    pub frames_in: Counter,
    pub frames_out: Counter,
    closed: Counters<1>,
    connections_refused: Counter,
    accepts_failed: Counter,
    sockets: Gauge,
    queued: Gauge,
    longest_queue: Gauge,
    database: Histogram,
    fan_out_up: Gauge,
    bus_queue: Gauge,
    jobs: Counters<2>,
    job_seconds: Histograms<1>,
}

/// Makes a histogram from 0.5 ms to 8 s, for work of machines.
fn short() -> Histogram {
    Histogram::new(exponential_buckets(0.000_5, 2.0, 15))
}

/// Makes a histogram from a quarter of a second to more than two hours, for what people do.
fn long() -> Histogram {
    Histogram::new(exponential_buckets(0.25, 2.0, 16))
}

/// Makes a histogram from 0.5 to 100 percent, for packet loss.
fn percent() -> Histogram {
    Histogram::new([0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0, 35.0, 50.0, 100.0])
}

/// The gauges at the moment when the metrics are read.
#[derive(Debug, Clone, Copy)]
pub struct Snapshot {
    pub sockets: usize,
    /// The frames that wait for clients, over all sockets.
    pub queued_frames: usize,
    /// The length of the longest queue of one client.
    pub longest_queue: usize,
    pub is_bus_up: bool,
    /// The notes that wait to be sent to other servers.
    pub bus_waiting: usize,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut made = Self {
            registry: Registry::with_prefix("parley"),
            requests: Family::default(),
            request_seconds: Family::new_with_constructor(short),
            refused: Family::default(),
            started: Family::default(),
            live: Family::default(),
            ended: Family::default(),
            to_ring: short(),
            to_accept: long(),
            to_media: short(),
            duration: long(),
            loss: percent(),
            rtt: short(),
            scores: Family::default(),
            setup: short(),
            frames_in: Counter::default(),
            frames_out: Counter::default(),
            closed: Family::default(),
            connections_refused: Counter::default(),
            accepts_failed: Counter::default(),
            sockets: Gauge::default(),
            queued: Gauge::default(),
            longest_queue: Gauge::default(),
            database: short(),
            fan_out_up: Gauge::default(),
            bus_queue: Gauge::default(),
            jobs: Family::default(),
            job_seconds: Family::new_with_constructor(short),
        };
        made.register();
        made
    }
}

impl Metrics {
    /// Registers every metric under its name and help text.
    fn register(&mut self) {
        let all = &mut self.registry;
        all.register("http_requests", "Requests, by method, route and status", self.requests.clone());
        all.register("http_request_seconds", "Duration of requests", self.request_seconds.clone());
        all.register("refused", "Refused requests and frames, by code", self.refused.clone());
        all.register("calls_started", "Calls that were started, by type and mode", self.started.clone());
        all.register("calls_live", "Live calls, by type, mode and engine", self.live.clone());
        all.register(
            "calls_ended",
            "Calls that ended, by status, reason and whether they connected",
            self.ended.clone(),
        );
        all.register(
            "call_to_ring_seconds",
            "Time from start to the first device that rings",
            self.to_ring.clone(),
        );
        all.register("call_to_accept_seconds", "Time from start to the first accept", self.to_accept.clone());
        all.register("call_to_media_seconds", "Time from accept to media", self.to_media.clone());
        all.register("call_duration_seconds", "Time from media to the end", self.duration.clone());
        all.register("call_packet_loss_percent", "Packet loss, in samples from devices", self.loss.clone());
        all.register("call_round_trip_seconds", "Round-trip time, in samples from devices", self.rtt.clone());
        all.register("call_samples", "Samples from devices, by score", self.scores.clone());
        all.register("call_setup_seconds", "Setup time of peer connections", self.setup.clone());
        all.register("frames_in", "Frames from clients", self.frames_in.clone());
        all.register("frames_out", "Frames to clients", self.frames_out.clone());
        all.register("sockets_closed", "Sockets that the server closed, by close code", self.closed.clone());
        all.register(
            "connections_refused",
            "Connections refused because their address had too many",
            self.connections_refused.clone(),
        );
        all.register(
            "accepts_failed",
            "Connections that could not be accepted, most likely for want of file descriptors",
            self.accepts_failed.clone(),
        );
        all.register("sockets", "Open sockets", self.sockets.clone());
        all.register("socket_queue_frames", "Frames that wait for clients", self.queued.clone());
        all.register(
            "socket_queue_longest",
            "Longest queue of frames for one client",
            self.longest_queue.clone(),
        );
        all.register("database_seconds", "Duration of database statements", self.database.clone());
        all.register(
            "bus_round_trip_seconds",
            "Time until Redis accepted a batch of notes",
            BUS_ROUND_TRIP.clone(),
        );
        all.register("bus_published", "Notes to other servers", BUS_PUBLISHED.clone());
        all.register("bus_received", "Notes from other servers", BUS_RECEIVED.clone());
        all.register("bus_lost", "Notes that did not reach Redis", BUS_LOST.clone());
        all.register("bus_queue", "Notes that wait for Redis", self.bus_queue.clone());
        all.register("fan_out_up", "1 while servers reach one another", self.fan_out_up.clone());
        all.register("jobs", "Runs of background jobs, by outcome", self.jobs.clone());
        all.register("job_seconds", "Duration of background jobs", self.job_seconds.clone());
    }

    /// Counts a request.
    pub fn request(&self, method: &str, route: &str, status: u16, took: Duration) {
        let (method, route) = (("method", method.to_owned()), ("route", route.to_owned()));
        let labels = [method.clone(), route.clone()];
        self.request_seconds.get_or_create(&labels).observe(took.as_secs_f64());
        self.requests.get_or_create(&[method, route, ("status", status.to_string())]).inc();
    }

    /// Counts a refusal. `over` is `http` or `socket`.
    pub fn refused(&self, over: &'static str, code: ErrorCode) {
        let labels = [("over", over.to_owned()), ("code", code.to_string())];
        self.refused.get_or_create(&labels).inc();
    }

    /// Counts a connection over `connections_per_address`.
    pub fn connection_refused(&self) {
        self.connections_refused.inc();
    }

    /// Counts a connection that could not be accepted.
    pub fn accept_failed(&self) {
        self.accepts_failed.inc();
    }

    /// Counts a socket that the server closed.
    pub fn closed(&self, code: u16) {
        self.closed.get_or_create(&[("code", code.to_string())]).inc();
    }

    /// Counts a run of a job.
    pub fn job(&self, job: &'static str, is_well: bool, took: Duration) {
        let outcome = if is_well { "done" } else { "failed" };
        self.jobs.get_or_create(&[("job", job.to_owned()), ("outcome", outcome.to_owned())]).inc();
        self.job_seconds.get_or_create(&[("job", job.to_owned())]).observe(took.as_secs_f64());
    }

    /// Records the change of a call. `before` is none when it is new.
    pub fn call(&self, before: Option<&Record>, after: &Record, now: Timestamp) {
        let Some(before) = before else {
            let labels = [("type", after.call_type.to_string()), ("mode", after.mode.to_string())];
            self.started.get_or_create(&labels).inc();
            if !after.status.is_live() {
                self.over(after);
            }
            return;
        };
        let seconds = |from: Timestamp, to: Timestamp| to.since(from).as_secs_f64();
        if before.status == CallStatus::Initiated && after.status == CallStatus::Ringing {
            self.to_ring.observe(seconds(after.created_at, now));
        }
        if let (None, Some(accepted)) = (before.accepted_at, after.accepted_at) {
            self.to_accept.observe(seconds(after.created_at, accepted));
        }
        if let (None, Some(connected), Some(accepted)) =
            (before.connected_at, after.connected_at, after.accepted_at)
        {
            self.to_media.observe(seconds(accepted, connected));
        }
        if before.status.is_live() && !after.status.is_live() {
            self.over(after);
        }
    }

    /// Records the end of a call.
    fn over(&self, call: &Record) {
        let reason = call.end_reason.map_or("none", |reason| reason.as_str()).to_owned();
        let connected = if call.connected_at.is_some() { "yes" } else { "no" }.to_owned();
        let labels = [("status", call.status.to_string()), ("reason", reason), ("connected", connected)];
        self.ended.get_or_create(&labels).inc();
        if let (Some(from), Some(to)) = (call.connected_at, call.ended_at) {
            self.duration.observe(to.since(from).as_secs_f64());
        }
    }

    /// Records the measurements of a device in a call.
    pub fn quality(&self, report: &QualityReport) {
        for sample in &report.samples {
            self.scores.get_or_create(&[("score", sample.score.to_string())]).inc();
            if let Some(percent) = sample.packet_loss {
                self.loss.observe(percent);
            }
            if let Some(ms) = sample.rtt_ms {
                self.rtt.observe(f64::from(ms) / 1_000.0);
            }
        }
        for ms in report.connections.iter().filter_map(|connection| connection.setup_ms) {
            self.setup.observe(f64::from(ms) / 1_000.0);
        }
    }

    /// Sets the number of live calls of each type, mode and engine, at all servers that share the database.
    pub fn live_calls(&self, all: impl IntoIterator<Item = ([String; 3], i64)>) {
        // A combination of which no call is left is not in `all`, and would keep its last value.
        self.live.clear();
        for ([call_type, mode, engine], calls) in all {
            let labels = [("type", call_type), ("mode", mode), ("engine", engine)];
            self.live.get_or_create(&labels).set(calls);
        }
    }

    /// Returns a function for the store that records the duration of each statement.
    pub fn database(&self) -> impl Fn(Duration) + Send + Sync + 'static {
        let histogram = self.database.clone();
        move |took| histogram.observe(took.as_secs_f64())
    }

    /// Writes all metrics in the `OpenMetrics` text format.
    pub fn text(&self, now: &Snapshot) -> String {
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        self.sockets.set(count(now.sockets));
        self.queued.set(count(now.queued_frames));
        self.longest_queue.set(count(now.longest_queue));
        self.fan_out_up.set(i64::from(now.is_bus_up));
        self.bus_queue.set(count(now.bus_waiting));
        let mut out = String::new();
        if let Err(error) = encode(&mut out, &self.registry) {
            tracing::error!(%error, "cannot encode the metrics");
        }
        out
    }
}
