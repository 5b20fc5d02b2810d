//! Firefox: its preferences and its log.

use super::Media;
use crate::places;
use anyhow::Result;
use fantoccini::wd::Capabilities;
use serde_json::json;
use std::{fs, path::Path};

/// Returns the capabilities of a browser whose profile is created in this folder.
pub fn capabilities(media: Media, folder: &Path) -> Result<Capabilities> {
    let profile = folder.join("firefox");
    fs::create_dir(&profile)?;
    let mut prefs = json!({
        "media.peerconnection.ice.loopback": true,
        "media.peerconnection.ice.obfuscate_host_addresses": false,
        // The pages' console on standard output is the only way to the browser's own complaints.
        "devtools.console.stdout.content": true,
        "browser.shell.checkDefaultBrowser": false,
        "datareporting.policy.dataSubmissionEnabled": false,
        "toolkit.telemetry.reportingpolicy.firstRun": false,
        "app.update.enabled": false,
        "extensions.update.enabled": false,
        "network.captive-portal-service.enabled": false,
        "network.connectivity-service.enabled": false,
        "network.dns.disablePrefetch": true,
        "browser.safebrowsing.downloads.remote.enabled": false,
        "browser.safebrowsing.malware.enabled": false,
        "browser.safebrowsing.phishing.enabled": false,
        "media.gmp-manager.updateEnabled": false,
        "media.gmp-provider.enabled": false,
        // On a busy machine, closing the last tab of a process would abort the page's beacon.
        "dom.abort_script_on_child_shutdown": false,
        // A page in a background window keeps its timers.
        "dom.min_background_timeout_value": 10,
        "widget.windows.window_occlusion_tracking.enabled": false,
    });
    match media {
        Media::Fake | Media::Speaking | Media::Portrait(_) | Media::Traced(_) | Media::TwoCameras => {
            prefs["media.navigator.streams.fake"] = json!(true);
            prefs["media.navigator.permission.disabled"] = json!(true);
            prefs["permissions.default.camera"] = json!(1);
            prefs["permissions.default.microphone"] = json!(1);
        }
        Media::CameraDenied => {
            prefs["media.navigator.streams.fake"] = json!(true);
            prefs["permissions.default.camera"] = json!(2);
            prefs["permissions.default.microphone"] = json!(1);
        }
        Media::NoDevices => {
            prefs["media.navigator.permission.disabled"] = json!(true);
            prefs["permissions.default.camera"] = json!(1);
            prefs["permissions.default.microphone"] = json!(1);
        }
    }
    let capabilities = json!({
        "browserName": "firefox",
        "moz:firefoxOptions": {
            "binary": places::firefox()?,
            "args": ["-headless", "--width=800", "--height=640", "-profile", profile],
            "prefs": prefs,
        },
        "unhandledPromptBehavior": "accept",
    });
    Ok(capabilities.as_object().cloned().unwrap_or_default())
}

/// Returns the script errors of the page in the browser's output.
pub fn complaints(output: &str, origin: &str) -> Vec<String> {
    let own = format!("JavaScript error: {origin}");
    output.lines().filter(|line| line.starts_with(&own)).map(str::to_owned).collect()
}
