//! A person at a browser, who finds elements by role and name and uses mouse, keyboard and finger.

mod find;
mod observed;

pub use observed::{Line, Shown, Track};

use crate::{
    browser::{Browser, Kind},
    wait::{PATIENCE, eventually, within},
};
use anyhow::{Context, Result, anyhow, ensure};
use fantoccini::{
    Client,
    actions::{InputSource, KeyAction, KeyActions, PointerAction, TouchActions},
    wd::WindowHandle,
};
use serde_json::Value;
use std::time::Duration;

/// The condition that selects an element among those of its role.
#[derive(Debug, Clone, Copy)]
pub enum Named<'a> {
    Is(&'a str),
    Starts(&'a str),
    Any,
    /// The text inside the element, rather than its name.
    Says(&'a str),
}

impl<'a> From<&'a str> for Named<'a> {
    fn from(name: &'a str) -> Self {
        Self::Is(name)
    }
}

#[derive(Debug)]
pub struct User {
    pub name: String,
    pub browser: Browser,
    origin: String,
}

impl User {
    pub fn new(name: &str, origin: &str, browser: Browser) -> Self {
        Self { name: name.to_owned(), browser, origin: origin.to_owned() }
    }

    fn client(&self) -> &Client {
        &self.browser.client
    }

    pub fn kind(&self) -> Kind {
        self.browser.kind
    }

    pub fn origin(&self) -> &str {
        &self.origin
    }

    pub async fn go(&self, path: &str) -> Result<()> {
        Ok(self.client().goto(&format!("{}{path}", self.origin)).await?)
    }

    pub async fn path(&self) -> Result<String> {
        Ok(self.client().current_url().await?.path().to_owned())
    }

    /// Opens another window on `path` and goes to it.
    pub async fn open_window(&self, path: &str) -> Result<WindowHandle> {
        let window = self.client().new_window(false).await?.handle;
        self.switch(&window).await?;
        self.go(path).await?;
        Ok(window)
    }

    pub async fn window(&self) -> Result<WindowHandle> {
        Ok(self.client().window().await?)
    }

    pub async fn switch(&self, window: &WindowHandle) -> Result<()> {
        Ok(self.client().switch_to_window(window.clone()).await?)
    }

    /// Closes the window as a person does, so that the page's unload handlers run.
    pub async fn close_window(&self) -> Result<()> {
        Ok(self.client().close_window().await?)
    }

    /// Waits for exactly one such visible element and clicks it. Retries while it moves or is covered.
    pub async fn click(&self, role: &str, name: impl Into<Named<'_>>) -> Result<()> {
        let name = name.into();
        self.patiently(PATIENCE, self.words("click", role, name), async || {
            let found = self.one(role, name).await?;
            self.verify(&found).await?;
            Ok(found.element.click().await?)
        })
        .await
    }

    /// Types into a field in place of its content.
    pub async fn type_into(&self, role: &str, name: impl Into<Named<'_>>, text: &str) -> Result<()> {
        let name = name.into();
        self.patiently(PATIENCE, self.words("type into", role, name), async || {
            let field = self.one(role, name).await?;
            self.verify(&field).await?;
            field.element.clear().await?;
            Ok(field.element.send_keys(text).await?)
        })
        .await
    }

    /// Presses and releases a key wherever the focus is. Keys other than characters are `WebDriver`'s code
    /// points.
    pub async fn press(&self, key: char) -> Result<()> {
        let keys = KeyActions::new("keyboard".into())
            .then(KeyAction::Down { value: key })
            .then(KeyAction::Up { value: key });
        self.client().perform_actions(keys).await?;
        Ok(())
    }

    /// Presses a key without releasing it.
    pub async fn hold(&self, key: char) -> Result<()> {
        let keys = KeyActions::new("keyboard".into()).then(KeyAction::Down { value: key });
        Ok(self.client().perform_actions(keys).await?)
    }

    pub async fn let_go(&self, key: char) -> Result<()> {
        let keys = KeyActions::new("keyboard".into()).then(KeyAction::Up { value: key });
        Ok(self.client().perform_actions(keys).await?)
    }

    /// Waits until there is such an element.
    pub async fn sees(&self, role: &str, name: impl Into<Named<'_>>) -> Result<()> {
        let name = name.into();
        self.patiently(PATIENCE, self.words("see", role, name), async || {
            self.find(role, name).await.map(drop)
        })
        .await
    }

    pub async fn sees_within(
        &self,
        patience: Duration,
        role: &str,
        name: impl Into<Named<'_>>,
    ) -> Result<()> {
        let name = name.into();
        self.patiently(patience, self.words("see", role, name), async || {
            self.find(role, name).await.map(drop)
        })
        .await
    }

    /// Waits until there is no such element.
    pub async fn misses(&self, role: &str, name: impl Into<Named<'_>>) -> Result<()> {
        let name = name.into();
        self.patiently(PATIENCE, self.words("no longer see", role, name), async || {
            ensure!(!self.has(role, name).await?, "it is still there");
            Ok(())
        })
        .await
    }

    /// Tells whether there is such an element at this moment.
    pub async fn has(&self, role: &str, name: impl Into<Named<'_>>) -> Result<bool> {
        Ok(!self.all(role, name.into()).await?.is_empty())
    }

    /// Waits until the page shows a text.
    pub async fn reads(&self, text: &str) -> Result<()> {
        eventually(format!("{} to read \"{text}\"", self.name), async || {
            let body = self.text().await?;
            ensure!(body.contains(text), "the page says: {body}");
            Ok(())
        })
        .await
    }

    /// Returns the text that the page shows, with white space folded.
    pub async fn text(&self) -> Result<String> {
        let text =
            self.client().execute("return document.body.innerText.replace(/\\s+/g, ' ')", vec![]).await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Returns the value of the element, or its text if it has none.
    pub async fn content(&self, role: &str, name: impl Into<Named<'_>>) -> Result<String> {
        let element = self.find(role, name.into()).await?.element;
        if let Some(value) = element.prop("value").await?.filter(|value| !value.is_empty()) {
            return Ok(value);
        }
        Ok(element.text().await?)
    }

    pub async fn attribute(
        &self,
        role: &str,
        name: impl Into<Named<'_>>,
        attribute: &str,
    ) -> Result<Option<String>> {
        Ok(self.find(role, name.into()).await?.element.attr(attribute).await?)
    }

    /// Runs a script in the page, to measure or to do what no person can. Never used in place of a click.
    pub async fn script(&self, body: &str, args: Vec<Value>) -> Result<Value> {
        self.client().execute(body, args).await.with_context(|| format!("script at {}'s", self.name))
    }

    /// Sends a request in this person's name, as their page would. Never used in place of a click.
    pub async fn request(&self, method: &str, path: &str, body: &Value) -> Result<Value> {
        let ask = "const [method, path, body] = arguments;
            const text = body === null ? undefined : JSON.stringify(body);
            const headers = text ? { 'content-type': 'application/json' } : {};
            return fetch(path, { method, headers, body: text }).then(async (answer) => {
                if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
                return answer.status === 204 ? null : answer.json();
            });";
        self.script(ask, vec![method.into(), path.into(), body.clone()]).await
    }

    /// Resizes the window; the size includes its bars.
    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        Ok(self.client().set_window_size(width, height).await?)
    }

    /// Drags a finger from one point to another.
    pub async fn drag(&self, from: (f64, f64), to: (f64, f64)) -> Result<()> {
        let step = |(x, y)| PointerAction::MoveTo { duration: Some(Duration::from_millis(150)), x, y };
        let finger = TouchActions::new("finger".into())
            .then(step(from))
            .then(PointerAction::Down { button: 0 })
            .then(step(to))
            .then(PointerAction::Up { button: 0 });
        Ok(self.client().perform_actions(finger).await?)
    }

    pub async fn screenshot(&self) -> Result<Vec<u8>> {
        Ok(self.client().screenshot().await?)
    }

    pub async fn windows(&self) -> Result<Vec<WindowHandle>> {
        Ok(self.client().windows().await?)
    }

    /// Waits until the check succeeds. If it never does, the error includes the page's text, which is read
    /// only then.
    async fn patiently(
        &self,
        patience: Duration,
        what: String,
        check: impl AsyncFnMut() -> Result<()>,
    ) -> Result<()> {
        match within(patience, what, check).await {
            Ok(()) => Ok(()),
            Err(error) => Err(anyhow!("{error:#} on {}: {}", self.path().await?, self.text().await?)),
        }
    }

    fn words(&self, verb: &str, role: &str, name: Named<'_>) -> String {
        format!("{} to {verb} {role} {name:?}", self.name)
    }
}
