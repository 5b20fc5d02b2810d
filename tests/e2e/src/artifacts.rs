//! The traces of a failed scenario: what every participant saw, and what page, browser and server logged.

use crate::{places, scenario::World, user::User};
use anyhow::Result;
use std::{
    fs,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

/// Writes screenshots, consoles, statistics and logs into a folder and returns it. Whatever cannot be read
/// any more is left out, since the reason of the failure matters more.
pub async fn save(world: &World, reason: &str) -> Result<PathBuf> {
    let time = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let folder =
        places::failures().join(format!("{}-{time}", world.name.replace("::", "-").replace(' ', "-")));
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("reason.txt"), reason)?;
    for user in world.users() {
        let _ = tokio::time::timeout(std::time::Duration::from_secs(20), person(&user, &folder)).await;
    }
    fs::write(folder.join("requests.txt"), world.requests())?;
    fs::write(folder.join("closed-pages.txt"), world.front.last_words().join("\n"))?;
    copy(&world.server_log(), &folder.join("server.log"));
    Ok(folder)
}

/// Writes the traces of one person, from each of their windows.
async fn person(user: &User, folder: &Path) -> Result<()> {
    for (number, window) in user.windows().await.unwrap_or_default().into_iter().enumerate() {
        let file = |what: &str| folder.join(format!("{}-{number}-{what}", user.name));
        if user.switch(&window).await.is_err() {
            continue;
        }
        if let Ok(png) = user.screenshot().await {
            fs::write(file("screen.png"), png)?;
        }
        if let Ok(lines) = user.console().await {
            let lines: Vec<String> = lines
                .iter()
                .map(|line| format!("{:.0} {} {} {}", line.at, line.level, line.path, line.text))
                .collect();
            fs::write(file("console.txt"), lines.join("\n"))?;
        }
        if let Ok(stats) = user.raw_stats().await {
            fs::write(file("stats.json"), serde_json::to_string_pretty(&stats)?)?;
        }
        if let (Ok(tracks), Ok(captures)) = (user.tracks().await, user.captures().await) {
            fs::write(file("media.txt"), format!("{tracks:#?}\n{captures:#}"))?;
        }
        if let Ok(html) = user.script("return document.documentElement.outerHTML", vec![]).await {
            fs::write(file("page.html"), html.as_str().unwrap_or_default())?;
        }
    }
    fs::write(folder.join(format!("{}-browser.log", user.name)), user.browser.output()?)?;
    Ok(())
}

fn copy(from: &Path, to: &Path) {
    let _ = fs::copy(from, to);
}
