//! A signed-in person, and the requests that they send.

use super::{Device, Reply, TestApp, app::request};
use axum::http::{Method, header};
use parley_protocol::{
    CallId, ConversationId, DeviceId, UserId,
    call::{Call, CallType, OwnMedia},
    rest::{AcceptCall, ByDevice, CallAccess, CallDetails, SignedIn, StartCall},
};
use serde::Serialize;

/// A session of a person at a server.
pub struct Person<'a> {
    pub test: &'a TestApp,
    pub signed: SignedIn,
}

impl<'a> Person<'a> {
    pub fn new(test: &'a TestApp, signed: SignedIn) -> Self {
        Self { test, signed }
    }

    pub fn id(&self) -> UserId {
        self.signed.me.id
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None, &[]).await
    }

    pub async fn post(&self, path: &str, body: &impl Serialize) -> Reply {
        self.send(Method::POST, path, Some(serde_json::to_vec(body).unwrap()), &[]).await
    }

    pub async fn put(&self, path: &str) -> Reply {
        self.send(Method::PUT, path, None, &[]).await
    }

    pub async fn patch(&self, path: &str, body: &impl Serialize) -> Reply {
        self.send(Method::PATCH, path, Some(serde_json::to_vec(body).unwrap()), &[]).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, None, &[]).await
    }

    /// Sends a POST request with an `Idempotency-Key`.
    pub async fn post_once(&self, path: &str, body: &impl Serialize, key: &str) -> Reply {
        let header = header::HeaderName::from_static("idempotency-key");
        self.send(Method::POST, path, Some(serde_json::to_vec(body).unwrap()), &[(header, key)]).await
    }

    pub async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<Vec<u8>>,
        headers: &[(header::HeaderName, &str)],
    ) -> Reply {
        let mut request = request(method, path, body);
        let bearer = format!("Bearer {}", self.signed.token);
        request.headers_mut().insert(header::AUTHORIZATION, bearer.parse().unwrap());
        for (name, value) in headers {
            request.headers_mut().insert(name.clone(), value.parse().unwrap());
        }
        self.test.send(request).await
    }

    /// Opens a socket as a new tab would, and reads everything that was sent to it at the start.
    pub async fn device(&self) -> Device {
        let mut device = Device::hello(self, None).await;
        device.drain().await;
        device
    }

    pub fn start_body(conversation: ConversationId, device: DeviceId) -> StartCall {
        let media = OwnMedia { muted: false, video: true, ..OwnMedia::default() };
        StartCall {
            conversation_id: conversation,
            call_type: CallType::Video,
            device_id: device,
            media,
            invite: None,
        }
    }

    /// Returns the HTTP status with which a socket is refused.
    pub async fn socket_status(&self) -> u16 {
        let bearer = format!("Bearer {}", self.signed.token);
        match super::connect(self.test.address, &[("authorization", &bearer)]).await {
            Ok(_) => panic!("a socket was opened"),
            Err(refusal) => refusal.status().as_u16(),
        }
    }

    pub async fn try_start(&self, conversation: ConversationId, device: DeviceId) -> Reply {
        self.post("/api/calls/start", &Self::start_body(conversation, device)).await
    }

    pub async fn start(&self, conversation: ConversationId, device: &Device) -> Call {
        self.try_start(conversation, device.id).await.created::<CallAccess>().call
    }

    pub async fn try_accept(&self, call: CallId, device: DeviceId) -> Reply {
        let body = AcceptCall { device_id: device, media: OwnMedia::default(), other: None };
        self.post(&format!("/api/calls/{call}/accept"), &body).await
    }

    pub async fn accept(&self, call: CallId, device: &Device) -> Call {
        self.try_accept(call, device.id).await.ok::<CallAccess>().call
    }

    /// Ends the person's part in a call: `what` is decline, cancel, leave or end.
    pub async fn finish(&self, what: &str, call: CallId, device: &Device) -> Call {
        self.post(&format!("/api/calls/{call}/{what}"), &ByDevice { device_id: device.id }).await.ok()
    }

    pub async fn details(&self, call: CallId) -> CallDetails {
        self.get(&format!("/api/calls/{call}")).await.ok()
    }
}
