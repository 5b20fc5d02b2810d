//! A person at a browser: finds things by what they are called, and does what a hand can do.

use crate::{
    browser::{Browser, Kind, Media},
    stats::Sample,
    wait::{eventually, within},
};
use anyhow::{Context, Result, anyhow, bail, ensure};
use fantoccini::{
    Client,
    actions::{InputSource, KeyAction, KeyActions},
    elements::{Element, ElementRef},
    wd::{WebDriverCompatibleCommand, WindowHandle},
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{path::Path, time::Duration};

const ELEMENT_KEY: &str = "element-6066-11e4-a52e-4f735466cecf";

/// How an element is recognised among those of its role.
#[derive(Debug, Clone, Copy)]
pub enum Named<'a> {
    Is(&'a str),
    Starts(&'a str),
    Any,
    /// By the text inside rather than by its name.
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

/// An element as the page's own walk (`page/aria.js`) sees it.
#[derive(Debug)]
struct Found {
    element: Element,
    role: String,
    name: String,
}

/// A track that the page has had from camera or microphone.
#[derive(Debug, Clone, Deserialize)]
pub struct Track {
    pub kind: String,
    pub label: String,
    pub state: String,
    pub enabled: bool,
}

/// What the person saw of the other's picture since their last click.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    pub click: Option<f64>,
    pub clicked: Option<String>,
    pub first: Option<f64>,
    pub count: u64,
    pub worst_gap: f64,
}

/// One console line, or an uncaught error.
#[derive(Debug, Clone, Deserialize)]
pub struct Line {
    pub level: String,
    pub at: f64,
    pub path: String,
    pub text: String,
}

impl User {
    pub async fn start(name: &str, kind: Kind, media: Media, origin: &str, folder: &Path) -> Result<Self> {
        let log = folder.join(format!("{name}-browser.log"));
        let browser =
            Browser::start(kind, media, origin, &log).await.with_context(|| format!("{name}'s browser"))?;
        Ok(Self { name: name.to_owned(), browser, origin: origin.to_owned() })
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

    /// Closes the window as a hand does; the page may say its last words.
    pub async fn close_window(&self) -> Result<()> {
        Ok(self.client().close_window().await?)
    }

    /// Waits for one visible element and clicks it. Retries while it moves or is covered.
    pub async fn click(&self, role: &str, name: impl Into<Named<'_>>) -> Result<()> {
        let name = name.into();
        eventually(self.words("click", role, name), async || {
            let found = self.one(role, name).await?;
            self.verify(&found).await?;
            Ok(found.element.click().await?)
        })
        .await
    }

    /// Types into a field as a keyboard does, in place of what was there.
    pub async fn type_into(&self, role: &str, name: impl Into<Named<'_>>, text: &str) -> Result<()> {
        let name = name.into();
        eventually(self.words("type into", role, name), async || {
            let field = self.one(role, name).await?;
            self.verify(&field).await?;
            field.element.clear().await?;
            Ok(field.element.send_keys(text).await?)
        })
        .await
    }

    /// Presses a key wherever the focus is. Keys beyond characters are `WebDriver`'s code points.
    pub async fn press(&self, key: char) -> Result<()> {
        let keys = KeyActions::new("keyboard".into())
            .then(KeyAction::Down { value: key })
            .then(KeyAction::Up { value: key });
        self.client().perform_actions(keys).await?;
        Ok(())
    }

    /// Waits until there is such an element.
    pub async fn sees(&self, role: &str, name: impl Into<Named<'_>>) -> Result<()> {
        let name = name.into();
        eventually(self.words("see", role, name), async || self.find(role, name).await.map(drop)).await
    }

    pub async fn sees_within(
        &self,
        patience: Duration,
        role: &str,
        name: impl Into<Named<'_>>,
    ) -> Result<()> {
        let name = name.into();
        within(patience, self.words("see", role, name), async || self.find(role, name).await.map(drop)).await
    }

    /// Waits until there is no such element.
    pub async fn misses(&self, role: &str, name: impl Into<Named<'_>>) -> Result<()> {
        let name = name.into();
        eventually(self.words("no longer see", role, name), async || {
            ensure!(!self.has(role, name).await?, "it is still there");
            Ok(())
        })
        .await
    }

    /// Whether there is such an element at this moment.
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

    /// Everything the page shows, white space folded.
    pub async fn text(&self) -> Result<String> {
        let text =
            self.client().execute("return document.body.innerText.replace(/\\s+/g, ' ')", vec![]).await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Text or value of the one element.
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

    /// Runs a script in the page. For measuring and for what no hand can do; never in place of a click.
    pub async fn script(&self, body: &str, args: Vec<Value>) -> Result<Value> {
        self.client().execute(body, args).await.with_context(|| format!("script at {}'s", self.name))
    }

    async fn harness<T: serde::de::DeserializeOwned>(&self, question: &str) -> Result<T> {
        let answer = self.script(&format!("return window.__harness.{question}()"), vec![]).await?;
        serde_json::from_value(answer).with_context(|| format!("{question} at {}'s", self.name))
    }

    pub async fn stats(&self) -> Result<Sample> {
        self.harness("stats").await
    }

    pub async fn raw_stats(&self) -> Result<Value> {
        self.harness("rawStats").await
    }

    pub async fn tracks(&self) -> Result<Vec<Track>> {
        self.harness("tracks").await
    }

    pub async fn captures(&self) -> Result<Value> {
        self.harness("captures").await
    }

    pub async fn shown(&self) -> Result<Shown> {
        self.harness("shown").await
    }

    /// Console lines of this window since they were last asked for.
    pub async fn console(&self) -> Result<Vec<Line>> {
        self.harness("drain").await
    }

    pub async fn screenshot(&self) -> Result<Vec<u8>> {
        Ok(self.client().screenshot().await?)
    }

    pub async fn windows(&self) -> Result<Vec<WindowHandle>> {
        Ok(self.client().windows().await?)
    }

    fn words(&self, verb: &str, role: &str, name: Named<'_>) -> String {
        format!("{} to {verb} {role} {name:?}", self.name)
    }

    /// At least one.
    async fn find(&self, role: &str, name: Named<'_>) -> Result<Found> {
        match self.all(role, name).await?.pop() {
            Some(found) => Ok(found),
            None => Err(anyhow!("no such element on {}: {}", self.path().await?, self.text().await?)),
        }
    }

    /// Exactly one: a person would not know which of two to take either.
    async fn one(&self, role: &str, name: Named<'_>) -> Result<Found> {
        let found = self.find(role, name).await?;
        let count = self.all(role, name).await?.len();
        ensure!(count == 1, "{count} elements are {role} {name:?}");
        Ok(found)
    }

    async fn all(&self, role: &str, name: Named<'_>) -> Result<Vec<Found>> {
        let (how, wanted) = match name {
            Named::Is(name) => ("is", name),
            Named::Starts(name) => ("starts", name),
            Named::Says(text) => ("text", text),
            Named::Any => ("any", ""),
        };
        let args = vec![json!(role), json!(how), json!(wanted)];
        let Value::Array(found) = self.script(include_str!("page/aria.js"), args).await? else {
            bail!("the page's walk gave no list");
        };
        found
            .into_iter()
            .map(|entry| {
                let id = entry["element"][ELEMENT_KEY].as_str().context("no element")?;
                let element =
                    Element::from_element_id(self.client().clone(), ElementRef::from(id.to_owned()));
                let text = |field: &str| entry[field].as_str().unwrap_or_default().to_owned();
                Ok(Found { element, role: text("role"), name: text("name") })
            })
            .collect()
    }

    /// The browser's own accessibility tree must agree with what the walk found.
    async fn verify(&self, found: &Found) -> Result<()> {
        let ask = async |what: &'static str| {
            let answer =
                self.client().issue_cmd(Computed { what, element: found.element.element_id() }).await?;
            Ok::<_, anyhow::Error>(
                answer.as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" "),
            )
        };
        let (role, name) = (ask("role").await?, ask("label").await?);
        ensure!(role == found.role, "the browser computes role {role} for {}", found.role);
        ensure!(name == found.name, "the browser computes name \"{name}\" for \"{}\"", found.name);
        Ok(())
    }
}

/// `GET …/computedrole` and `…/computedlabel`.
#[derive(Debug)]
struct Computed {
    what: &'static str,
    element: ElementRef,
}

impl WebDriverCompatibleCommand for Computed {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> std::result::Result<url::Url, url::ParseError> {
        let (session, element) = (session.unwrap_or_default(), &*self.element);
        base.join(&format!("session/{session}/element/{element}/computed{}", self.what))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::GET, None)
    }
}
