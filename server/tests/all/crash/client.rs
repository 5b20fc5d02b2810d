//! Two people who call one another while the server keeps dying: they repeat their requests, as the page
//! does.

use super::server::Server;
use futures_util::{SinkExt, StreamExt};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::watch,
    time::timeout,
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};
use uuid::Uuid;

type Ws = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// The time that a client waits for an answer before it tries again.
const PATIENCE: Duration = Duration::from_secs(5);
/// The time within which a call must end. A deadline that a server has claimed but not handled is left to it
/// for ten seconds, and the next server may be killed at the same point.
const END_WITHIN: Duration = Duration::from_secs(90);

/// A person and their device, which keeps its id through every reconnect.
struct Person {
    server: Arc<Server>,
    token: String,
    device: Uuid,
    socket: Option<Ws>,
}

/// A caller and a callee with a conversation.
pub struct Pair {
    caller: Person,
    callee: Person,
    conversation: String,
    call: Option<String>,
    rng: StdRng,
}

impl Person {
    async fn new(server: &Arc<Server>, name: &str) -> (Self, String) {
        let mut person =
            Self { server: server.clone(), token: String::new(), device: Uuid::now_v7(), socket: None };
        let (_, signed) = person.ask("POST", "/api/auth/guest", &json!({ "display_name": name }), None).await;
        person.token = text(&signed["token"]);
        (person, text(&signed["me"]["id"]))
    }

    /// Repeats a request until it gets an answer other than 500 or 503.
    async fn ask(&self, method: &str, path: &str, body: &Value, key: Option<&str>) -> (u16, Value) {
        loop {
            if let Ok(Some((status, answer))) = timeout(PATIENCE, self.try_ask(method, path, body, key)).await
                && status != 503
                && status != 500
            {
                return (status, answer);
            }
            a_moment().await;
        }
    }

