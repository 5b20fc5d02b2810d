//! Ten thousand random and mutated frames and bodies, after which the server still answers and nothing has
//! panicked.
//!
//! Half of them come from a stranger, who may change nothing; half from a participant of a call, who may
//! change that call and no other. When they end it, a new call is started.
//!
//! The seed is printed; `PARLEY_TEST_SEED` repeats a run.

mod shapes;

use crate::support::{Device, Person, TestApp};
use axum::http::{Method, header};
use parley_protocol::{
    ClientMessage, DeviceId,
    call::CallStatus,
    rest::{ActiveCalls, ByDevice, CallAccess},
};
use parley_server::cluster::limits::Limited;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use shapes::{FRAME_SHAPES, Ids, ROUTES, fill, mutate, noise, pick, words};
use std::{
    panic,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

/// The number of rounds. In each, the stranger and the participant send `PER_ROUND` frames and as many
/// bodies.
const ROUNDS: usize = 100;
const PER_ROUND: usize = 25;

fn seed() -> u64 {
    let given = std::env::var("PARLEY_TEST_SEED").ok().and_then(|text| text.parse().ok());
    given.unwrap_or_else(rand::random)
}

/// Counts panics outside the test code, whose assertions are left to the tests themselves.
fn count_panics() -> Arc<AtomicUsize> {
    let count = Arc::new(AtomicUsize::new(0));
    let seen = count.clone();
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let ours = info.location().is_some_and(|at| !at.file().contains("tests/all"));
        if ours {
            seen.fetch_add(1, Ordering::SeqCst);
        }
        before(info);
    }));
    count
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_input_never_panics_the_server() {
    let seed = seed();
    println!("PARLEY_TEST_SEED={seed}");
    let mut rng = StdRng::seed_from_u64(seed);
    let panics = count_panics();
    // Some sockets stay silent for the whole test.
    let test = TestApp::with(|config| {
        config.socket_dead = Duration::from_secs(600);
        for what in Limited::ALL {
            config.limits.set(*what, "1000000/60").unwrap();
        }
    })
    .await;
    let mut theirs = Scene::new(&test, ["Ana", "Ben"]).await;
    let mut ours = Scene::new(&test, ["Cleo", "Dan"]).await;
    let mallory = test.guest("Mallory").await;
    let mut tab = mallory.device().await;

    for _ in 0..ROUNDS {
        frames(&mut rng, &mallory, &mut tab, &theirs.ids).await;
        bodies(&mut rng, &mallory, &theirs.ids).await;
        let mut own = Device::hello(&ours.insider, Some(ours.ids.devices[1])).await;
        frames(&mut rng, &ours.insider, &mut own, &ours.ids).await;
        ours.obeyed += bodies(&mut rng, &ours.insider, &ours.ids).await;
        ours.go_on().await;
    }

    // The stranger used ids of real calls and conversations, and still found and changed nothing.
    let path = format!("/api/conversations/{}", theirs.ids.conversation);
    assert_eq!(mallory.get(&path).await.status, 404);
    theirs.tab.drain().await;
    let call = theirs.ids.call;
    assert_eq!(theirs.caller.details(call).await.call.status, CallStatus::Connecting, "nothing has changed");
    theirs.caller.finish("end", call, &theirs.tab).await;
    println!("{} requests were obeyed, {} calls were ended", ours.obeyed, ours.ended);
    assert!(ours.obeyed >= 100, "too few requests were valid enough to test anything");
    // As a rule thirteen calls are ended; the number depends on chance.
    assert!(ours.ended > 0, "the input never ended a call");
    assert_eq!(panics.load(Ordering::SeqCst), 0, "PARLEY_TEST_SEED={seed}");
}

/// Two people in a call.
struct Scene<'a> {
    caller: Person<'a>,
    insider: Person<'a>,
    /// The caller's socket.
    tab: Device,
    ids: Ids,
    obeyed: usize,
    ended: usize,
}

