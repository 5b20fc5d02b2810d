//! A person's presence, as a mark on their avatar and in words.

use crate::components::kit::each::text;
use crate::{
    state::inbox::Inbox,
    words::{Word, say},
};
use leptos::prelude::*;
use parley_protocol::{UserId, ws::Presence};

#[component]
pub fn PresenceDot(of: UserId) -> impl IntoView {
    let people = expect_context::<Inbox>().people();
    let presence = Memo::new(move |_| people.presence(of));
    view! {
        <span class="presence" data-presence=text(move || presence.get().to_string())></span>
    }
}

/// Tells the presence to screen readers, behind the name.
#[component]
pub fn PresenceWords(of: UserId) -> impl IntoView {
    let people = expect_context::<Inbox>().people();
    view! {
        <span class="visually-hidden">{text(move || say(sentence(people.presence(of))).to_owned())}</span>
    }
}

pub fn sentence(presence: Presence) -> Word {
    match presence {
        Presence::Online => Word::PresenceOnline,
        Presence::InCall => Word::PresenceInCall,
        Presence::DoNotDisturb => Word::PresenceDoNotDisturb,
        Presence::Offline => Word::PresenceOffline,
    }
}
