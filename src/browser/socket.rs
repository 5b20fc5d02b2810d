//! One WebSocket, which is closed when it is dropped. `call/signaling.rs` opens another after a loss.

use super::{error::BrowserError, listener::Listener};
use wasm_bindgen::JsValue;
use web_sys::{MessageEvent, WebSocket};

pub struct Socket {
    socket: WebSocket,
    _listeners: [Listener; 3],
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SocketEvent {
    Open,
    Text(String),
    Closed,
}

impl Socket {
    /// Opens a socket to a path of the page's own server.
    pub fn open(path: &str, on_event: impl Fn(SocketEvent) + Clone + 'static) -> Result<Self, BrowserError> {
        let base = leptos::prelude::location().origin().map_err(BrowserError::of("origin"))?;
        let url = format!("{}{path}", base.replacen("http", "ws", 1));
        let socket = WebSocket::new(&url).map_err(BrowserError::of("socket"))?;
        let (opened, heard, closed) = (on_event.clone(), on_event.clone(), on_event);
        let listeners = [
            Listener::new(&socket, "open", move |_: JsValue| opened(SocketEvent::Open)),
            Listener::new(&socket, "message", move |event: MessageEvent| {
                if let Some(text) = event.data().as_string() {
                    heard(SocketEvent::Text(text));
                }
            }),
            Listener::new(&socket, "close", move |_: JsValue| closed(SocketEvent::Closed)),
        ];
        Ok(Self { socket, _listeners: listeners })
    }

    /// Sends a text; returns false if the socket is not open.
    pub fn send(&self, text: &str) -> bool {
        self.socket.ready_state() == WebSocket::OPEN && self.socket.send_with_str(text).is_ok()
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // The close event comes in a later task, when the listeners are removed: an intended close is not
        // reported.
        let _ = self.socket.close();
    }
}
