//! The settings page: the list of sections, and one of them beside it, or alone on a phone.

mod appearance;
mod devices;
mod keyboard;
mod notices;
mod privacy;
mod profile;
mod ringing;
mod sessions;

use crate::{
    components::kit::{
        back_link::BackLink,
        icon::{Glyph, Icon},
    },
    router::{Route, Section},
    words::{Word, say},
};
use leptos::prelude::*;

#[component]
pub fn SettingsPage(section: Option<Section>) -> impl IntoView {
    // Without a section in the address, the first one is open beside the list where there is room for both.
    let open = section.unwrap_or(Section::Profile);
    let (_, heading, _) = of(open);
    view! {
        <div class="settings" data-open=section.is_some().to_string()>
            <div class="settings-nav">
                <header class="settings-head">
                    <BackLink to=Route::Home label=say(Word::BackToConversations) phone_only=true />
                    <h1>{say(Word::Settings)}</h1>
                </header>
                <nav aria-label=say(Word::Settings)>
                    <ul class="rows">
                        {Section::ALL.map(|each| view! { <Entry section=each here=each == open /> })}
                    </ul>
                </nav>
            </div>
            <section class="settings-body" aria-labelledby="settings-heading">
                <header class="settings-head">
                    <BackLink to=Route::Settings(None) label=say(Word::BackToSettings) phone_only=true />
                    <h1 id="settings-heading">{say(heading)}</h1>
                </header>
                {body(open)}
            </section>
        </div>
    }
}

#[component]
fn Entry(section: Section, here: bool) -> impl IntoView {
    let (glyph, label, means) = of(section);
    view! {
        <li>
            <a
                class="row"
                href=Route::Settings(Some(section)).path()
                aria-current=if here { "page" } else { "false" }
            >
                <Icon of=glyph />
                <span class="row-text">
                    <span class="row-title">{say(label)}</span>
                    " "
                    <span class="row-preview">{say(means)}</span>
                </span>
                <Icon of=Glyph::ChevronRight />
            </a>
        </li>
    }
}

fn of(section: Section) -> (Glyph, Word, Word) {
    match section {
        Section::Profile => (Glyph::User, Word::SettingsProfile, Word::SettingsProfileMeans),
        Section::Devices => (Glyph::Mic, Word::SettingsDevices, Word::SettingsDevicesMeans),
        Section::Ringing => (Glyph::Bell, Word::SettingsRinging, Word::SettingsRingingMeans),
        Section::Appearance => (Glyph::Sun, Word::SettingsAppearance, Word::SettingsAppearanceMeans),
        Section::Privacy => (Glyph::Shield, Word::SettingsPrivacy, Word::SettingsPrivacyMeans),
        Section::Keys => (Glyph::Keyboard, Word::SettingsKeys, Word::SettingsKeysMeans),
        Section::Sessions => (Glyph::Monitor, Word::SettingsSessions, Word::SettingsSessionsMeans),
    }
}

fn body(section: Section) -> AnyView {
    match section {
        Section::Profile => view! { <profile::Profile /> }.into_any(),
        Section::Devices => view! { <devices::Devices /> }.into_any(),
        Section::Ringing => view! { <ringing::Ringing /> }.into_any(),
        Section::Appearance => view! { <appearance::Appearance /> }.into_any(),
        Section::Privacy => view! { <privacy::Privacy /> }.into_any(),
        Section::Keys => view! { <keyboard::Keyboard /> }.into_any(),
        Section::Sessions => view! { <sessions::Sessions /> }.into_any(),
    }
}
