//! ICE candidates in signaling, replaced by ports of the relay so that the media goes through it.

use crate::relay::Relay;
use serde_json::Value;
use std::net::{IpAddr, SocketAddr};

/// Rewrites a JSON frame: every `sdp` and every `candidate` in it, wherever they stand. Frames without
/// either come back as they were.
pub fn frame(relay: &Relay, text: &str) -> String {
    if !text.contains("candidate:") {
        return text.to_owned();
    }
    let Ok(mut json) = serde_json::from_str(text) else { return text.to_owned() };
    walk(relay, &mut json);
    json.to_string()
}

fn walk(relay: &Relay, value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.retain_mut(|item| match item.get_mut("candidate") {
                Some(Value::String(line)) if !line.is_empty() => replace(relay, line),
                _ => true,
            });
            for item in items {
                walk(relay, item);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                match field {
                    Value::String(sdp) if name == "sdp" => *sdp = description(relay, sdp),
                    other => walk(relay, other),
                }
            }
        }
        _ => {}
    }
}

fn description(relay: &Relay, sdp: &str) -> String {
    let mut out = String::with_capacity(sdp.len());
    for line in sdp.split_inclusive('\n') {
        let Some(candidate) = line.strip_prefix("a=") else {
            out.push_str(line);
            continue;
        };
        if !candidate.starts_with("candidate:") {
            out.push_str(line);
            continue;
        }
        let mut candidate = candidate.trim_end().to_owned();
        if replace(relay, &mut candidate) {
            out.push_str("a=");
            out.push_str(&candidate);
            out.push_str("\r\n");
        }
    }
    out
}

/// Replaces address and port of a candidate line; false when it must not be passed on at all (TCP, or
/// an address that the relay cannot stand beside).
fn replace(relay: &Relay, line: &mut String) -> bool {
    let mut parts: Vec<String> = line.split(' ').map(str::to_owned).collect();
    let [_, _, transport, _, ip, port, ..] = parts.as_mut_slice() else { return false };
    if !transport.eq_ignore_ascii_case("udp") {
        return false;
    }
    let (Ok(address), Ok(number)) = (ip.parse::<IpAddr>(), port.parse::<u16>()) else { return false };
    let real = SocketAddr::new(address, number);
    if relay.owns(real) {
        return true;
    }
    let Ok(stand_in) = relay.port_for(real) else { return false };
    *ip = stand_in.ip().to_string();
    *port = stand_in.port().to_string();
    *line = parts.join(" ");
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relay::Conditions;

    const UDP: &str = "candidate:1 1 udp 2122260223 127.0.0.1 5000 typ host generation 0 ufrag ab";
    const TCP: &str = "candidate:2 1 tcp 1518280447 127.0.0.1 9 typ host tcptype active";

    #[tokio::test]
    async fn candidates_become_ports_of_the_relay() {
        let relay = Relay::new(1, Conditions::default());
        let signal = serde_json::json!({"type": "call.signal", "signal": {"payload": {
            "kind": "candidates", "candidates": [{"candidate": UDP}, {"candidate": TCP}, {"candidate": ""}]}}});
        let out: Value = serde_json::from_str(&frame(&relay, &signal.to_string())).unwrap();
        let port = relay.port_for("127.0.0.1:5000".parse().unwrap()).unwrap().port();
        let list = &out["signal"]["payload"]["candidates"];
        assert_eq!(list.as_array().unwrap().len(), 2, "TCP is dropped, the end of candidates stays");
        assert_eq!(list[0]["candidate"], UDP.replace("5000", &port.to_string()));
        assert_eq!(list[1]["candidate"], "");
    }

    #[tokio::test]
    async fn descriptions_keep_every_other_line() {
        let relay = Relay::new(1, Conditions::default());
        let sdp = format!("v=0\r\na={UDP}\r\na={TCP}\r\na=mid:0\r\n");
        let port = relay.port_for("127.0.0.1:5000".parse().unwrap()).unwrap().port();
        let out: Value =
            serde_json::from_str(&frame(&relay, &serde_json::json!({"sdp": sdp}).to_string())).unwrap();
        assert_eq!(out["sdp"], format!("v=0\r\na={}\r\na=mid:0\r\n", UDP.replace("5000", &port.to_string())));
    }
}
