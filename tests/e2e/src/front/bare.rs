//! The bare page and its signaling server, which does nothing but pass messages between the two people in a
//! room.

use super::{Link, locked, proxy, rewrite, socket};
use axum::{
    extract::{
        Query, State,
        ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade},
    },
    http::header,
    response::{Html, IntoResponse, Response},
};
use futures_util::StreamExt;
use serde::Deserialize;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    time::Instant,
};

type Late = (Instant, Message);

/// The mailboxes, one per room and role. A message waits until its reader comes.
#[derive(Debug, Default)]
pub struct Rooms(Mutex<HashMap<(String, Role), Mailbox>>);

#[derive(Debug)]
struct Mailbox {
    sender: UnboundedSender<Late>,
    receiver: Option<UnboundedReceiver<Late>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Role {
    Caller,
    Callee,
}

/// The query of the signaling socket: room and role.
#[derive(Debug, Clone, Deserialize)]
pub struct Place {
    room: String,
    role: Role,
}

pub async fn page() -> Html<String> {
    Html(proxy::tagged(include_str!("../page/bare.html")))
}

pub async fn script() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript")], include_str!("../page/bare.js"))
}

pub async fn socket(
    State(link): State<Arc<Link>>,
    Query(place): Query<Place>,
    upgrade: WebSocketUpgrade,
) -> Response {
    upgrade.on_upgrade(move |socket| relay(link, place, socket))
}

async fn relay(link: Arc<Link>, place: Place, socket: WebSocket) {
    let other = if place.role == Role::Caller { Role::Callee } else { Role::Caller };
    let mine = link.rooms.reader(&place.room, place.role);
    let theirs = link.rooms.writer(&place.room, other);
    let mut cuts = link.cuts.subscribe();
    let (to_browser, mut from_browser) = socket.split();
    let read = async {
        while let Some(Ok(message)) = from_browser.next().await {
            let Message::Text(text) = message else { continue };
            let text = match link.relay() {
                Some(relay) => Utf8Bytes::from(rewrite::frame(&relay, text.as_str())),
                None => text,
            };
            // The delay counts twice, because the app's signaling travels to the server and back out.
            if theirs.send((Instant::now() + 2 * link.delay(), Message::Text(text))).is_err() {
                return;
            }
        }
    };
    tokio::select! {
        () = read => {}
        () = socket::write(mine, to_browser) => {}
        _ = cuts.changed() => {}
    }
}

impl Rooms {
    /// Takes the receiving end of a mailbox. A reader before this one gets no more messages.
    fn reader(&self, room: &str, role: Role) -> UnboundedReceiver<Late> {
        let mut boxes = locked(&self.0);
        let key = (room.to_owned(), role);
        if let Some(receiver) = boxes.get_mut(&key).and_then(|mailbox| mailbox.receiver.take()) {
            return receiver;
        }
        let (sender, receiver) = unbounded_channel();
        boxes.insert(key, Mailbox { sender, receiver: None });
        receiver
    }

    fn writer(&self, room: &str, role: Role) -> UnboundedSender<Late> {
        let mut boxes = locked(&self.0);
        let mailbox = boxes.entry((room.to_owned(), role)).or_insert_with(|| {
            let (sender, receiver) = unbounded_channel();
            Mailbox { sender, receiver: Some(receiver) }
        });
        mailbox.sender.clone()
    }
}
