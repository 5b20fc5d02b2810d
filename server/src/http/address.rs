//! The address of a client, also behind trusted proxies.
//!
//! Every proxy appends the address of its own peer to `X-Forwarded-For`. With one trusted proxy the last
//! entry is the client's, with two the last but one. Entries before that may be forged by anybody.

use crate::{app::App, cluster::limits::Network};
use axum::http::{Extensions, HeaderMap};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The address of the other end of the connection.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// Returns the network of the client, against which limits by address are counted.
pub fn network(app: &App, extensions: &Extensions, headers: &HeaderMap) -> Network {
    // Tests without a connection have no peer; they all count as one address.
    let peer = extensions.get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
    Network::from(client(headers, peer, app.config.trusted_hops))
}

/// Returns the address of the client, as far as the trusted proxies tell it.
fn client(headers: &HeaderMap, peer: IpAddr, trusted_hops: u8) -> IpAddr {
    if trusted_hops == 0 {
        return peer;
    }
    let lines = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
    let told: Vec<Option<IpAddr>> = lines.flat_map(|line| line.split(',')).map(address).collect();
    // From the end: the entries of trusted proxies only. An entry that is not an address ends the trust, so
    // the last good one counts.
    told.iter().rev().take(trusted_hops.into()).map_while(|entry| *entry).last().unwrap_or(peer)
}

/// Parses an entry. Some proxies append the port.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(lines: &[&str], hops: u8) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        client(&headers, "192.0.2.9".parse().unwrap(), hops).to_string()
    }

    #[test]
    fn nobody_chooses_an_address_but_trusted_proxies() {
        assert_eq!(asked(&["198.51.100.1"], 0), "192.0.2.9", "no proxy is assumed");
        assert_eq!(asked(&["198.51.100.1"], 1), "198.51.100.1");
        assert_eq!(asked(&["6.6.6.6, 198.51.100.1"], 1), "198.51.100.1", "the first entry is anybody's");
        assert_eq!(asked(&["6.6.6.6, 198.51.100.1, 10.0.0.2"], 2), "198.51.100.1");
        assert_eq!(asked(&["6.6.6.6", "198.51.100.1", "10.0.0.2"], 2), "198.51.100.1", "over several lines");
        assert_eq!(asked(&[], 1), "192.0.2.9", "whoever goes around the proxy");
        assert_eq!(asked(&["198.51.100.1"], 2), "198.51.100.1");
        assert_eq!(asked(&["198.51.100.1, unknown"], 2), "192.0.2.9");
    }

    #[test]
    fn addresses_are_written_in_several_ways() {
        assert_eq!(asked(&["198.51.100.1:4711"], 1), "198.51.100.1");
        assert_eq!(asked(&["[2001:db8::1]:4711"], 1), "2001:db8::1");
        assert_eq!(asked(&["[2001:db8::1]"], 1), "2001:db8::1");
        assert_eq!(asked(&["2001:db8::1"], 1), "2001:db8::1");
    }
}
