//! Chromium: its start options, its log and its traces.

use super::Media;
use crate::{places, portrait};
use anyhow::Result;
use fantoccini::{
    Client,
    wd::{Capabilities, WebDriverCompatibleCommand},
};
use serde_json::{Value, json};
use std::path::Path;

const ARGS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--window-size=800,640",
    // The windows of one person may cover one another, and none may be throttled for that.
    "--disable-backgrounding-occluded-windows",
    "--disable-features=WebRtcHideLocalIpsWithMdns,CalculateNativeWinOcclusion",
];

pub fn capabilities(media: Media, origin: &str, profile: &Path) -> Result<Capabilities> {
    let mut args: Vec<String> = ARGS.iter().map(|&arg| arg.to_owned()).collect();
    args.push(format!("--user-data-dir={}", profile.join("chromium").display()));
    let mut prefs = json!({
        "credentials_enable_service": false,
        // Without this, the first page waits for the browser's own start page.
        "session": { "restore_on_startup": 4, "startup_urls": ["about:blank"] },
    });
    match media {
        Media::Fake | Media::Speaking | Media::Portrait(_) | Media::Traced(_) => {
            args.push("--use-fake-device-for-media-stream".into());
            args.push("--use-fake-ui-for-media-stream".into());
            if media == Media::Speaking {
                let voice = profile.join("voice.wav");
                std::fs::write(&voice, tone())?;
                args.push(format!("--use-file-for-fake-audio-capture={}", voice.display()));
            }
            if let Media::Portrait(who) | Media::Traced(who) = media {
                let film = profile.join("portrait.y4m");
                portrait::write(&film, who)?;
                args.push(format!("--use-file-for-fake-video-capture={}", film.display()));
            }
        }
        Media::TwoCameras => {
            // The second fake device is a depth camera, which no call shows; `hide` removes it from the list.
            args.push("--use-fake-device-for-media-stream=device-count=3".into());
            args.push("--use-fake-ui-for-media-stream".into());
        }
        Media::CameraDenied => {
            args.push("--use-fake-device-for-media-stream".into());
            // The entries that the site settings write when a person blocks one device and allows the other.
            let site = |setting: u8| json!({ format!("{origin},*"): { "setting": setting } });
            prefs["profile"] = json!({ "content_settings": { "exceptions": {
                "media_stream_camera": site(2), "media_stream_mic": site(1) } } });
        }
        Media::NoDevices => args.push("--use-fake-ui-for-media-stream".into()),
    }
    let mut options = json!({ "binary": places::chromium()?, "args": args, "prefs": prefs });
    let mut logs = json!({ "browser": "ALL" });
    if matches!(media, Media::Traced(_)) {
        logs["performance"] = "ALL".into();
        options["perfLoggingPrefs"] =
            json!({ "enableNetwork": false, "enablePage": false, "traceCategories": "devtools.timeline" });
    }
    let capabilities = json!({
        "browserName": "chrome",
        "goog:chromeOptions": options,
        "goog:loggingPrefs": logs,
        "unhandledPromptBehavior": "accept",
    });
    Ok(capabilities.as_object().cloned().unwrap_or_default())
}

/// Returns one second of a sawtooth at 200 Hz as a WAV file, which the browser repeats.
fn tone() -> Vec<u8> {
    const RATE: u32 = 48_000;
    let samples = (0..RATE).map(|n| i16::try_from(n % 240).unwrap_or(0) * 60);
    let data: Vec<u8> = samples.flat_map(i16::to_le_bytes).collect();
    let length = RATE * 2;
    let mut file = Vec::with_capacity(data.len() + 44);
    file.extend(b"RIFF");
    file.extend((length + 36).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    // PCM, one channel.
    file.extend([1, 0, 1, 0]);
    file.extend(RATE.to_le_bytes());
    file.extend((RATE * 2).to_le_bytes());
    // Two bytes per sample, sixteen bits.
    file.extend([2, 0, 16, 0]);
    file.extend(b"data");
    file.extend(length.to_le_bytes());
    file.extend(data);
    file
}

/// Returns warnings and errors of the browser's log since the last call.
pub async fn complaints(client: &Client) -> Result<Vec<String>> {
    let Value::Array(entries) = client.issue_cmd(Log("browser")).await? else { return Ok(Vec::new()) };
    let bad = |entry: &&Value| matches!(entry["level"].as_str(), Some("SEVERE" | "WARNING"));
    // The page's own `console` calls are collected in the page, with their level.
    let own = |entry: &&Value| entry["source"] != "console-api";
    Ok(entries
        .iter()
        .filter(bad)
        .filter(own)
        .map(|entry| format!("{}: {}", entry["source"], entry["message"]))
        .collect())
}

/// Returns the trace events since the last call.
pub async fn trace(client: &Client) -> Result<Vec<Value>> {
    // The first request makes the browser flush its trace; the answer to the second contains it.
    let mut entries = Vec::new();
    for _ in 0..2 {
        if let Value::Array(some) = client.issue_cmd(Log("performance")).await? {
            entries.extend(some);
        }
    }
    let event = |entry: Value| {
        let mut line: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
        let message = &mut line["message"];
        (message["method"] == "Tracing.dataCollected").then(|| message["params"].take())
    };
    Ok(entries.into_iter().filter_map(event).collect())
}

/// The command that reads one of chromedriver's logs.
#[derive(Debug)]
struct Log(&'static str);

impl WebDriverCompatibleCommand for Log {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> std::result::Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({ "type": self.0 }).to_string()))
    }
}
