//! The device of a person: a real socket that has said hello, as a tab has.

use super::Person;
use futures_util::{SinkExt, StreamExt};
use parley_protocol::{
    CallId, ClientMessage, DeviceId, ErrorCode, ServerMessage, ServerNotice, UserId,
    call::{Call, MediaState},
};
use std::{collections::VecDeque, net::SocketAddr, time::Duration};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, client_async, connect_async,
    tungstenite::{
        self, Message,
        client::IntoClientRequest,
        http::{HeaderName, Response},
    },
};

type Ws = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// The time limit of a read, far longer than anything takes here.
const PATIENCE: Duration = Duration::from_secs(20);

/// A connected socket, and the notices that it has received.
pub struct Device {
    pub id: DeviceId,
    pub user: UserId,
    /// The sequence number of the last message, for resuming.
    pub heard: u64,
    notices: VecDeque<ServerNotice>,
    ws: Ws,
}

impl Device {
    /// Connects and says hello, with a device id from before if there is one.
    pub async fn hello(person: &Person<'_>, wanted: Option<DeviceId>) -> Self {
        Self::greet(person, wanted, None).await.0
    }

    /// Reconnects as this device and resumes after message `heard`. Returns whether the server could resume.
    pub async fn resume(person: &Person<'_>, before: DeviceId, heard: u64) -> (Self, bool) {
        Self::greet(person, Some(before), Some(heard)).await
    }

    async fn greet(person: &Person<'_>, wanted: Option<DeviceId>, resume: Option<u64>) -> (Self, bool) {
        let mut device = Self::silent(person).await;
        device.send(&ClientMessage::Hello { device_id: wanted, resume }).await;
        match device.next().await {
            ServerMessage::Welcome { device_id, user_id, resumed, .. } => {
                assert_eq!(user_id, person.id());
                device.id = device_id;
                (device, resumed)
            }
            other => panic!("expected a welcome, not {other:?}"),
        }
    }

    /// Connects without saying hello.
    pub async fn silent(person: &Person<'_>) -> Self {
        let bearer = format!("Bearer {}", person.signed.token);
        let ws = connect(person.test.address, &[("authorization", &bearer)]).await.unwrap();
        Self { id: DeviceId(uuid::Uuid::nil()), user: person.id(), heard: 0, notices: VecDeque::new(), ws }
    }

    /// Says hello as this device and drops the connection before the server can answer.
    pub async fn hello_and_vanish(person: &Person<'_>, device: DeviceId) {
        let mut request = "ws://parley.test/api/ws".into_client_request().unwrap();
        let bearer = format!("Bearer {}", person.signed.token);
        request.headers_mut().insert("authorization", bearer.parse().unwrap());
        let (mut ws, _) = client_async(request, person.test.pipe()).await.unwrap();
        let hello = ClientMessage::Hello { device_id: Some(device), resume: None };
        ws.send(Message::text(serde_json::to_string(&hello).unwrap())).await.unwrap();
    }

    pub async fn send(&mut self, message: &ClientMessage) {
        self.send_text(serde_json::to_string(message).unwrap()).await;
    }

    pub async fn send_text(&mut self, text: impl Into<String>) {
        self.ws.send(Message::text(text.into())).await.unwrap();
    }

    pub async fn send_raw(&mut self, message: Message) -> Result<(), tungstenite::Error> {
        self.ws.send(message).await
    }

    /// Waits for the next message.
    pub async fn next(&mut self) -> ServerMessage {
        match self.next_frame().await {
            Some(Message::Text(text)) => serde_json::from_str(&text).unwrap(),
            other => panic!("expected a message, not {other:?}"),
        }
    }

    /// Tells whether this notice is among those received and not yet taken.
    pub fn has_noticed(&self, notice: &ServerNotice) -> bool {
        self.notices.contains(notice)
    }

    pub fn no_notice(&self) -> bool {
        self.notices.is_empty()
    }

    /// Waits for the next notice. Messages before it are dropped.
    pub async fn notice(&mut self) -> ServerNotice {
        loop {
            if let Some(notice) = self.notices.pop_front() {
                return notice;
            }
            let frame = self.read().await;
            assert!(frame.is_some(), "the socket was closed");
        }
    }

