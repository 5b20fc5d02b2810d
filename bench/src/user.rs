//! A person with one device, on any of the servers: signs in, sends requests and frames, and waits for
//! messages.
//!
//! On Parley, requests go over HTTP as they do from the page. On the relays they are frames that the relay
//! acknowledges.

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::json;
use std::{borrow::Cow, net::SocketAddr};
use tokio::time::{Duration, timeout};
use uuid::Uuid;

use crate::{http::Http, process::Kind, socket::Socket};

/// Time after which a step counts as failed.
const STEP_TIMEOUT: Duration = Duration::from_secs(20);
/// Interval of a Parley device's pings. The socket.io relay pings by itself, and the ws relay not at all.
pub const HEARTBEAT: Duration = Duration::from_secs(10);

pub struct User {
    pub id: String,
    device: String,
    socket: Socket,
    wire: Wire,
    addr: SocketAddr,
}

enum Wire {
    Parley { token: String, http: Option<Http> },
    SocketIo { asked: u32 },
    Ws { asked: u32 },
}

/// A request of a person about a call.
#[derive(Clone, Copy)]
pub enum Request<'a> {
    Start { callee: &'a str, conversation: &'a str },
    Accept(Uuid),
    Leave(Uuid),
}

/// The fields of a frame that the benchmark reads, from any of the servers; others are ignored.
#[derive(Deserialize)]
struct Frame<'a> {
    #[serde(borrow, rename = "type", default)]
    kind: Cow<'a, str>,
    call: Option<Named>,
    device_id: Option<Uuid>,
    id: Option<u32>,
}

#[derive(Deserialize)]
struct Started {
    call: Named,
}

#[derive(Deserialize)]
struct Named {
    id: Uuid,
}

#[derive(Deserialize)]
struct SignedIn {
    me: Named,
    token: String,
}

/// A received frame, in the same form for every server.
struct Heard {
    kind: String,
    call: Option<Uuid>,
    device: Option<Uuid>,
    /// Number of the own frame that this one acknowledges.
    answers: Option<u32>,
}

