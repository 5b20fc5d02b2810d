//! Rewrites ICE candidates in signaling to ports of the relay, so that the media goes through it.

use crate::relay::Relay;
use std::net::{IpAddr, SocketAddr};

const MARK: &str = "candidate:";
/// The discard port, where nothing listens: a candidate with it never connects.
const NOWHERE: &str = "9";

/// Rewrites every candidate line in a JSON frame, within a description or on its own. The rest of the text
/// stays byte for byte, including the order of fields.
pub fn frame(relay: &Relay, text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(MARK) {
        // A candidate line ends with its JSON string, or with the escape of a line break.
        let length = rest[start..].find(['"', '\\']).unwrap_or(rest.len() - start);
        let (before, from) = rest.split_at(start);
        let (line, after) = from.split_at(length);
        out.push_str(before);
        out.push_str(&replaced(relay, line).unwrap_or_else(|| line.to_owned()));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Returns the line with address and port of the relay; `None` if it is no candidate, or already the relay's.
fn replaced(relay: &Relay, line: &str) -> Option<String> {
    let mut parts: Vec<&str> = line.split(' ').collect();
    let [_, _, transport, _, ip, port, ..] = parts.as_mut_slice() else { return None };
    let udp = transport.eq_ignore_ascii_case("udp");
    let real = SocketAddr::new(ip.parse::<IpAddr>().ok()?, port.parse().ok()?);
    if relay.owns(real) {
        return None;
    }
    let (address, number);
    match relay.port_for(real).ok().filter(|_| udp) {
        Some(stand_in) => {
            (address, number) = (stand_in.ip().to_string(), stand_in.port().to_string());
            (*ip, *port) = (&address, &number);
        }
        // The relay cannot stand in for TCP, or for this address, so the candidate is made useless.
        None => *port = NOWHERE,
    }
    Some(parts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relay::Conditions;

    const UDP: &str = "candidate:1 1 udp 2122260223 127.0.0.1 5000 typ host generation 0 ufrag ab";
    const TCP: &str = "candidate:2 1 tcp 1518280447 127.0.0.1 5001 typ host tcptype passive";

    #[tokio::test]
    async fn candidates_become_ports_of_the_relay_and_nothing_else_changes() {
        let relay = Relay::new(1, Conditions::default());
        let port = relay.port_for("127.0.0.1:5000".parse().unwrap()).unwrap().port().to_string();
        let frame_with = |udp: &str, tcp: &str| {
            format!(
                r#"{{"type":"call.signal","z":1,"a":[{{"candidate":"{udp}"}},{{"candidate":"{tcp}"}},{{"candidate":""}}],"sdp":"v=0\r\na={udp}\r\na={tcp}\r\na=mid:0\r\n"}}"#
            )
        };
        assert_eq!(
            frame(&relay, &frame_with(UDP, TCP)),
            frame_with(&UDP.replace("5000", &port), &TCP.replace("5001", "9"))
        );
    }

    #[tokio::test]
    async fn words_that_are_no_candidate_stay() {
        let relay = Relay::new(1, Conditions::default());
        for text in
            [r#"{"text":"our candidate: Ana"}"#, "candidate:", "candidate:1 1 udp 5 nowhere 7 typ host"]
        {
            assert_eq!(frame(&relay, text), text);
        }
    }
}
