//! The gallery of standalone components in every state, with links to all sample screens.

use super::{opened, samples};
use crate::{
    components::{
        call::{
            device_trouble::DeviceTrouble, shortcuts::KeyList, statistics::sentence as sentence_of_calls,
        },
        kit::{
            avatar::{Avatar, AvatarSize},
            choice::Choice,
            icon::{Glyph, Icon},
            name_field::{NameField, NameForm},
            switch::Switch,
            toasts::Toasts,
        },
        people::{field::PeopleField, presence::sentence},
    },
    platform::preview::Trouble,
    words::{Word, say},
};
use leptos::prelude::*;
use parley_core::phone::MediaKind;
use parley_protocol::{people::UserSummary, quality::CallStatistics, ws::Presence};

#[component]
pub fn Pieces(person: UserSummary) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    toasts.say("Saved");
    toasts.fail("Can’t reach the server.");
    view! {
        <main class="styleguide">
            <h1>"Components"</h1>
            <section>
                <h2>"Screens"</h2>
                <div class="styleguide-row">
                    {samples::ALL
                        .into_iter()
                        .chain(opened::ALL.iter().map(|opened| opened.name))
                        .map(|sample| {
                            view! {
                                <a class="text-button" href=format!("/styleguide/{sample}")>
                                    {sample}
                                </a>
                            }
                        })
                        .collect_view()}
                </div>
            </section>
            <Buttons />
            <Fields />
            <Choices />
            <Questions />
            <Signs person />
            <Troubles />
            <section>
                <h2>"Keys"</h2>
                <KeyList />
            </section>
        </main>
    }
}

#[component]
fn Buttons() -> impl IntoView {
    let tones = ["", "brand", "danger", "warning"];
    view! {
        <section>
            <h2>"Buttons"</h2>
            <div class="styleguide-row">
                {tones
                    .map(|tone| {
                        view! {
                            <button type="button" class="button" data-tone=tone>
                                <Icon of=Glyph::Phone />
                                "Call"
                            </button>
                            <button type="button" class="button" data-tone=tone aria-busy="true">
                                "Busy"
                            </button>
                        }
                    })}
                <button type="button" class="icon-button" aria-label="Settings">
                    <Icon of=Glyph::Settings />
                </button>
                <button type="button" class="icon-button" data-tone="brand" aria-label="Send">
                    <Icon of=Glyph::Send />
                </button>
                <button type="button" class="text-button">
                    "Call back"
                </button>
            </div>
        </section>
    }
}

#[component]
fn Fields() -> impl IntoView {
    view! {
        <section>
            <h2>"Fields"</h2>
            <div class="styleguide-row">
                <label class="field">"Empty" <input class="input" placeholder="Find people by name" /></label>
                <label class="field">"Filled" <input class="input" value="Ana" /></label>
                <label class="field">
                    "Wrong" <input class="input" aria-invalid="true" value="" />
                    <span class="field-trouble">"Enter a name."</span>
                </label>
                <label class="field">
                    "One of many" <select class="input">
                        <option>"Built-in microphone"</option>
                    </select>
                </label>
                <label class="field">"How loud" <input class="slider" type="range" value="60" /></label>
            </div>
        </section>
    }
}

#[component]
fn Choices() -> impl IntoView {
    let (on, off) = (RwSignal::new(true), RwSignal::new(false));
    view! {
        <section>
            <h2>"Choices"</h2>
            <Switch label="Do not disturb" means="Nothing rings." on=off set=move |wanted| off.set(wanted) />
            <Switch label="Always relay my calls" on set=move |wanted| on.set(wanted) />
            <Choice
                legend="Theme"
                name="styleguide-theme"
                of=vec!["System", "Light", "Dark"]
                chosen=RwSignal::new(1)
                take=|_| {}
            />
        </section>
    }
}

/// Shows a form that can fail, a search field, and a confirmation dialog outside the top layer.
#[component]
fn Questions() -> impl IntoView {
    let name = NameForm::new(Word::GroupNeedsName);
    let query = RwSignal::new(String::new());
    let numbers =
        CallStatistics { calls: 128, talk_seconds: 51_600, longest_seconds: 3_720, ..Default::default() };
    view! {
        <section>
            <h2>"Questions"</h2>
            <form class="settings-group" novalidate on:submit=move |event| drop(name.typed(&event))>
                <NameField of=name id="styleguide-name" label=Word::GroupName />
                <button type="submit" class="button" data-tone="brand">
                    "Send it empty"
                </button>
            </form>
            <PeopleField label=Word::FindPeople query />
            <dialog class="dialog" open style:position="static">
                <h2>{say(Word::SignOutForGoodAsk)}</h2>
                <p>{say(Word::GuestSignOutMeans)}</p>
                <div class="dialog-actions">
                    <button type="button" class="button">
                        {say(Word::Stay)}
                    </button>
                    <button type="button" class="button" data-tone="danger">
                        {say(Word::SignOutForGood)}
                    </button>
                </div>
            </dialog>
            <p class="call-statistics">{sentence_of_calls(&numbers)}</p>
        </section>
    }
}

#[component]
fn Signs(person: UserSummary) -> impl IntoView {
    let sizes = [AvatarSize::Small, AvatarSize::Medium, AvatarSize::Huge];
    let dots = Presence::ALL.iter().map(|presence| {
        view! {
            <span class="styleguide-sign">
                <span class="with-presence">
                    <Avatar of=person.clone() />
                    <span class="presence" data-presence=presence.to_string()></span>
                </span>
                {say(sentence(*presence))}
            </span>
        }
    });
    let glyphs = Glyph::ALL.iter().map(|glyph| view! { <Icon of=*glyph /> });
    view! {
        <section>
            <h2>"Signs"</h2>
            <div class="styleguide-row">
                {sizes.map(|size| view! { <Avatar of=person.clone() size /> })} {dots.collect_view()}
            </div>
            <div class="styleguide-row">{glyphs.collect_view()}</div>
            <div class="styleguide-row">
                <span class="badge">"3"</span>
                <span class="pill">"Owner"</span>
                <span class="pill" data-tone="good">
                    "This browser"
                </span>
                <span class="pill" data-tone="warning">
                    "Reconnecting…"
                </span>
            </div>
            <div class="skeleton"></div>
        </section>
    }
}

#[component]
fn Troubles() -> impl IntoView {
    let all = [
        Trouble::Denied,
        Trouble::Dismissed,
        Trouble::System,
        Trouble::InUse,
        Trouble::Absent,
        Trouble::Insecure,
        Trouble::Other,
    ];
    view! {
        <section>
            <h2>"What is in the way of devices"</h2>
            {all
                .map(|trouble| {
                    view! {
                        <DeviceTrouble kind=MediaKind::Mic trouble />
                        <DeviceTrouble kind=MediaKind::Camera trouble />
                    }
                })}
        </section>
    }
}
