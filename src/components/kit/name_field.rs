//! A form with one name field. The name is validated before it is sent, only one request runs at a time, and
//! an error is shown below the field.

use super::each::{flag, text};
use crate::words::{Word, fill, say};
use leptos::{ev, html::Input, prelude::*, task::spawn_local};
use parley_protocol::text::{self as rules, TextError};
use std::pin::Pin;

/// The running request of a form; its error is the sentence to show.
type Sent = Pin<Box<dyn Future<Output = Result<(), String>>>>;

#[derive(Clone, Copy)]
pub struct NameForm {
    field: NodeRef<Input>,
    trouble: RwSignal<String>,
    busy: RwSignal<bool>,
    /// The error for an empty field.
    missing: Word,
}

impl NameForm {
    pub fn new(missing: Word) -> Self {
        Self {
            field: NodeRef::new(),
            trouble: RwSignal::new(String::new()),
            busy: RwSignal::new(false),
            missing,
        }
    }

    /// Returns the typed name if it is valid and no request is running; shows the error if it is invalid.
    pub fn typed(self, event: &ev::SubmitEvent) -> Option<String> {
        event.prevent_default();
        let typed = self.field.get_untracked().map(|field| field.value()).unwrap_or_default();
        match rules::display_name(&typed) {
            Ok(name) => (!self.busy.get_untracked()).then_some(name),
            Err(error) => {
                self.trouble.set(match error {
                    TextError::Empty => say(self.missing).to_owned(),
                    TextError::TooLong { max_chars } => {
                        fill(Word::AtMostCharacters, &[("n", &max_chars.to_string())])
                    }
                });
                self.focus();
                None
            }
        }
    }

    /// Runs the request of the form, and shows its error.
    pub fn send(self, work: impl Future<Output = Result<(), String>> + 'static) {
        self.start(Box::pin(work));
    }

    /// Returns the `aria-busy` value of the submit button.
    pub fn busy(self) -> Signal<String> {
        flag(move || self.busy.get())
    }

    /// Moves the focus to the field when it is mounted.
    pub fn focus_on_mount(self) {
        Effect::new(move |_| {
            if self.field.get().is_some() {
                self.focus();
            }
        });
    }

    fn focus(self) {
        if let Some(field) = self.field.get_untracked() {
            let _ = field.focus();
        }
    }

    fn start(self, work: Sent) {
        self.busy.set(true);
        self.trouble.set(String::new());
        spawn_local(async move {
            if let Err(sentence) = work.await {
                self.trouble.try_set(sentence);
            }
            self.busy.try_set(false);
        });
    }
}

#[component]
pub fn NameField(
    of: NameForm,
    id: &'static str,
    label: Word,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(into, default = String::new())] value: String,
) -> impl IntoView {
    let trouble = of.trouble;
    let told = format!("{id}-trouble");
    view! {
        <div class="field">
            <label for=id>{say(label)}</label>
            <input
                id=id
                class="input"
                type="text"
                autocomplete=autocomplete
                spellcheck="false"
                enterkeyhint="go"
                node_ref=of.field
                prop:value=value
                aria-invalid=flag(move || !trouble.with(String::is_empty))
                aria-describedby=told.clone()
                on:input=move |_| trouble.set(String::new())
            />
            <p id=told class="field-trouble" role="alert">
                {text(move || trouble.get())}
            </p>
        </div>
    }
}
