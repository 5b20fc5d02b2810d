//! The table: for each route an address, a body, and the status for each visitor.
//!
//! `world` fills in the names in braces; `{device}` is the visitor's own tab.

use axum::http::Method;

pub struct Row {
    /// The method and path, as in the OpenAPI document.
    pub route: &'static str,
    pub address: &'static str,
    /// The JSON body; empty for none.
    pub body: &'static str,
    /// The statuses for the visitors nobody, expired, stranger, blocked, member and host.
    pub expect: [u16; 6],
}

impl Row {
    pub fn method(&self) -> Method {
        self.route.split(' ').next().unwrap().parse().unwrap()
    }
}

const fn row(route: &'static str, address: &'static str, body: &'static str, expect: [u16; 6]) -> Row {
    Row { route, address, body, expect }
}

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    row("GET /health", "/health", "", [200, 200, 200, 200, 200, 200]),
    row("GET /ready", "/ready", "", [200, 200, 200, 200, 200, 200]),
    row("GET /metrics", "/metrics", "", [404, 404, 404, 404, 404, 404]),
    row("GET /api/openapi.json", "/api/openapi.json", "", [200, 200, 200, 200, 200, 200]),
    row("GET /api/docs", "/api/docs", "", [200, 200, 200, 200, 200, 200]),
    row("POST /api/auth/guest", "/api/auth/guest", r#"{"display_name":"Finn"}"#, [201, 201, 201, 201, 201, 201]),
    // No issuer is configured.
    row("POST /api/auth/oidc", "/api/auth/oidc", r#"{"id_token":"x"}"#, [403, 403, 403, 403, 403, 403]),
    row("GET /api/auth/oidc/login", "/api/auth/oidc/login", "", [403, 403, 403, 403, 403, 403]),
    row("GET /api/auth/oidc/callback", "/api/auth/oidc/callback", "", [403, 403, 403, 403, 403, 403]),
    row("GET /api/auth/sessions", "/api/auth/sessions", "", [401, 401, 200, 200, 200, 200]),
    row("DELETE /api/auth/sessions/{id}", "/api/auth/sessions/{session}", "", [401, 401, 204, 204, 204, 204]),
    row("POST /api/auth/logout", "/api/auth/logout", "", [401, 401, 204, 204, 204, 204]),
    row("GET /api/config", "/api/config", "", [200, 200, 200, 200, 200, 200]),
    row("GET /api/me", "/api/me", "", [401, 401, 200, 200, 200, 200]),
    row("PATCH /api/me", "/api/me", r#"{"display_name":"Grace"}"#, [401, 401, 200, 200, 200, 200]),
    row("PUT /api/me/picture", "/api/me/picture", "", [401, 401, 415, 415, 415, 415]),
    row("DELETE /api/me/picture", "/api/me/picture", "", [401, 401, 200, 200, 200, 200]),
    row("GET /api/pictures/{id}", "/api/pictures/{call}", "", [404, 404, 404, 404, 404, 404]),
    row("GET /api/me/blocks", "/api/me/blocks", "", [401, 401, 200, 200, 200, 200]),
    row("POST /api/me/invite-link", "/api/me/invite-link", "", [401, 401, 201, 201, 201, 201]),
    row("GET /api/users", "/api/users?query=a", "", [401, 401, 200, 200, 200, 200]),
    row("PUT /api/users/{id}/block", "/api/users/{stranger}/block", "", [401, 401, 409, 204, 204, 204]),
    row("DELETE /api/users/{id}/block", "/api/users/{stranger}/block", "", [401, 401, 204, 204, 204, 204]),
    row("GET /api/conversations", "/api/conversations", "", [401, 401, 200, 200, 200, 200]),
    row("POST /api/conversations", "/api/conversations", r#"{"user_id":"{host}"}"#, [401, 401, 200, 200, 200, 422]),
    row("GET /api/conversations/{id}", "/api/conversations/{direct}", "", [401, 401, 404, 404, 200, 200]),
    row("PATCH /api/conversations/{id}", "/api/conversations/{group}", r#"{"name":"Team"}"#, [401, 401, 404, 403, 403, 200]),
    row("POST /api/conversations/{id}/accept", "/api/conversations/{direct}/accept", "", [401, 401, 404, 404, 200, 200]),
    row("POST /api/conversations/{id}/decline", "/api/conversations/{direct}/decline", "", [401, 401, 404, 404, 409, 409]),
    row("GET /api/conversations/{id}/invite-links", "/api/conversations/{group}/invite-links", "", [401, 401, 404, 403, 403, 200]),
    row("POST /api/conversations/{id}/invite-links", "/api/conversations/{group}/invite-links", r#"{"max_uses":2}"#, [401, 401, 404, 403, 403, 201]),
    row("DELETE /api/conversations/{id}/invite-links/{link}", "/api/conversations/{group}/invite-links/{link}", "", [401, 401, 404, 403, 403, 204]),
    row("POST /api/conversations/{id}/members", "/api/conversations/{group}/members", r#"{"user_ids":["{other}"]}"#, [401, 401, 404, 403, 403, 200]),
    row("PATCH /api/conversations/{id}/members/{user}", "/api/conversations/{group}/members/{member}", r#"{"role":"admin"}"#, [401, 401, 404, 403, 403, 200]),
    row("DELETE /api/conversations/{id}/members/{user}", "/api/conversations/{group}/members/{member}", "", [401, 401, 404, 403, 204, 404]),
    row("GET /api/conversations/{id}/messages", "/api/conversations/{direct}/messages", "", [401, 401, 404, 404, 200, 200]),
    row("POST /api/conversations/{id}/messages", "/api/conversations/{direct}/messages", r#"{"text":"Hello"}"#, [401, 401, 404, 404, 201, 201]),
    row("POST /api/conversations/{id}/read", "/api/conversations/{direct}/read", "", [401, 401, 404, 404, 204, 204]),
    row("GET /api/invites/{token}", "/api/invites/{invite}", "", [200, 200, 200, 200, 200, 200]),
    row("POST /api/invites/{token}", "/api/invites/{invite}", "", [401, 401, 200, 200, 200, 409]),
    row("POST /api/calls/start", "/api/calls/start", r#"{"conversation_id":"{direct}","call_type":"audio","device_id":"{device}"}"#, [401, 401, 404, 404, 201, 409]),
    row("GET /api/calls/active", "/api/calls/active", "", [401, 401, 200, 200, 200, 200]),
    row("GET /api/calls/history", "/api/calls/history", "", [401, 401, 200, 200, 200, 200]),
    row("GET /api/calls/missed", "/api/calls/missed", "", [401, 401, 200, 200, 200, 200]),
    row("POST /api/calls/seen", "/api/calls/seen", "", [401, 401, 204, 204, 204, 204]),
    row("GET /api/calls/{id}", "/api/calls/{call}", "", [401, 401, 404, 404, 200, 200]),
    row("POST /api/calls/{id}/accept", "/api/calls/{call}/accept", r#"{"device_id":"{device}","media":{"muted":false,"video":true}}"#, [401, 401, 404, 404, 200, 409]),
    row("POST /api/calls/{id}/decline", "/api/calls/{call}/decline", r#"{"device_id":"{device}"}"#, [401, 401, 404, 404, 200, 200]),
    row("POST /api/calls/{id}/cancel", "/api/calls/{call}/cancel", r#"{"device_id":"{device}"}"#, [401, 401, 404, 404, 409, 200]),
    row("POST /api/calls/{id}/leave", "/api/calls/{call}/leave", r#"{"device_id":"{device}"}"#, [401, 401, 404, 404, 200, 200]),
    row("POST /api/calls/{id}/end", "/api/calls/{call}/end", r#"{"device_id":"{device}"}"#, [401, 401, 404, 404, 409, 200]),
    row("POST /api/calls/{id}/join", "/api/calls/{call}/join", r#"{"device_id":"{device}"}"#, [401, 401, 404, 404, 200, 200]),
    row("POST /api/calls/{id}/token", "/api/calls/{call}/token", r#"{"device_id":"{device}"}"#, [401, 401, 404, 404, 200, 200]),
    row("PATCH /api/calls/{id}/participant", "/api/calls/{call}/participant", r#"{"device_id":"{device}","media":{"muted":true}}"#, [401, 401, 404, 404, 409, 200]),
    row("POST /api/calls/{id}/participants/{user}/mute", "/api/calls/{group_call}/participants/{member}/mute", "", [401, 401, 404, 403, 403, 200]),
    row("POST /api/calls/{id}/participants/{user}/kick", "/api/calls/{group_call}/participants/{member}/kick", "", [401, 401, 404, 403, 403, 200]),
    row("POST /api/calls/{id}/participants/{user}/role", "/api/calls/{group_call}/participants/{member}/role", r#"{"role":"co_host"}"#, [401, 401, 404, 403, 403, 200]),
    row("POST /api/calls/{id}/invite", "/api/calls/{group_call}/invite", r#"{"user_ids":["{host}"]}"#, [401, 401, 404, 200, 200, 200]),
    row("POST /api/calls/{id}/stats", "/api/calls/{call}/stats", r#"{"device_id":"{device}"}"#, [401, 401, 404, 404, 409, 204]),
    row("POST /api/calls/{id}/feedback", "/api/calls/{call}/feedback", r#"{"stars":5}"#, [401, 401, 404, 404, 409, 204]),
    row("GET /api/calls/stats", "/api/calls/stats", "", [401, 401, 200, 200, 200, 200]),
    row("GET /api/ice-servers", "/api/ice-servers", "", [401, 401, 200, 200, 200, 200]),
    row("GET /api/ws", "/api/ws", "", [401, 401, 409, 409, 409, 409]),
];
