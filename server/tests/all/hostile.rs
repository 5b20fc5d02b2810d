//! Ten thousand random and mutated frames and bodies. The server answers afterwards, and nothing panicked.
//!
//! Half come from a stranger, who may change nothing; half from somebody in a call, who may change that call and
//! no other. When what they sent has ended it, it begins anew.
//!
//! The seed is printed; `PARLEY_TEST_SEED` repeats a run.

use crate::support::{Device, Person, TestApp};
use axum::http::{Method, header};
use parley_protocol::{
    CallId, ClientMessage, ConversationId, DeviceId, UserId,
    call::CallStatus,
    rest::{ActiveCalls, ByDevice, CallAccess},
};
use rand::{Rng, RngExt, SeedableRng, rngs::StdRng};
use std::{
    panic,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

/// Of four times `PER_ROUND`: frames and bodies of the stranger, and of the one inside.
const ROUNDS: usize = 100;
const PER_ROUND: usize = 25;

fn seed() -> u64 {
    let given = std::env::var("PARLEY_TEST_SEED").ok().and_then(|text| text.parse().ok());
    given.unwrap_or_else(rand::random)
}

/// Counts panics in threads of this test; assertions of other tests are their own business.
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
async fn nothing_that_is_sent_panics_the_server() {
    let seed = seed();
    println!("PARLEY_TEST_SEED={seed}");
    let mut rng = StdRng::seed_from_u64(seed);
    let panics = count_panics();
    let test = TestApp::new().await;
    let mut theirs = Scene::new(&test, ["Ana", "Ben"]).await;
    let mut ours = Scene::new(&test, ["Cleo", "Dan"]).await;
    let mallory = test.guest("Mallory").await;
    let mut tab = mallory.device().await;

    for _ in 0..ROUNDS {
        frames(&mut rng, &mallory, &mut tab, &theirs.ids).await;
        bodies(&mut rng, &mallory, &theirs.ids).await;
        let mut own = Device::hello(&ours.callee, Some(ours.ids.devices[1])).await;
        frames(&mut rng, &ours.callee, &mut own, &ours.ids).await;
        ours.obeyed += bodies(&mut rng, &ours.callee, &ours.ids).await;
        ours.go_on().await;
    }

    // A stranger's ids open nothing, however they are dressed.
    let path = format!("/api/conversations/{}", theirs.ids.conversation);
    assert_eq!(mallory.get(&path).await.status, 404);
    theirs.tab.drain().await;
    let call = theirs.ids.call;
    assert_eq!(theirs.caller.details(call).await.call.status, CallStatus::Connecting, "nothing has changed");
    theirs.caller.finish("end", call, &theirs.tab).await;
    println!("{} requests were obeyed, {} calls were ended", ours.obeyed, ours.ended);
    assert!(ours.obeyed >= 100, "what is sent is so wrong that nothing is tested");
    assert!(ours.ended >= 10, "calls are ended by what is sent");
    assert_eq!(panics.load(Ordering::SeqCst), 0, "PARLEY_TEST_SEED={seed}");
}

/// What frames and bodies speak of.
struct Ids {
    call: CallId,
    conversation: ConversationId,
    devices: [DeviceId; 2],
    users: [UserId; 2],
}

impl Ids {
    fn people(&self) -> Vec<Uuid> {
        self.users.iter().map(|id| id.0).chain(self.devices.iter().map(|id| id.0)).collect()
    }
}

/// Two people in a call.
struct Scene<'a> {
    caller: Person<'a>,
    callee: Person<'a>,
    /// The caller's.
    tab: Device,
    ids: Ids,
    obeyed: usize,
    ended: usize,
}

impl<'a> Scene<'a> {
    async fn new(test: &'a TestApp, [caller, callee]: [&str; 2]) -> Self {
        let (caller, callee) = (test.guest(caller).await, test.guest(callee).await);
        let conversation = test.befriend(&caller, &callee).await.id;
        let (tab, other) = (caller.device().await, callee.device().await);
        let call = caller.start(conversation, &tab).await.id;
        callee.accept(call, &other).await;
        let (devices, users) = ([tab.id, other.id], [caller.id(), callee.id()]);
        let ids = Ids { call, conversation, devices, users };
        Self { caller, callee, tab, ids, obeyed: 0, ended: 0 }
    }

    /// Everyone is in a live call of this conversation again.
    async fn go_on(&mut self) {
        self.tab.drain().await;
        // Whatever lives there is the callee's work, and may ring with nobody who could answer.
        for call in self.caller.get("/api/calls/active").await.ok::<ActiveCalls>().calls {
            let here = call.id == self.ids.call && call.participants.iter().all(|seat| seat.status.is_in());
            if here {
                return;
            }
            for person in [&self.caller, &self.callee] {
                let by = ByDevice { device_id: DeviceId(Uuid::nil()) };
                person.post(&format!("/api/calls/{}/end", call.id), &by).await;
                person.post(&format!("/api/calls/{}/decline", call.id), &by).await;
            }
        }
        self.ended += 1;
        let [tab, other] = self.ids.devices;
        self.ids.call =
            self.caller.try_start(self.ids.conversation, tab).await.created::<CallAccess>().call.id;
        self.callee.try_accept(self.ids.call, other).await.ok::<CallAccess>();
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
    // The queue of a socket is bounded, and whoever does not read is dropped.
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

/// How many requests that change something were obeyed.
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
        let method = if shape.0 == "GET" { Method::GET } else { Method::POST };
        let kind =
            pick(rng, &["application/json", "application/json", "application/json", "text/plain", "x"]);
        let changes = method == Method::POST;
        let reply = sender.send(method, &path, Some(body), &[(header::CONTENT_TYPE, kind)]).await;
        assert!(reply.status.as_u16() < 500, "{path}: {}", reply.text());
        obeyed += usize::from(changes && reply.status.is_success());
    }
    obeyed
}

