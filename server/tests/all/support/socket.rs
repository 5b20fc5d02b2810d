//! A tab: a real socket that has said hello.

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

/// Far longer than anything here takes; only a failure waits for it.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Device {
    pub id: DeviceId,
    pub user: UserId,
    /// How far it has heard.
    pub heard: u64,
    notices: VecDeque<ServerNotice>,
    ws: Ws,
}

impl Device {
    pub async fn hello(person: &Person<'_>, wanted: Option<DeviceId>) -> Self {
        Self::greet(person, wanted, None).await.0
    }

    /// Goes on where it was; whether it could.
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

    /// Connected, but it has not said hello.
    pub async fn silent(person: &Person<'_>) -> Self {
        let bearer = format!("Bearer {}", person.signed.token);
        let ws = connect(person.test.address, &[("authorization", &bearer)]).await.unwrap();
        Self { id: DeviceId(uuid::Uuid::nil()), user: person.id(), heard: 0, notices: VecDeque::new(), ws }
    }

    /// Returns as this device, and is gone before anything can be answered.
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

    pub async fn next(&mut self) -> ServerMessage {
        match self.next_frame().await {
            Some(Message::Text(text)) => serde_json::from_str(&text).unwrap(),
            other => panic!("expected a message, not {other:?}"),
        }
    }

    /// Whether there was this notice among what was read.
    pub fn has_noticed(&self, notice: &ServerNotice) -> bool {
        self.notices.contains(notice)
    }

    pub fn no_notice(&self) -> bool {
        self.notices.is_empty()
    }

    /// The next notice; messages on the way there are passed over.
    pub async fn notice(&mut self) -> ServerNotice {
        loop {
            if let Some(notice) = self.notices.pop_front() {
                return notice;
            }
            let frame = self.read().await;
            assert!(frame.is_some(), "the socket was closed");
        }
    }

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

    /// Nothing when the socket is closed. Notices are put aside.
    pub async fn next_frame(&mut self) -> Option<Message> {
        loop {
            let aside = self.notices.len();
            let frame = self.read().await;
            if self.notices.len() == aside {
                return frame;
            }
        }
    }

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

    /// The code with which the server closes; other messages are passed over.
    pub async fn closed(&mut self) -> Option<u16> {
        loop {
            match self.next_frame().await {
                Some(Message::Close(frame)) => return frame.map(|frame| frame.code.into()),
                Some(_) => {}
                None => return None,
            }
        }
    }

    /// The first message of this kind; others are passed over.
    pub async fn until<T>(&mut self, wanted: impl Fn(&ServerMessage) -> Option<T>) -> T {
        loop {
            if let Some(found) = wanted(&self.next().await) {
                return found;
            }
        }
    }

    /// All that the server has sent by now.
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

    /// Tags of all messages about calls that the server has sent by now.
    pub async fn heard(&mut self) -> Vec<String> {
        let tags = self.drain().await.into_iter().map(|message| tag(&message));
        tags.filter(|tag| tag.starts_with("call.") || tag.starts_with("participant.")).collect()
    }

    pub async fn refused(&mut self) -> ErrorCode {
        match self.next().await {
            ServerMessage::Error { code, .. } => code,
            other => panic!("expected an error, not {other:?}"),
        }
    }

    pub async fn incoming(&mut self) -> Call {
        self.until(|message| match message {
            ServerMessage::CallIncoming { call, .. } => Some(call.clone()),
            _ => None,
        })
        .await
    }

    /// Confirms that it rings, and waits until the server knows.
    pub async fn ring(&mut self, call_id: CallId) {
        self.send(&ClientMessage::RingAck { call_id }).await;
        self.drain().await;
    }

    pub async fn media(&mut self, call_id: CallId, state: MediaState) {
        self.send(&ClientMessage::MediaState { call_id, state }).await;
        self.drain().await;
    }

    /// Vanishes without a word.
    pub fn vanish(self) {
        drop(self.ws);
    }
}

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

/// Asks again until it is so, for what no message announces.
pub async fn eventually(is_so: impl AsyncFn() -> bool) {
    let asking = async {
        while !is_so().await {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, asking).await.expect("it never came true");
}