    async fn try_ask(
        &self,
        method: &str,
        path: &str,
        body: &Value,
        key: Option<&str>,
    ) -> Option<(u16, Value)> {
        let body = if method == "GET" { String::new() } else { body.to_string() };
        let key = key.map(|key| format!("idempotency-key: {key}\r\n")).unwrap_or_default();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n{key}connection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.token,
            body.len()
        );
        let mut stream = TcpStream::connect(("127.0.0.1", self.server.port)).await.ok()?;
        stream.write_all(request.as_bytes()).await.ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        // A truncated answer counts as none.
        let value = if body.is_empty() { Value::Null } else { serde_json::from_str(body).ok()? };
        Some((status, value))
    }

    /// Opens the socket unless it is open, always with the same device id.
    async fn connect(&mut self) {
        while self.socket.is_none() {
            match timeout(PATIENCE, self.try_connect()).await {
                Ok(Some(socket)) => self.socket = Some(socket),
                _ => a_moment().await,
            }
        }
    }

    async fn try_connect(&self) -> Option<Ws> {
        let mut request = format!("ws://127.0.0.1:{}/api/ws", self.server.port).into_client_request().ok()?;
        request.headers_mut().insert("authorization", format!("Bearer {}", self.token).parse().ok()?);
        let (mut socket, _) = connect_async(request).await.ok()?;
        let hello = json!({ "type": "hello", "device_id": self.device });
        socket.send(Message::text(hello.to_string())).await.ok()?;
        loop {
            match socket.next().await?.ok()? {
                Message::Text(text) if text.contains("\"welcome\"") => return Some(socket),
                Message::Close(_) => return None,
                _ => {}
            }
        }
    }

    /// Sends a frame, which may be lost.
    async fn say(&mut self, message: &Value) {
        self.connect().await;
        if let Some(socket) = &mut self.socket
            && socket.send(Message::text(message.to_string())).await.is_err()
        {
            self.socket = None;
        }
    }

    /// Checks whether the socket is alive.
    async fn ping(&mut self) -> bool {
        self.say(&json!({ "type": "ping" })).await;
        let Some(socket) = &mut self.socket else { return false };
        let pong = async {
            while let Some(Ok(frame)) = socket.next().await {
                if matches!(frame, Message::Text(text) if text.contains("\"pong\"")) {
                    return true;
                }
            }
            false
        };
        let heard = timeout(PATIENCE, pong).await.unwrap_or(false);
        if !heard {
            self.socket = None;
        }
        heard
    }

    /// Connects, and waits until the server answers a ping.
    async fn until_online(&mut self) {
        while !self.ping().await {}
    }

    async fn act(&self, call: &str, what: &str) -> u16 {
        let body = json!({ "device_id": self.device });
        self.ask("POST", &format!("/api/calls/{call}/{what}"), &body, None).await.0
    }

    async fn details(&self, call: &str) -> Value {
        self.ask("GET", &format!("/api/calls/{call}"), &Value::Null, None).await.1
    }

    async fn status(&self, call: &str) -> String {
        text(&self.details(call).await["call"]["status"])
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

async fn a_moment() {
    // tidy: allow sleep: as a client rests before it asks again
    tokio::time::sleep(Duration::from_millis(30)).await;
}

fn is_over(status: &str) -> bool {
    matches!(status, "ended" | "declined" | "missed" | "canceled" | "busy" | "failed")
}

impl Pair {
    pub async fn new(server: &Arc<Server>, number: usize, seed: u64) -> Self {
        let (ana, _) = Person::new(server, &format!("Ana {number}")).await;
        let (ben, id) = Person::new(server, &format!("Ben {number}")).await;
        let (_, new) = ana.ask("POST", "/api/conversations", &json!({ "user_id": id }), None).await;
        let conversation = text(&new["id"]);
        ben.ask("POST", &format!("/api/conversations/{conversation}/accept"), &Value::Null, None).await;
        let rng = StdRng::seed_from_u64(seed ^ (number as u64 + 1));
        Self { caller: ana, callee: ben, conversation, call: None, rng }
    }

    async fn start(&mut self) -> String {
        self.caller.until_online().await;
        self.callee.until_online().await;
        let body = json!({
            "conversation_id": self.conversation, "call_type": "video", "device_id": self.caller.device,
        });
        loop {
            let key = Uuid::now_v7().to_string();
            let (status, answer) = self.caller.ask("POST", "/api/calls/start", &body, Some(&key)).await;
            if status == 201 {
                return text(&answer["call"]["id"]);
            }
            // The previous call may not be over yet.
            assert_eq!(status, 409, "{answer}");
            if let Some(live) = answer["error"]["details"]["call_id"].as_str() {
                self.caller.act(live, "end").await;
            }
            a_moment().await;
        }
    }

    async fn accept(&mut self, call: &str) -> bool {
        self.callee.say(&json!({ "type": "call.ring_ack", "call_id": call })).await;
        let body = json!({ "device_id": self.callee.device });
        let (status, _) = self.callee.ask("POST", &format!("/api/calls/{call}/accept"), &body, None).await;
        status == 200
    }

    async fn connected(&mut self, call: &str) {
        let media = json!({ "type": "call.media_state", "call_id": call, "state": "connected" });
        self.caller.say(&media).await;
        self.callee.say(&media).await;
    }

    /// Makes a call and ends it in a random way. Any terminal status is accepted.
    pub async fn call(&mut self) {
        let call = self.start().await;
        match self.rng.random_range(0..10) {
            0 => _ = self.caller.act(&call, "cancel").await,
            1 => _ = self.callee.act(&call, "decline").await,
            2 => self.vanish(),
            way => {
                if self.accept(&call).await {
                    self.connected(&call).await;
                }
                match way {
                    3 => self.vanish(),
                    4..7 => _ = self.callee.act(&call, "leave").await,
                    _ => _ = self.caller.act(&call, "end").await,
                }
            }
        }
        // The end may take as long as the deadlines of people who vanished.
        let over = async {
            while !is_over(&self.caller.status(&call).await) {
                a_moment().await;
            }
        };
        let ended = timeout(END_WITHIN, over).await;
        assert!(ended.is_ok(), "does not end: {}", self.caller.details(&call).await);
    }

    /// Connects a call that goes on. On a slow machine it may ring out before it is answered, and is then
    /// tried again.
    pub async fn talk(&mut self) {
        while self.call.is_none() {
            let call = self.start().await;
            if self.accept(&call).await {
                self.call = self.until_connected(&call).await.then_some(call);
            }
        }
    }

    /// Reports media until the call is connected. Returns false when the call ends before.
    async fn until_connected(&mut self, call: &str) -> bool {
        loop {
            match self.caller.status(call).await.as_str() {
                "connected" => return true,
                status if is_over(status) => return false,
                _ => self.connected(call).await,
            }
            a_moment().await;
        }
    }

    /// Returns the id of the call that goes on.
    pub fn call_id(&self) -> String {
        self.call.clone().unwrap()
    }

    /// Waits until the call that was abandoned is over.
    pub async fn ended(&self) {
        while !is_over(&self.caller.status(&self.call_id()).await) {
            a_moment().await;
        }
    }

    /// Makes one whole call: connects it, ends it and drops both sockets.
    pub async fn cycle(&mut self) {
        let call = self.start().await;
        assert!(self.accept(&call).await);
        self.connected(&call).await;
        assert_eq!(self.caller.act(&call, "end").await, 200);
        self.vanish();
    }

    pub fn vanish(&mut self) {
        self.caller.socket = None;
        self.callee.socket = None;
    }

    /// Reconnects both devices and keeps them connected until `others` is true.
    pub async fn stay(&mut self, others: &watch::Sender<bool>) {
        let mut over = others.subscribe();
        loop {
            self.caller.until_online().await;
            self.callee.until_online().await;
            tokio::select! {
                _ = over.wait_for(|over| *over) => return,
                () = a_moment() => {}
            }
        }
    }

    pub async fn hang_up(&mut self) {
        if let Some(call) = self.call.take() {
            self.caller.act(&call, "end").await;
        }
    }
}
