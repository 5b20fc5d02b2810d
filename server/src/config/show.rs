//! Prints the effective configuration as a TOML file that could be loaded again, without secrets.

use super::{
    Config,
    load::{Given, Source},
    settings::{SETTINGS, Setting},
};
use std::fmt::Write;

const HIDDEN: &str = "***";

/// Writes every setting with its value and source.
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
        // A default of "none" in the help stands for no value.
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

/// Returns the text with the passwords of addresses and the credentials of ICE servers replaced.
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

/// Replaces the secrets of an address, which is given without its scheme.
fn hide_in_address(rest: &str) -> String {
    // A question mark may be part of the password: then an `@` follows it, with no `=` before that.
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

/// Replaces the value of one query parameter if it is a secret, as `password`, `sslpassword` and `sslkey` of
/// PostgreSQL are, and `pass` of Redis.
fn hide_in_part(part: &str) -> String {
    match part.split_once('=') {
        Some((name, _)) if ["pass", "key"].iter().any(|word| name.to_ascii_lowercase().contains(word)) => {
            format!("{name}={HIDDEN}")
        }
        _ => part.to_owned(),
    }
}

/// Writes a value as TOML.
fn literal(value: &str) -> String {
    if value.parse::<i64>().is_ok() || value.parse::<bool>().is_ok() {
        return value.to_owned();
    }
    // A JSON string is a TOML string as well.
    serde_json::Value::String(value.to_owned()).to_string()
}
