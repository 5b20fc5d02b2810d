//! Shapes of hostile frames and requests, the values that fill them, and mutations.

use parley_protocol::{CallId, ConversationId, DeviceId, UserId};
use rand::{Rng, RngExt, rngs::StdRng};
use uuid::Uuid;

/// The ids of the call and its people, which frames and bodies refer to.
pub struct Ids {
    pub call: CallId,
    pub conversation: ConversationId,
    pub devices: [DeviceId; 2],
    pub users: [UserId; 2],
}

impl Ids {
    fn people(&self) -> Vec<Uuid> {
        self.users.iter().map(|id| id.0).chain(self.devices.iter().map(|id| id.0)).collect()
    }
}

pub const FRAME_SHAPES: &[&str] = &[
    r#"{"type":"hello","device_id":"DEVICE"}"#,
    r#"{"type":"call.ring_ack","call_id":"CALL"}"#,
    r#"{"type":"call.signal","call_id":"CALL","to_user":"USER","to_device":"DEVICE","signal":{"seq":1,"ack":0,"payload":{"kind":"offer","sdp":"v=0"}}}"#,
    r#"{"type":"call.signal","call_id":"CALL","to_user":"USER","to_device":"DEVICE","signal":{"seq":NUM,"ack":NUM,"payload":{"kind":"candidates","candidates":[{"candidate":"TEXT","sdp_mid":"0","sdp_m_line_index":NUM}]}}}"#,
    r#"{"type":"call.media_state","call_id":"CALL","state":"connected"}"#,
    r#"{"type":"call.media_state","call_id":"CALL","state":"lost"}"#,
    r#"{"type":"participant.update","call_id":"CALL","media":{"muted":true,"video":false}}"#,
    r#"{"type":"ping"}"#,
];

/// Method, path and body of each request.
pub const ROUTES: &[(&str, &str, &str)] = &[
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
    ("PATCH", "/api/calls/CALL/participant", r#"{"device_id":"DEVICE","media":{"muted":true,"hand":false}}"#),
    ("POST", "/api/calls/CALL/invite", r#"{"user_ids":["USER","USER"]}"#),
    ("POST", "/api/calls/CALL/feedback", r#"{"stars":5,"tags":["clear_sound"],"comment":"TEXT"}"#),
    (
        "POST",
        "/api/calls/CALL/stats",
        r#"{"device_id":"DEVICE","samples":[{"captured_at":NUM,"peer_id":"USER","packet_loss":NUM,"rtt_ms":NUM,"score":"good","codec":"TEXT"}],"connections":[{"setup_ms":NUM,"protocol":"udp"}]}"#,
    ),
    (
        "POST",
        "/api/calls/CALL/stats",
        r#"{"device_id":"DEVICE","samples":[{"captured_at":"2026-01-01T00:00:00Z","packet_loss":1,"score":"good","codec":"VP8"}]}"#,
    ),
    ("POST", "/api/invites/ID", ""),
    ("POST", "/api/conversations", r#"{"name":"TEXT","member_ids":["USER"]}"#),
    ("POST", "/api/conversations/CONVERSATION/members", r#"{"user_ids":["USER","ID"]}"#),
    ("PATCH", "/api/conversations/CONVERSATION/members/USER", r#"{"role":"admin"}"#),
    ("DELETE", "/api/conversations/CONVERSATION/members/USER", ""),
    ("POST", "/api/conversations/CONVERSATION/invite-links", r#"{"expires_in_hours":NUM,"max_uses":NUM}"#),
    ("DELETE", "/api/conversations/CONVERSATION/invite-links/ID", ""),
    ("PATCH", "/api/conversations/CONVERSATION", r#"{"name":"TEXT"}"#),
    ("PATCH", "/api/me", r#"{"display_name":"TEXT"}"#),
    ("GET", "/api/users?query=a%00b", ""),
    ("GET", "/api/calls/CALL", ""),
];

pub fn pick<'a, T: ?Sized>(rng: &mut StdRng, from: &'a [&'a T]) -> &'a T {
    from[rng.random_range(0..from.len())]
}

/// Replaces the placeholders of a shape with ids, numbers and text. Most ids are of the right kind.
pub fn fill(rng: &mut StdRng, shape: &str, ids: &Ids) -> String {
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

/// Mutates a text up to five times: truncates, replaces, removes, swaps or repeats.
pub fn mutate(rng: &mut StdRng, text: &str) -> String {
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

pub fn words(rng: &mut StdRng) -> String {
    (0..rng.random_range(0..60))
        .map(|_| char::from_u32(rng.random_range(0..0x11_0000)).unwrap_or('\u{FFFD}'))
        .collect()
}

pub fn noise(rng: &mut StdRng, most: usize) -> Vec<u8> {
    let mut bytes = vec![0; rng.random_range(0..most)];
    rng.fill_bytes(&mut bytes);
    bytes
}
