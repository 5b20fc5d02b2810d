//! The offer of system notifications above a conversation. It is made once; the settings always have it.

use crate::components::kit::{
    each::press,
    icon::{Glyph, Icon},
};
use crate::{
    platform::{self, Permission},
    words::{Word, say},
};
use leptos::{prelude::*, task::spawn_local};

/// The storage key that records that the offer was made.
const OFFERED: &str = "notices-offered";

#[component]
pub fn NoticeOffer() -> impl IntoView {
    let open = RwSignal::new(platform::notices() == Permission::Prompt && platform::kept(OFFERED).is_none());
    let done = move || {
        platform::keep(OFFERED, Some("1"));
        open.try_set(false);
    };
    let ask = move || {
        spawn_local(async move {
            platform::ask_notices().await;
            done();
        });
    };
    view! {
        <Show when=move || open.get()>
            <section class="notice-offer" aria-label=say(Word::Notices)>
                <Icon of=Glyph::Bell />
                <p>{say(Word::NoticesMeans)}</p>
                <button type="button" class="text-button" on:click=press(ask)>
                    {say(Word::TurnOnNotices)}
                </button>
                <button type="button" class="text-button" data-tone="quiet" on:click=press(done)>
                    {say(Word::NotNow)}
                </button>
            </section>
        </Show>
    }
}
