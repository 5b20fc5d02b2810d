//! How it is with somebody, as a mark on their avatar that is also told in words.

use super::each::text;
use crate::{
    inbox::Inbox,
    words::{Word, say},
};
use leptos::prelude::*;
use parley_protocol::{UserId, ws::Presence};

#[component]
pub fn PresenceDot(of: UserId) -> impl IntoView {
    let people = expect_context::<Inbox>().people();
    let presence = Memo::new(move |_| people.presence(of));
    view! {
        <span class="presence" data-presence=text(move || presence.get().to_string())>
            <span class="visually-hidden">{text(move || say(sentence(presence.get())).to_owned())}</span>
        </span>
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
