//! The greeting of `--lan`: the addresses of this machine, and a QR code that brings a phone to the first
//! one.

use qrcode::{QrCode, render::unicode::Dense1x2};
use std::{
    fmt::Write,
    net::{IpAddr, SocketAddr},
};

/// Lists the IPv4 addresses under which others may reach this machine.
pub fn addresses() -> Vec<IpAddr> {
    let mut found: Vec<IpAddr> = if_addrs::get_if_addrs()
        .unwrap_or_default()
        .into_iter()
        .map(|interface| interface.ip())
        .filter(|ip| !ip.is_loopback() && ip.is_ipv4())
        .collect();
    found.sort();
    found.dedup();
    found
}

/// Writes the greeting. `localhost` comes last, because only the machine itself can use it.
pub fn greeting(addresses: &[IpAddr], port: u16) -> String {
    let mut out = String::new();
    let mut urls: Vec<String> =
        addresses.iter().map(|ip| format!("https://{}", SocketAddr::new(*ip, port))).collect();
    urls.push(format!("https://localhost:{port}"));
    for url in &urls {
        let _ = writeln!(out, "listening on {url}");
    }
    if let Some(first) = urls.first()
        && let Ok(code) = QrCode::new(first)
    {
        // Most terminals have a dark background, so the drawn characters are the light modules of the code.
        let (dark, light) = (Dense1x2::Light, Dense1x2::Dark);
        let image = code.render::<Dense1x2>().dark_color(dark).light_color(light).quiet_zone(true).build();
        let _ = writeln!(out, "{image}");
    }
    let _ = writeln!(out, "The certificate is this machine's own: browsers ask once whether to trust it.");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_is_named() {
        let text = greeting(&["192.168.0.7".parse().unwrap()], 8080);
        assert!(
            text.starts_with("listening on https://192.168.0.7:8080\nlistening on https://localhost:8080\n")
        );
        assert!(text.contains('█'));
    }
}
