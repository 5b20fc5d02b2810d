//! The ringing section: ringtone, volume, and system notifications.

use super::notices::Notices;
use crate::{
    components::kit::{
        choice::Choice,
        each::{press, text},
        icon::{Glyph, Icon},
    },
    platform::Sounds,
    state::settings::{self, VOLUME_MAX},
    words::{Word, say},
};
use leptos::prelude::*;
use parley_core::alert::Ringtone;

#[component]
pub fn Ringing() -> impl IntoView {
    let sounds = Sounds::new();
    let place = |ringtone| Ringtone::ALL.iter().position(|each| *each == ringtone).unwrap_or(0);
    let chosen = RwSignal::new(place(settings::ringtone()));
    let volume = RwSignal::new(settings::volume());
    let listen = move || sounds.play(settings::ringtone(), volume.get_untracked());
    let take = move |place: usize| {
        if let Some(ringtone) = Ringtone::ALL.get(place) {
            settings::choose_ringtone(*ringtone);
            listen();
        }
    };
    let turn = move |event| {
        if let Ok(wanted) = event_target_value(&event).parse() {
            settings::choose_volume(wanted);
            volume.set(wanted);
        }
    };
    view! {
        <div class="settings-group">
            <Choice
                legend=say(Word::RingtoneWord)
                name="ringtone"
                of=Ringtone::ALL.map(|ringtone| say(name(ringtone))).to_vec()
                chosen
                take
            />
            <label class="field">
                <span class="volume-name">
                    {say(Word::Volume)}
                    <span class="soft">{text(move || format!("{} %", volume.get()))}</span>
                </span>
                <input
                    class="slider"
                    type="range"
                    min="0"
                    max=VOLUME_MAX.to_string()
                    step="5"
                    prop:value=volume.get_untracked().to_string()
                    on:input=turn
                    on:change=move |_| listen()
                />
            </label>
            <button type="button" class="button" on:click=press(listen)>
                <Icon of=Glyph::Play />
                {say(Word::Listen)}
            </button>
        </div>
        <Notices />
    }
}

fn name(ringtone: Ringtone) -> Word {
    match ringtone {
        Ringtone::Rise => Word::RingtoneRise,
        Ringtone::Bell => Word::RingtoneBell,
        Ringtone::Drops => Word::RingtoneDrops,
        Ringtone::Low => Word::RingtoneLow,
    }
}
