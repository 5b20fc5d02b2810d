//! How Firefox is started, and what it logs.

use super::Media;
use crate::places;
use anyhow::Result;
use fantoccini::wd::Capabilities;
use serde_json::json;
use std::{fs, path::Path};

/// For a browser whose profile is in this folder.
pub fn capabilities(media: Media, folder: &Path) -> Result<Capabilities> {
    let profile = folder.join("firefox");
    fs::create_dir(&profile)?;
    let mut prefs = json!({
        "media.peerconnection.ice.loopback": true,
        "media.peerconnection.ice.obfuscate_host_addresses": false,
        // The console of pages on standard output: the only way to what the browser itself complains of.
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
        // Closing the last tab of a process breaks off the page's farewell, on a machine that is busy enough.
        "dom.abort_script_on_child_shutdown": false,
        // A page in a window that is not in front keeps its timers.
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

/// Script errors of the page itself in the browser's output.
pub fn complaints(output: &str, origin: &str) -> Vec<String> {
    let own = format!("JavaScript error: {origin}");
    output.lines().filter(|line| line.starts_with(&own)).map(str::to_owned).collect()
}