impl User {
    /// Signs in and opens the socket. `http` is a connection to sign in over, which many people may share.
    pub async fn join(kind: Kind, addr: SocketAddr, nth: usize, http: Option<&mut Http>) -> Result<Self> {
        match kind {
            Kind::Parley => {
                let name = json!({ "display_name": format!("Person {nth}") });
                let http = http.context("signing in needs a connection")?;
                let SignedIn { me, token } =
                    serde_json::from_slice(&http.post("/api/auth/guest", "", &name).await?)?;
                let socket = Socket::open(addr, "/api/ws", Some(&token)).await?;
                let wire = Wire::Parley { token, http: None };
                let mut user = Self { id: me.id.to_string(), device: String::new(), socket, wire, addr };
                user.socket.send(r#"{"type":"hello"}"#).await?;
                let welcome = user.hear("welcome").await?;
                user.device = welcome.device.context("a welcome names the device")?.to_string();
                Ok(user)
            }
            Kind::SocketIo | Kind::SocketIoWithDb => {
                let mut socket = Socket::open(addr, "/socket.io/?EIO=4&transport=websocket", None).await?;
                let open = socket.receive().await?;
                anyhow::ensure!(open.starts_with('0'), "not a greeting: {open}");
                socket.send("40").await?;
                let connected = socket.receive().await?;
                anyhow::ensure!(connected.starts_with("40"), "not connected: {connected}");
                Self::on_relay(addr, nth, socket, Wire::SocketIo { asked: 0 }).await
            }
            Kind::Ws => {
                let socket = Socket::open(addr, "/", None).await?;
                Self::on_relay(addr, nth, socket, Wire::Ws { asked: 0 }).await
            }
        }
    }

    async fn on_relay(addr: SocketAddr, nth: usize, socket: Socket, wire: Wire) -> Result<Self> {
        let id = format!("person-{nth}");
        let mut user = Self { id, device: String::new(), socket, wire, addr };
        let hello = format!(r#""user":"{}""#, user.id);
        user.ask_relay("hello", &hello).await?;
        Ok(user)
    }

    /// Makes the two able to call each other. Returns the id of their conversation; empty on a relay, which
    /// has none.
    pub async fn befriend(&self, other: &Self) -> Result<String> {
        let addr = self.addr;
        let (Wire::Parley { token: mine, .. }, Wire::Parley { token: theirs, .. }) =
            (&self.wire, &other.wire)
        else {
            return Ok(String::new());
        };
        let mut http = Http::open(addr).await?;
        let wish = json!({ "user_id": other.id });
        let Named { id } = serde_json::from_slice(&http.post("/api/conversations", mine, &wish).await?)?;
        let accept = format!("/api/conversations/{id}/accept");
        http.post(&accept, theirs, &json!({})).await?;
        Ok(id.to_string())
    }

    /// Sends a request, waits for the answer and returns the id of the call.
    pub async fn ask(&mut self, request: Request<'_>) -> Result<Uuid> {
        if matches!(self.wire, Wire::Parley { .. }) {
            return self.ask_parley(request).await;
        }
        let (kind, fields) = match request {
            Request::Start { callee, .. } => ("call.start", format!(r#""to_user":"{callee}""#)),
            Request::Accept(call) => ("call.accept", format!(r#""call_id":"{call}""#)),
            Request::Leave(call) => ("call.leave", format!(r#""call_id":"{call}""#)),
        };
        self.ask_relay(kind, &fields).await?.call.context("the answer names no call")
    }

    async fn ask_parley(&mut self, request: Request<'_>) -> Result<Uuid> {
        let Wire::Parley { token, http } = &mut self.wire else { bail!("not on Parley") };
        let http = match http {
            Some(http) => http,
            None => http.insert(Http::open(self.addr).await?),
        };
        let by = json!({ "device_id": self.device });
        match request {
            Request::Start { conversation, .. } => {
                let device = &self.device;
                let wish =
                    json!({ "conversation_id": conversation, "call_type": "video", "device_id": device });
                let answer = http.post("/api/calls/start", token, &wish).await?;
                Ok(serde_json::from_slice::<Started>(&answer)?.call.id)
            }
            Request::Accept(call) => {
                http.post(&format!("/api/calls/{call}/accept"), token, &by).await?;
                Ok(call)
            }
            Request::Leave(call) => {
                http.post(&format!("/api/calls/{call}/leave"), token, &by).await?;
                Ok(call)
            }
        }
    }

    async fn ask_relay(&mut self, kind: &str, fields: &str) -> Result<Heard> {
        let (number, text) = match &mut self.wire {
            Wire::SocketIo { asked } => {
                *asked += 1;
                (*asked, format!(r#"42{asked}["{kind}",{{{fields}}}]"#))
            }
            Wire::Ws { asked } => {
                *asked += 1;
                (*asked, format!(r#"{{"type":"{kind}","id":{asked},{fields}}}"#))
            }
            Wire::Parley { .. } => bail!("not a relay"),
        };
        self.socket.send(text).await?;
        self.until(kind, |heard| heard.answers == Some(number)).await
    }

    pub async fn acknowledge(&mut self, call: Uuid) -> Result<()> {
        self.say("call.ring_ack", &format!(r#""call_id":"{call}""#)).await
    }

    /// Sends a signal to the other person's device.
    pub async fn signal(&mut self, to: &Self, call: Uuid, seq: u32, payload: &str) -> Result<()> {
        let ack = seq - 1;
        let signal = format!(r#""signal":{{"seq":{seq},"ack":{ack},"payload":{payload}}}"#);
        let fields = match &self.wire {
            Wire::Parley { .. } => {
                let Self { id, device, .. } = to;
                format!(r#""call_id":"{call}","to_user":"{id}","to_device":"{device}",{signal}"#)
            }
            _ => format!(r#""call_id":"{call}",{signal}"#),
        };
        self.say("call.signal", &fields).await
    }

    async fn say(&mut self, kind: &str, fields: &str) -> Result<()> {
        let text = match &self.wire {
            Wire::SocketIo { .. } => format!(r#"42["{kind}",{{{fields}}}]"#),
            _ => format!(r#"{{"type":"{kind}",{fields}}}"#),
        };
        self.socket.send(text).await
    }

    /// Waits for a message of this kind and returns the id of its call, if it names one.
    pub async fn hears(&mut self, kind: &str) -> Result<Option<Uuid>> {
        Ok(self.hear(kind).await?.call)
    }

    async fn hear(&mut self, kind: &str) -> Result<Heard> {
        self.until(kind, |heard| heard.kind == kind).await
    }

    async fn until(&mut self, what: &str, enough: impl Fn(&Heard) -> bool) -> Result<Heard> {
        let wait = async {
            loop {
                if let Some(heard) = self.next().await?
                    && enough(&heard)
                {
                    return Ok(heard);
                }
            }
        };
        timeout(STEP_TIMEOUT, wait).await.with_context(|| format!("no {what} within {STEP_TIMEOUT:?}"))?
    }

    /// Waits for the next frame; returns `None` for one that only keeps the connection alive.
    async fn next(&mut self) -> Result<Option<Heard>> {
        let text = self.socket.receive().await?;
        match self.wire {
            Wire::SocketIo { .. } if text.as_str() == "2" => {
                self.socket.send("3").await?;
                Ok(None)
            }
            Wire::SocketIo { .. } => socket_io(&text),
            _ => {
                let frame: Frame = serde_json::from_str(&text)?;
                if frame.kind == "error" {
                    bail!("refused: {text}");
                }
                Ok(Some(heard(frame)))
            }
        }
    }

    /// Reads and discards frames until the socket breaks. The future may be dropped at any await.
    pub async fn idle(&mut self) -> Result<()> {
        loop {
            self.next().await?;
        }
    }

    pub async fn heartbeat(&mut self) -> Result<()> {
        match self.wire {
            Wire::Parley { .. } => self.socket.send(r#"{"type":"ping"}"#).await,
            _ => Ok(()),
        }
    }
}

fn heard(frame: Frame<'_>) -> Heard {
    Heard {
        kind: frame.kind.into_owned(),
        call: frame.call.map(|call| call.id),
        device: frame.device_id,
        answers: frame.id,
    }
}

/// Parses a socket.io packet: an event (`42["name",{…}]`) or an acknowledgement (`43`, its number, `[{…}]`).
fn socket_io(text: &str) -> Result<Option<Heard>> {
    if let Some(event) = text.strip_prefix("42") {
        let (kind, frame): (Cow<'_, str>, Frame<'_>) = serde_json::from_str(event)?;
        return Ok(Some(heard(Frame { kind, ..frame })));
    }
    let Some(answer) = text.strip_prefix("43") else { return Ok(None) };
    let digits = answer.find('[').context("an answer has a list")?;
    let (frame,): (Frame<'_>,) = serde_json::from_str(&answer[digits..])?;
    Ok(Some(heard(Frame { id: Some(answer[..digits].parse()?), ..frame })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_and_acknowledgements_of_socket_io_are_parsed() {
        let id = "018f4b6e-0000-7000-8000-000000000000";
        let event =
            socket_io(&format!(r#"42["call.incoming",{{"call":{{"id":"{id}"}}}}]"#)).unwrap().unwrap();
        assert_eq!((event.kind.as_str(), event.call), ("call.incoming", id.parse().ok()));
        let answer = socket_io("4317[{}]").unwrap().unwrap();
        assert_eq!((answer.answers, answer.call), (Some(17), None));
        assert!(socket_io("40{}").unwrap().is_none());
    }
}
