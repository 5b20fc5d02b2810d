//! Views of a page: the size, input and theme of a device, with all animations at rest.

use crate::{eventually, user::User};
use anyhow::{Context, Result, ensure};
use fantoccini::wd::WebDriverCompatibleCommand;
use serde_json::{Value, json};

/// A device through which a page is viewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    pub name: &'static str,
    width: u32,
    height: u32,
    dark: bool,
    /// Whether the input is a finger, without mouse and keys.
    touch: bool,
}

pub const DESK_LIGHT: View = View { name: "desk-light", width: 1280, height: 800, dark: false, touch: false };
pub const DESK_DARK: View = View { name: "desk-dark", width: 1280, height: 800, dark: true, touch: false };
pub const PHONE_LIGHT: View = View { name: "phone-light", width: 390, height: 844, dark: false, touch: true };
pub const PHONE_DARK: View = View { name: "phone-dark", width: 390, height: 844, dark: true, touch: true };
/// The narrowest view that everything has to fit into; a desktop at 400 % shows as much.
pub const NARROW: View = View { name: "narrow", width: 320, height: 640, dark: false, touch: false };
/// The narrowest view in which list and conversation stand side by side.
pub const BESIDE: View = View { name: "beside", width: 768, height: 600, dark: false, touch: false };
/// A desktop view at 200 %.
pub const ENLARGED: View = View { name: "enlarged", width: 640, height: 400, dark: false, touch: false };

/// A script that ends when the window has its width and the animations that follow have finished. What the
/// program lays out begins to move a frame later, hence the three rounds; endless animations, as where people
/// talk, are ignored.
const AT_REST: &str = "
    const [width, done] = arguments;
    const ends = (animation) => animation.effect?.getComputedTiming().iterations !== Infinity;
    const frames = () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    const rest = async () => {
        do await frames(); while (innerWidth !== width);
        for (let turn = 0; turn < 3; turn += 1) {
            const moving = document.getAnimations().filter(ends);
            await Promise.all(moving.map((animation) => animation.finished.catch(() => {})));
            await frames();
        }
        done(true);
    };
    rest();
";
/// A script that returns the elements that reach beyond the right edge or can be scrolled sideways; none are
/// meant to.
const TOO_WIDE: &str = "
    const limit = document.documentElement.clientWidth + 1;
    const style = (element) => getComputedStyle(element).overflowX;
    // A smaller box cuts its content off on purpose; decoration does not count either.
    const cut = (element) => element && element !== document.documentElement
        && (style(element) !== 'visible' && element.clientWidth < limit - 1 || cut(element.parentElement));
    const beyond = (element) => element.getBoundingClientRect().right > limit && !cut(element.parentElement)
        && !element.closest('[aria-hidden=true], svg, video');
    const pushed = (element) => ['auto', 'scroll'].includes(style(element))
        && element.scrollWidth > element.clientWidth + 1;
    return [...document.body.querySelectorAll('*')]
        .filter((element) => element.checkVisibility() && (beyond(element) || pushed(element)))
        .map((element) => `${element.tagName.toLowerCase()}.${element.className}: ${element.scrollWidth} wide`);
";

impl User {
    /// Shows the page as on another device. Chromium only.
    pub async fn look(&self, view: View) -> Result<()> {
        let size =
            json!({ "width": view.width, "height": view.height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await?;
        let fingers = json!({ "enabled": view.touch, "maxTouchPoints": 5 });
        self.devtools("Emulation.setTouchEmulationEnabled", fingers).await?;
        let theme = if view.dark { "dark" } else { "light" };
        let features = json!([{ "name": "prefers-color-scheme", "value": theme }]);
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await?;
        self.later(AT_REST, vec![json!(view.width)]).await?;
        Ok(())
    }

    /// Turns the browser into a phone: high and narrow, with fingers instead of a mouse. Chromium only.
    pub async fn hold_phone(&self) -> Result<()> {
        let size = json!({ "width": PHONE_LIGHT.width, "height": PHONE_LIGHT.height, "deviceScaleFactor": 2, "mobile": true });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await?;
        let touch = json!({ "enabled": true, "maxTouchPoints": 5 });
        self.devtools("Emulation.setTouchEmulationEnabled", touch).await?;
        self.later(AT_REST, vec![json!(PHONE_LIGHT.width)]).await?;
        Ok(())
    }

    /// Freezes the page, as a laptop whose lid is shut, or resumes it. Chromium only.
    pub async fn shut_lid(&self, shut: bool) -> Result<()> {
        let state = if shut { "frozen" } else { "active" };
        self.devtools("Page.setWebLifecycleState", json!({ "state": state })).await?;
        Ok(())
    }

    /// Checks that nothing reaches beyond the edge of the window.
    pub async fn fits(&self) -> Result<()> {
        let wide = self.script(TOO_WIDE, vec![]).await?;
        ensure!(wide.as_array().is_some_and(Vec::is_empty), "too wide: {wide}");
        Ok(())
    }

    /// Grants the permission to show system notifications.
    pub async fn allow_notices(&self) -> Result<()> {
        let allowed = json!({ "origin": self.origin(), "permissions": ["notifications"] });
        self.devtools("Browser.grantPermissions", allowed).await.map(drop)
    }

    /// Minimizes the window and waits until the page is hidden.
    pub async fn put_away(&self) -> Result<()> {
        self.browser.client.minimize_window().await?;
        self.hidden(true).await
    }

    pub async fn bring_back(&self) -> Result<()> {
        self.resize(800, 640).await?;
        self.hidden(false).await
    }

    async fn hidden(&self, hidden: bool) -> Result<()> {
        eventually("the browser to say whether it is seen", async || {
            let now = self.script("return document.hidden", vec![]).await?;
            ensure!(now == hidden, "{now}");
            Ok(())
        })
        .await
    }

    /// Runs a script that calls its last argument when it is done.
    pub async fn later(&self, body: &str, args: Vec<Value>) -> Result<Value> {
        let client = &self.browser.client;
        client.execute_async(body, args).await.with_context(|| format!("script at {}'s", self.name))
    }

    pub(crate) async fn devtools(&self, cmd: &'static str, params: Value) -> Result<Value> {
        Ok(self.browser.client.issue_cmd(Devtools { cmd, params }).await?)
    }
}

#[derive(Debug)]
struct Devtools {
    cmd: &'static str,
    params: Value,
}

impl WebDriverCompatibleCommand for Devtools {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({ "cmd": self.cmd, "params": self.params }).to_string()))
    }
}