    /// Counts a message for resuming, as a client must, and keeps it if it is a notice.
    fn count(&mut self, text: &str) {
        match serde_json::from_str::<ServerMessage>(text) {
            Ok(ServerMessage::Welcome { seq, .. }) => self.heard = seq,
            Ok(ServerMessage::Pong {} | ServerMessage::Error { .. } | ServerMessage::SessionRevoked {}) => {}
            Ok(_) => self.heard += 1,
            Err(_) => {
                let notice = serde_json::from_str(text).unwrap();
                self.heard += u64::from(notice != ServerNotice::Draining {});
                self.notices.push_back(notice);
            }
        }
    }

    /// Waits for the next frame that is no notice; notices are kept for later. Returns `None` when the socket
    /// is closed.
    pub async fn next_frame(&mut self) -> Option<Message> {
        loop {
            let aside = self.notices.len();
            let frame = self.read().await;
            if self.notices.len() == aside {
                return frame;
            }
        }
    }

    /// Waits for the next frame other than a ping or pong of the protocol.
    async fn read(&mut self) -> Option<Message> {
        loop {
            match timeout(PATIENCE, self.ws.next()).await.expect("the server said nothing") {
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(frame)) => {
                    if let Message::Text(text) = &frame {
                        self.count(text);
                    }
                    return Some(frame);
                }
                Some(Err(_)) | None => return None,
            }
        }
    }

    /// Waits until the server closes the socket and returns its code. Messages before that are dropped.
    pub async fn closed(&mut self) -> Option<u16> {
        loop {
            match self.next_frame().await {
                Some(Message::Close(frame)) => return frame.map(|frame| frame.code.into()),
                Some(_) => {}
                None => return None,
            }
        }
    }

    /// Waits for the first message that matches. Messages before it are dropped.
    pub async fn until<T>(&mut self, wanted: impl Fn(&ServerMessage) -> Option<T>) -> T {
        loop {
            if let Some(found) = wanted(&self.next().await) {
                return found;
            }
        }
    }

    /// Returns all messages that the server has sent so far: those that arrive before the answer to a ping.
    pub async fn drain(&mut self) -> Vec<ServerMessage> {
        self.send(&ClientMessage::Ping).await;
        let mut all = Vec::new();
        loop {
            match self.next().await {
                ServerMessage::Pong {} => return all,
                message => all.push(message),
            }
        }
    }

    /// Returns the tags of the messages about calls that the server has sent so far.
    pub async fn heard(&mut self) -> Vec<String> {
        let tags = self.drain().await.into_iter().map(|message| tag(&message));
        tags.filter(|tag| tag.starts_with("call.") || tag.starts_with("participant.")).collect()
    }

    /// Waits for an error message and returns its code.
    pub async fn refused(&mut self) -> ErrorCode {
        match self.next().await {
            ServerMessage::Error { code, .. } => code,
            other => panic!("expected an error, not {other:?}"),
        }
    }

    /// Waits for an incoming call.
    pub async fn incoming(&mut self) -> Call {
        self.until(|message| match message {
            ServerMessage::CallIncoming { call, .. } => Some(call.clone()),
            _ => None,
        })
        .await
    }

    /// Confirms that the device rings, and waits until the server knows.
    pub async fn ring(&mut self, call_id: CallId) {
        self.send(&ClientMessage::RingAck { call_id }).await;
        self.drain().await;
    }

    /// Reports a media state, and waits until the server knows.
    pub async fn media(&mut self, call_id: CallId, state: MediaState) {
        self.send(&ClientMessage::MediaState { call_id, state }).await;
        self.drain().await;
    }

    /// Drops the connection without a closing handshake.
    pub fn vanish(self) {
        drop(self.ws);
    }
}

/// Returns the `type` of a message.
pub fn tag(message: &ServerMessage) -> String {
    serde_json::to_value(message).unwrap()["type"].as_str().unwrap().to_owned()
}

pub async fn connect(
    address: SocketAddr,
    headers: &[(&'static str, &str)],
) -> Result<Ws, Box<Response<Option<Vec<u8>>>>> {
    let mut request = format!("ws://{address}/api/ws").into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(HeaderName::from_static(name), value.parse().unwrap());
    }
    match connect_async(request).await {
        Ok((ws, _)) => Ok(ws),
        Err(tungstenite::Error::Http(response)) => Err(response),
        Err(error) => panic!("{error}"),
    }
}

/// Polls until the condition holds, for changes that no message announces.
pub async fn eventually(is_so: impl AsyncFn() -> bool) {
    let asking = async {
        while !is_so().await {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, asking).await.expect("it never came true");
}