impl<'a> Scene<'a> {
    async fn new(test: &'a TestApp, [caller, insider]: [&str; 2]) -> Self {
        let (caller, insider) = (test.guest(caller).await, test.guest(insider).await);
        let conversation = test.befriend(&caller, &insider).await.id;
        let (tab, other) = (caller.device().await, insider.device().await);
        let call = caller.start(conversation, &tab).await.id;
        insider.accept(call, &other).await;
        let (devices, users) = ([tab.id, other.id], [caller.id(), insider.id()]);
        let ids = Ids { call, conversation, devices, users };
        Self { caller, insider, tab, ids, obeyed: 0, ended: 0 }
    }

    /// Makes sure that both are in a live call of this conversation.
    async fn go_on(&mut self) {
        self.tab.drain().await;
        // The insider may have started another call there, which rings and which nobody would answer.
        for call in self.caller.get("/api/calls/active").await.ok::<ActiveCalls>().calls {
            let here = call.id == self.ids.call && call.participants.iter().all(|seat| seat.status.is_in());
            if here {
                return;
            }
            for person in [&self.caller, &self.insider] {
                let by = ByDevice { device_id: DeviceId(Uuid::nil()) };
                person.post(&format!("/api/calls/{}/end", call.id), &by).await;
                person.post(&format!("/api/calls/{}/decline", call.id), &by).await;
            }
        }
        self.ended += 1;
        let [tab, other] = self.ids.devices;
        self.ids.call =
            self.caller.try_start(self.ids.conversation, tab).await.created::<CallAccess>().call.id;
        self.insider.try_accept(self.ids.call, other).await.ok::<CallAccess>();
    }
}

async fn frames(rng: &mut StdRng, sender: &Person<'_>, tab: &mut Device, ids: &Ids) {
    for _ in 0..PER_ROUND {
        let message = match rng.random_range(0..10) {
            0 => Message::binary(noise(rng, 200)),
            1 => Message::text(words(rng)),
            2 => Message::text("[{\"".repeat(rng.random_range(1..3_000))),
            kind => {
                let shape = pick(rng, FRAME_SHAPES);
                let filled = fill(rng, shape, ids);
                Message::text(if kind < 6 { filled } else { mutate(rng, &filled) })
            }
        };
        if tab.send_raw(message).await.is_err() {
            *tab = Device::hello(sender, Some(tab.id)).await;
        }
    }
    // A socket that does not read is closed when its queue is full.
    if !still_there(tab).await {
        *tab = Device::hello(sender, Some(tab.id)).await;
    }
}

async fn still_there(tab: &mut Device) -> bool {
    let ping = serde_json::to_string(&ClientMessage::Ping).unwrap();
    if tab.send_raw(Message::text(ping)).await.is_err() {
        return false;
    }
    loop {
        match tab.next_frame().await {
            Some(Message::Text(text)) if text.contains("\"pong\"") => return true,
            Some(Message::Close(_)) | None => return false,
            Some(_) => {}
        }
    }
}

/// Sends random requests. Returns the number of those that were to change something and succeeded.
async fn bodies(rng: &mut StdRng, sender: &Person<'_>, ids: &Ids) -> usize {
    let mut obeyed = 0;
    for _ in 0..PER_ROUND {
        let shape = ROUTES[rng.random_range(0..ROUTES.len())];
        let path = fill(rng, shape.1, ids);
        let body = fill(rng, shape.2, ids);
        let body = match rng.random_range(0..8) {
            0 => noise(rng, 300),
            1 => words(rng).into_bytes(),
            2 => "[".repeat(rng.random_range(1..70_000)).into_bytes(),
            3 | 4 => body.into_bytes(),
            _ => mutate(rng, &body).into_bytes(),
        };
        let method: Method = shape.0.parse().unwrap();
        let kind =
            pick(rng, &["application/json", "application/json", "application/json", "text/plain", "x"]);
        let changes = method != Method::GET;
        let reply = sender.send(method, &path, Some(body), &[(header::CONTENT_TYPE, kind)]).await;
        assert!(reply.status.as_u16() < 500, "{path}: {}", reply.text());
        obeyed += usize::from(changes && reply.status.is_success());
    }
    obeyed
}
