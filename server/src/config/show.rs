//! The configuration that holds, as a file that could have set it, without its secrets.

use super::{
    Config,
    load::{Given, Source},
    settings::{SETTINGS, Setting},
};
use std::fmt::Write;

const HIDDEN: &str = "***";

pub(super) fn show(config: &Config, given: &Given) -> String {
    let mut out = String::new();
    for setting in SETTINGS {
        let (text, source) = given.get(setting.name).map_or(("", "default"), |(text, source)| {
            let source = match source {
                Source::File => "file",
                Source::Environment => "environment",
                Source::Flag => "flag",
            };
            (text.as_str(), source)
        });
        let value = match setting.get {
            Some(get) => get(config),
            None if source == "default" => setting.default().to_owned(),
            None => text.to_owned(),
        };
        // Words like "none" say that there is no value.
        let unset = value.is_empty() || (source == "default" && setting.get.is_none() && value == "none");
        if unset {
            let _ = writeln!(out, "# {} is not set", setting.name);
        } else {
            let _ = writeln!(out, "{} = {}  # {source}", setting.name, literal(&masked(setting, &value)));
        }
    }
    out
}

fn masked(setting: &Setting, value: &str) -> String {
    if setting.is_secret() { HIDDEN.to_owned() } else { hide(value) }
}

/// The same text without passwords of addresses and credentials of ICE servers.
pub fn hide(value: &str) -> String {
    if let Ok(serde_json::Value::Array(mut list)) = serde_json::from_str(value) {
        for server in list.iter_mut().filter(|server| server["credential"].is_string()) {
            server["credential"] = HIDDEN.into();
        }
        return serde_json::Value::Array(list).to_string();
    }
    match value.split_once("://") {
        Some((scheme, rest)) => format!("{scheme}://{}", hide_in_address(rest)),
        None => value.to_owned(),
    }
}

fn hide_in_address(rest: &str) -> String {
    // A question mark before the host is one of the password.
    let is_query =
        |text: &str| text.split('@').next().is_some_and(|first| first == text || first.contains('='));
    let (place, query) = match rest.split_once('?') {
        Some((place, query)) if is_query(query) => (place, Some(query)),
        _ => (rest, None),
    };
    let mut shown = match place.rsplit_once('@') {
        Some((login, host)) => format!("{}:{HIDDEN}@{host}", login.split(':').next().unwrap_or_default()),
        None => place.to_owned(),
    };
    if let Some(query) = query {
        let parts: Vec<_> = query.split('&').map(hide_in_part).collect();
        let _ = write!(shown, "?{}", parts.join("&"));
    }
    shown
}

/// As in `password`, `sslpassword` and `sslkey` of PostgreSQL, and `pass` of Redis.
fn hide_in_part(part: &str) -> String {
    match part.split_once('=') {
        Some((name, _)) if ["pass", "key"].iter().any(|word| name.to_ascii_lowercase().contains(word)) => {
            format!("{name}={HIDDEN}")
        }
        _ => part.to_owned(),
    }
}

fn literal(value: &str) -> String {
    if value.parse::<i64>().is_ok() || value.parse::<bool>().is_ok() {
        return value.to_owned();
    }
    // A string of JSON is one of TOML.
    serde_json::Value::String(value.to_owned()).to_string()
}
