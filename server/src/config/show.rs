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
    if let Some((scheme, rest)) = value.split_once("://")
        && let Some((login, host)) = rest.rsplit_once('@')
    {
        let user = login.split(':').next().unwrap_or_default();
        return format!("{scheme}://{user}:{HIDDEN}@{host}");
    }
    match serde_json::from_str::<serde_json::Value>(value) {
        Ok(serde_json::Value::Array(mut list)) => {
            for server in list.iter_mut().filter(|server| server["credential"].is_string()) {
                server["credential"] = HIDDEN.into();
            }
            serde_json::Value::Array(list).to_string()
        }
        _ => value.to_owned(),
    }
}

fn literal(value: &str) -> String {
    if value.parse::<i64>().is_ok() || value.parse::<bool>().is_ok() {
        return value.to_owned();
    }
    // A string of JSON is one of TOML.
    serde_json::Value::String(value.to_owned()).to_string()
}