const FRAME_SHAPES: &[&str] = &[
    r#"{"type":"hello","device_id":"DEVICE"}"#,
    r#"{"type":"call.ring_ack","call_id":"CALL"}"#,
    r#"{"type":"call.signal","call_id":"CALL","to_user":"USER","to_device":"DEVICE","signal":{"seq":1,"ack":0,"payload":{"kind":"offer","sdp":"v=0"}}}"#,
    r#"{"type":"call.signal","call_id":"CALL","to_user":"USER","to_device":"DEVICE","signal":{"seq":NUM,"ack":NUM,"payload":{"kind":"candidates","candidates":[{"candidate":"TEXT","sdp_mid":"0","sdp_m_line_index":NUM}]}}}"#,
    r#"{"type":"call.media_state","call_id":"CALL","state":"connected"}"#,
    r#"{"type":"call.media_state","call_id":"CALL","state":"lost"}"#,
    r#"{"type":"participant.update","call_id":"CALL","media":{"muted":true,"video":false}}"#,
    r#"{"type":"ping"}"#,
];

const ROUTES: &[(&str, &str, &str)] = &[
    ("POST", "/api/auth/guest", r#"{"display_name":"TEXT"}"#),
    ("POST", "/api/conversations", r#"{"user_id":"USER"}"#),
    ("POST", "/api/conversations/CONVERSATION/accept", ""),
    ("POST", "/api/conversations/CONVERSATION/messages", r#"{"text":"TEXT"}"#),
    ("GET", "/api/conversations/CONVERSATION/messages?limit=NUM&cursor=NUM.ID", ""),
    ("GET", "/api/conversations?limit=NUM&cursor=NUM.ID", ""),
    ("GET", "/api/calls/history?cursor=NUM.ID", ""),
    ("GET", "/api/users?query=ID%25", ""),
    ("POST", "/api/conversations/CONVERSATION/read", ""),
    (
        "POST",
        "/api/calls/start",
        r#"{"conversation_id":"CONVERSATION","call_type":"video","device_id":"DEVICE","media":{"muted":false,"video":true}}"#,
    ),
    ("POST", "/api/calls/CALL/accept", r#"{"device_id":"DEVICE","media":{"muted":false,"video":true}}"#),
    ("POST", "/api/calls/CALL/decline", r#"{"device_id":"DEVICE"}"#),
    ("POST", "/api/calls/CALL/cancel", r#"{"device_id":"DEVICE"}"#),
    ("POST", "/api/calls/CALL/leave", r#"{"device_id":"DEVICE"}"#),
    ("POST", "/api/calls/CALL/end", r#"{"device_id":"DEVICE"}"#),
    ("POST", "/api/invites/ID", ""),
    ("GET", "/api/calls/CALL", ""),
];

fn pick<'a, T: ?Sized>(rng: &mut StdRng, from: &'a [&'a T]) -> &'a T {
    from[rng.random_range(0..from.len())]
}

/// Puts ids, numbers and text into the places that a shape leaves for them. Most ids are of the right kind.
fn fill(rng: &mut StdRng, shape: &str, ids: &Ids) -> String {
    let mut filled = shape.to_owned();
    let all = [vec![ids.call.0, ids.conversation.0, Uuid::nil(), Uuid::now_v7()], ids.people()].concat();
    for (place, fitting) in [
        ("CALL", vec![ids.call.0]),
        ("CONVERSATION", vec![ids.conversation.0]),
        ("DEVICE", ids.devices.map(|id| id.0).to_vec()),
        ("USER", ids.users.map(|id| id.0).to_vec()),
        ("ID", all.clone()),
    ] {
        while filled.contains(place) {
            let from = if rng.random_bool(0.7) { &fitting } else { &all };
            filled = filled.replacen(place, &from[rng.random_range(0..from.len())].to_string(), 1);
        }
    }
    while filled.contains("NUM") {
        let numbers =
            ["0", "1", "-1", "100", "4294967296", "9223372036854775807", "-9223372036854775808", "1e309"];
        filled = filled.replacen("NUM", pick(rng, &numbers), 1);
    }
    let text = "\\u0000\\uFFFE😀é".repeat(rng.random_range(0..40));
    filled.replace("TEXT", &text)
}

/// Cuts, repeats, swaps and replaces.
fn mutate(rng: &mut StdRng, text: &str) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..rng.random_range(0..6) {
        if chars.is_empty() {
            break;
        }
        let at = rng.random_range(0..chars.len());
        match rng.random_range(0..5) {
            0 => chars.truncate(at),
            1 => {
                let odd = ['{', '}', '"', '\\', '0', '\u{0}', 'é', '😀', ':', '-'];
                chars[at] = odd[rng.random_range(0..odd.len())];
            }
            2 => _ = chars.remove(at),
            3 => {
                let other = rng.random_range(0..chars.len());
                chars.swap(at, other);
            }
            _ => {
                let again: Vec<char> = chars[at..].to_vec();
                chars.extend(again);
            }
        }
    }
    chars.into_iter().collect()
}

fn words(rng: &mut StdRng) -> String {
    (0..rng.random_range(0..60))
        .map(|_| char::from_u32(rng.random_range(0..0x11_0000)).unwrap_or('\u{FFFD}'))
        .collect()
}

fn noise(rng: &mut StdRng, most: usize) -> Vec<u8> {
    let mut bytes = vec![0; rng.random_range(0..most)];
    rng.fill_bytes(&mut bytes);
    bytes
}
