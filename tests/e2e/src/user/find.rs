//! Finding elements by role and accessible name, among those that are visible.

use super::{Named, User};
use anyhow::{Context, Result, bail, ensure};
use fantoccini::{
    elements::{Element, ElementRef},
    wd::WebDriverCompatibleCommand,
};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

const ELEMENT_KEY: &str = "element-6066-11e4-a52e-4f735466cecf";

/// An element as found by the script in the page (`page/aria.js`).
#[derive(Debug)]
pub(super) struct Found {
    pub element: Element,
    role: String,
    name: String,
}

impl User {
    /// Finds an element; there may be several.
    pub(super) async fn find(&self, role: &str, name: Named<'_>) -> Result<Found> {
        self.all(role, name).await?.pop().context("there is no such element")
    }

    /// Finds the only such element; a person would not know which of two to take either.
    pub(super) async fn one(&self, role: &str, name: Named<'_>) -> Result<Found> {
        let mut found = self.all(role, name).await?;
        ensure!(found.len() < 2, "{} elements are {role} {name:?}", found.len());
        found.pop().context("there is no such element")
    }

    pub(super) async fn all(&self, role: &str, name: Named<'_>) -> Result<Vec<Found>> {
        let (how, wanted) = match name {
            Named::Is(name) => ("is", name),
            Named::Starts(name) => ("starts", name),
            Named::Says(text) => ("text", text),
            Named::Any => ("any", ""),
        };
        let args = vec![json!(role), json!(how), json!(wanted)];
        let Value::Array(found) = self.script(include_str!("../page/aria.js"), args).await? else {
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

    /// Checks that the browser's own accessibility tree agrees with the script. Each role and name is asked
    /// only once per kind of browser, since the browser builds the whole tree for each answer.
    pub(super) async fn verify(&self, found: &Found) -> Result<()> {
        static AGREED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
        let question = format!("{} {} {}", self.kind(), found.role, found.name);
        if locked(&AGREED).contains(&question) {
            return Ok(());
        }
        let ask = async |what: &'static str| {
            let answer =
                self.client().issue_cmd(Computed { what, element: found.element.element_id() }).await?;
            Ok::<_, anyhow::Error>(
                answer.as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" "),
            )
        };
        let (role, name) = (ask("role").await?, ask("label").await?);
        // For `summary`, each browser computes a role of its own.
        let opens = role != found.role && found.element.tag_name().await? == "summary";
        ensure!(role == found.role || opens, "the browser computes role {role} for {}", found.role);
        ensure!(name == found.name, "the browser computes name \"{name}\" for \"{}\"", found.name);
        locked(&AGREED).insert(question);
        Ok(())
    }
}

fn locked(set: &Mutex<BTreeSet<String>>) -> MutexGuard<'_, BTreeSet<String>> {
    set.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The commands `GET …/computedrole` and `…/computedlabel`.
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
